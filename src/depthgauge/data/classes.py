"""The classes of labels, their order and their numbers."""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from depthgauge.data.dataset import IntArray
from depthgauge.errors import InputError

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_DIGITS = re.compile(r"(\d+)", re.ASCII)


def order_classes(labels: Sequence[str]) -> tuple[str, ...]:
    """The different labels in the order a person expects: 2 before 10, "image2" before "image10".

    Raises InputError when there are fewer than two, or when two are one number written in two
    ways ("1" and "01").
    """
    names = sorted(set(labels))
    if len(names) < 2:
        only = f"only class {names[0][:40]!r}" if names else "no class"
        raise InputError(f"{only}: classification needs two classes or more")
    if not all(_NUMBER.fullmatch(name) for name in names):
        return tuple(sorted(names, key=natural_key))
    ordered = sorted(names, key=Decimal)
    for one, other in itertools.pairwise(ordered):
        if Decimal(one) == Decimal(other):
            raise InputError(
                f"classes {one[:40]!r} and {other[:40]!r} are the same number; "
                "write each class in one way"
            )
    return tuple(ordered)


def number_classes(labels: Sequence[str], classes: Sequence[str]) -> IntArray:
    """(N,) int64: the place of each label in `classes`."""
    number = {name: place for place, name in enumerate(classes)}
    return np.array([number[label] for label in labels], dtype=np.int64)


def natural_key(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """A key to sort names by, in which runs of digits compare by value.

    By length without leading zeros, then digit by digit.
    """
    parts = _DIGITS.split(name)
    values = [part.lstrip("0") for part in parts]
    return tuple(
        (len(values[i]), values[i]) if i % 2 else (0, part) for i, part in enumerate(parts)
    ), name
