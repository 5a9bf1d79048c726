"""A network of one's own for a first experiment: its files, and the arguments of its class."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from depthgauge.errors import InputError
from depthgauge.tables.table import quote
from depthgauge.training.networks.own import Own
from depthgauge.training.networks.own_file import find_class, locate, source_files, why_not_called


@dataclass(frozen=True)
class OwnNetwork:
    """settings: the section `recipe.network`. files: what goes beside params.yaml, by its names.

    left: the arguments that stay the class's own, whose defaults are no plain values.
    """

    settings: Mapping[str, Any]
    files: Mapping[str, bytes]
    left: Sequence[str]

    @property
    def message(self) -> str:
        """What was found, for a person."""
        name = self.settings["class_path"].partition(":")[2]
        file, *more = sorted(self.files, key=lambda n: f"{n}:{name}" != self.settings["class_path"])
        given = [f"{name}={value!r}" for name, value in self.settings["init_args"].items()]
        parts = [", ".join(given) or "no further arguments"]
        parts += [f"{', '.join(self.left)}: as the class has it"] if self.left else []
        parts += ["takes no width"] if self.settings["width"] is None else []
        parts += [f"with {', '.join(more)}"] if more else []
        return f"network {name} of {file}: {'; '.join(parts)}"


def infer_network(asked: str) -> OwnNetwork:
    """The network that FILE:CLASS names. Raises InputError where it cannot be one."""
    place, _, name = asked.rpartition(":")
    file = Path(place)
    if file.suffix != ".py" or not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise InputError(
            f"--network {quote(asked)}: must be a file and a class in it, as in my_networks.py:Net"
        )
    class_path = f"{file.name}:{name}"
    locate(class_path, file.parent)
    made = find_class(class_path)
    # Imported by its file anyway.
    from torch import nn

    if not issubclass(made, nn.Module):
        raise InputError(f"{file}: {name}: is no torch.nn.Module")
    settings: dict[str, Any] = {"family": "own", "class_path": class_path}
    defaults = dict(_defaults(made))
    depth: dict[str, Any] = {"depth": 1}
    without, with_width = (why_not_called(made, depth | more) for more in ({}, {"width": 64}))
    if without and with_width:
        why = without if "'width'" in with_width else with_width
        raise InputError(
            f"{file}: {name}: {why}; it is to be called as {name}(inputs, outputs, depth=..., "
            "width=..., **init_args), further arguments with defaults"
        )
    width = None if with_width else 64
    settings |= depth | {"width": width}
    for key, value in defaults.items():
        if key in ("depth", "width") and _fits(settings, **{key: value}):
            settings[key] = value
    further = {n: v for n, v in defaults.items() if n not in ("depth", "width")}
    given = {n: v for n, v in further.items() if _fits(settings, init_args={n: v})}
    settings["init_args"] = given
    files = source_files(class_path)
    return OwnNetwork(settings, files, [n for n in further if n not in given])


def _defaults(made: Any) -> Iterator[tuple[str, Any]]:
    """The arguments of a class behind inputs and outputs that have a default."""
    try:
        parameters = list(inspect.signature(made).parameters.values())
    except ValueError:
        return
    for parameter in parameters[2:]:
        if parameter.default is not inspect.Parameter.empty:
            yield parameter.name, parameter.default


def _fits(settings: Mapping[str, Any], **values: Any) -> bool:
    """Whether params.yaml can hold values, None excepted where a number is meant."""
    if any(value is None for value in values.values()):
        return False
    try:
        Own.model_validate({**settings, **values})
    except ValidationError:
        return False
    return True
