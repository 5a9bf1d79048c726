"""A network of one's own: an ordinary torch.nn.Module that knows nothing of replicates.

    network: {class_path: my_networks.py:Net, init_args: {heads: 4}}

is called as `Net(inputs, outputs, depth=..., width=..., **init_args)`, where `inputs` is the shape
of one example, and takes (batch, *inputs) to (batch, outputs). All replicates go through at once by
torch.func.vmap where it allows that and gives the bits of any smaller group (`training.own_check`
tries), else one after the other.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import AfterValidator, Field

from depthgauge.errors import InputError
from depthgauge.section import Count, refuse
from depthgauge.seeds import Purpose, generator
from depthgauge.training.networks.network import Layout, Network, Parameter, Program, constant
from depthgauge.training.networks.own_file import (
    find_class,
    folder_of,
    locate,
    said,
    source_files,
    why_not_called,
)

if TYPE_CHECKING:
    from torch import nn

Argument = int | float | str | bool | list[int] | list[float] | list[str] | None
_random = threading.RLock()


@contextmanager
def torch_random() -> Iterator[None]:
    """torch's own random numbers, one stream for all threads, are this thread's alone.

    What they were is put back.
    """
    import torch

    with _random, torch.random.fork_rng(devices=[]):
        yield


@dataclass(frozen=True)
class OwnLayout(Layout):
    """The tensors of a module, shaped as it has them; a replicate is built under its own seed."""

    network: "Own"
    shape: tuple[int, ...]
    outputs: int

    def initial_row(self, seed: int, replicate: int) -> np.ndarray:
        """One replicate's row (P,) before training, float64, padding zero."""
        drawn = int(generator(seed, Purpose.INITIALISATION, replicate).integers(2**63))
        module = self.network.build(self.shape, self.outputs, drawn)
        values = {**dict(module.named_parameters()), **dict(module.named_buffers())}
        row = np.zeros(self.row_length)
        parts = [values[p.name].detach().double().numpy().ravel() for p in self.parameters]
        row[: self.size] = np.concatenate(parts)
        return row

    def shape_seen(self, parameter: Parameter) -> tuple[int, ...]:
        """As the module has it."""
        return parameter.shape


def _end_laziness(module: "nn.Module", shape: tuple[int, ...]) -> None:
    """Give lazy layers their sizes, and their initial values from torch's random numbers."""
    import torch
    from torch.nn.parameter import is_lazy

    if any(map(is_lazy, (*module.parameters(), *module.buffers()))):
        with torch.no_grad():
            module.eval()(torch.zeros(2, *shape))
        module.train()


def _file_and_class(class_path: str) -> str:
    if not re.fullmatch(r"[^:\0]{1,150}\.py:[A-Za-z_]\w{0,50}", class_path):
        raise refuse(
            f"must be a file and a class in it, as in my_networks.py:Net, not {class_path[:80]!r}"
        )
    file = PurePosixPath(class_path.partition(":")[0])
    if file.is_absolute() or ".." in file.parts:
        raise refuse(
            "must be a file in the folder of params.yaml or below it, which holds all that decides "
            f"an experiment, not {class_path[:80]!r}"
        )
    return class_path


class Own(Network):
    """A class in a file of the experiment's folder."""

    family: str = "own"
    class_path: Annotated[str, AfterValidator(_file_and_class)]
    """the file, from the folder of params.yaml, and the class in it"""
    depth: Annotated[int, Field(ge=0)] = 1
    """what the class is given as depth; not used where the axis is depth"""
    width: Count | None = 64
    """what the class is given as width, null: nothing; not used where the axis is width"""
    init_args: dict[str, Argument] = Field(default_factory=dict)
    """further arguments of the class"""

    def locate(self, folder: Path) -> None:
        """Say where the file lies."""
        locate(self.class_path, folder)

    def sources(self) -> dict[str, bytes]:
        """The file and what it imports from its folder."""
        return source_files(self.class_path)

    def build(self, input_shape: tuple[int, ...], outputs: int, seed: int = 0) -> "nn.Module":
        """The module, built under a seed, its lazy layers too. Raises InputError where it fails."""
        import torch

        made = find_class(self.class_path)
        given = {"depth": self.depth} | ({} if self.width is None else {"width": self.width})
        if why := why_not_called(made, given | self.init_args):
            hint = "; width: null gives it none" if "argument 'width'" in why else ""
            raise InputError(f"{self.class_path}: {why}{hint}")
        with torch_random(), torch.enable_grad():
            torch.manual_seed(seed)
            try:
                module = made(input_shape, outputs, **given, **self.init_args)
                if isinstance(module, torch.nn.Module):
                    _end_laziness(module, input_shape)
            except (Exception, SystemExit) as error:
                sizes = " and ".join(f"{name} {value}" for name, value in given.items())
                raise InputError(
                    f"{self.class_path}: cannot be built with {sizes}: {said(error)}"
                ) from error
        if not isinstance(module, torch.nn.Module):
            raise InputError(f"{self.class_path}: is no torch.nn.Module")
        return module

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """The module itself."""
        return self.build(input_shape, outputs)

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """All parameters, frozen ones too, then all buffers, by their names in the module."""
        module = self.build(input_shape, outputs)
        nothing = constant(0.0)
        trained = [
            Parameter(n, tuple(t.shape), nothing, trained=t.requires_grad)
            for n, t in module.named_parameters()
        ]
        kept = [
            Parameter(n, tuple(t.shape), nothing, trained=False) for n, t in module.named_buffers()
        ]
        return (*trained, *kept)

    def layout(self, input_shape: tuple[int, ...], outputs: int) -> Layout:
        """Where the tensors lie."""
        found = self.parameters(input_shape, outputs)
        return OwnLayout(found, self, tuple(input_shape), outputs)

    def program(self, input_shape: tuple[int, ...], outputs: int) -> Program:
        """What runs the replicates: at once where that is possible, else one after the other."""
        from depthgauge.training.own_check import program_of

        return program_of(self, tuple(input_shape), outputs)

    def one_by_one(self, input_shape: tuple[int, ...], outputs: int) -> bool:
        """Where a step of all at once is not possible."""
        from depthgauge.training.own_check import program_of

        return program_of(self, tuple(input_shape), outputs).refused is not None

    def __getstate__(self) -> dict[Any, Any]:
        """With the folder of its file, for another process."""
        return {**super().__getstate__(), "folder": folder_of(self.class_path)}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        content = dict(state)
        folder = content.pop("folder")
        super().__setstate__(content)
        self.locate(folder)

    def key(self) -> str:
        """All that decides the module, as text."""
        return repr((self.model_dump(), sorted(self.sources().items())))


ENTRY = Own
