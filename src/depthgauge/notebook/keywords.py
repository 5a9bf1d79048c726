"""Keywords that have the names of params.yaml, put in their place among all settings."""

import copy
import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any, TypeGuard

import numpy as np

from depthgauge.axes.axis import axis_names
from depthgauge.data.kinds.kind import KINDS
from depthgauge.entries import entry_names, find_entry
from depthgauge.settings.schema import Settings
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.networks.network import NETWORKS
from depthgauge.training.optimizers.optimizer import OPTIMIZERS

Content = dict[str, Any]
# Sections that name an entry, by the package it is found in and the key of its name: what another
# entry does not have is left out of what was there.
_ENTRIES = {
    "data": (KINDS, "kind"),
    "recipe.loss": (LOSSES, "name"),
    "recipe.network": (NETWORKS, "family"),
    "recipe.optimizer": (OPTIMIZERS, "name"),
}
# What a network has that the usual one does not, as in the bundled experiments.
_USUAL = {
    "dropout": 0.0,
    "heads": 4,
    "kernel": 3,
    "normalisation": "layer",
    "residual_dropout": 0.0,
}
# What is given is all of these.
_REPLACED = ("search.space", "search.regularisers")
# Where a name is in several sections, the first of these is meant.
_SECTIONS = ("recipe.", "data.", "threshold.", "training.")


def with_keywords(content: Mapping[str, Any], given: Mapping[str, Any]) -> Content:
    """The content of a params.yaml with other values.

    given: by the keys of params.yaml: top-level ones, dotted ones, and the last part of a dotted
    one where that means one setting; a mapping is merged into a section. An axis with a range, as
    `depth=range(7)`, is what is swept. Raises TypeError for a keyword that is none, with the
    nearest, and for two ranges; ValueError for an axis that is swept and no range, or an empty one.
    """
    found = copy.deepcopy(dict(content))
    for name, value in _in_order(given):
        if name in axis_names() and _is_range(value):
            points = as_plain(value)
            if not points:
                raise ValueError(f"{name}: is what is swept, and has no value: {value!r}")
            found |= {"axis": name, "points": points}
        else:
            key = _find_key(found, name)
            *sections, last = key.split(".")
            place = reduce(dict.__getitem__, sections, found)
            value = as_plain(value)
            is_one = isinstance(value, str) and isinstance(place.get(last), list)
            _put(place, last, [value] if is_one else value, key)
    if (axis := found["axis"]) in given and not _is_range(given[axis]):
        raise ValueError(f"{axis}: is what is swept: give a range, as {axis}=[1, 2, 4]")
    return found


def _in_order(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The keywords, sections before what lies within them. Raises TypeError for two ranges."""
    ranges = [name for name, value in given.items() if name in axis_names() and _is_range(value)]
    if len(ranges) > 1:
        raise TypeError(f"sweep() sweeps one range; {' and '.join(ranges)} are given")
    yield from sorted(given.items(), key=lambda item: not isinstance(item[1], Mapping))


def is_swept(given: Mapping[str, Any]) -> bool:
    """Whether the keywords say what is swept."""
    named = {"axis", "points"} & given.keys()
    return bool(named) or any(n in axis_names() and _is_range(v) for n, v in given.items())


def as_plain(value: Any) -> Any:
    """Numbers and lists of NumPy, ranges and tuples as params.yaml has them."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): as_plain(inner) for key, inner in value.items()}
    if isinstance(value, range | list | tuple):
        return [as_plain(inner) for inner in value]
    return value


def _is_range(value: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(value, range | list | tuple | np.ndarray)


def _find_key(content: Content, name: str) -> str:
    """The dotted key that a keyword means."""
    keys = [*_keys(content)]
    if name in keys or name in Settings.model_fields:
        return name
    ending = [key for key in keys if key.endswith(f".{name}")]
    for section in _SECTIONS:
        own = [key for key in ending if key.startswith(section)]
        if len(own) == 1:
            return own[0]
        if own:
            raise TypeError(f"sweep() keyword {name!r} may be {' or '.join(own)}; name the section")
    if len(ending) == 1:
        return ending[0]
    known = dict.fromkeys([*axis_names(), *(key.rpartition(".")[2] for key in keys)])
    near = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise TypeError(f"sweep() got an unexpected keyword argument {name!r}{hint}")


def _keys(content: Content, before: str = "") -> Iterator[str]:
    """Every dotted key, of sections too."""
    for name, value in content.items():
        yield f"{before}{name}"
        if isinstance(value, dict):
            yield from _keys(value, f"{before}{name}.")


def _put(place: Content, name: str, value: Any, key: str) -> None:
    """Put a value, or merge a section, under its name; key: the dotted one of that place."""
    there = place.get(name)
    if isinstance(there, dict) and key in _ENTRIES:
        place[name] = _entry(there, value, key)
    elif isinstance(there, dict) and isinstance(value, dict) and key not in _REPLACED:
        for inner, own in value.items():
            _put(there, inner, own, f"{key}.{inner}")
    else:
        place[name] = value


def _entry(there: Content, value: Any, key: str) -> Any:
    """Another entry, by its name or its settings: what it shares with the present one is kept."""
    package, tag = _ENTRIES[key]
    given = {tag: value} if isinstance(value, str) else value
    if not isinstance(given, dict):
        return value
    name = given.get(tag, there.get(tag))
    if name not in entry_names(package):
        return given
    fields = find_entry(package, name).model_fields
    found = {own: kept for own, kept in there.items() if own in fields}
    if name != there.get(tag):
        lacking = {own for own, field in fields.items() if field.is_required()}
        found |= {own: usual for own, usual in _USUAL.items() if own in lacking}
    for own, inner in given.items():
        _put(found, own, inner, f"{key}.{own}")
    return found
