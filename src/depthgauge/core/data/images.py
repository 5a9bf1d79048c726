"""Images with a class each, one row of pixels per image."""

import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from depthgauge.core.data.prepared import IntArray, Prepared
from depthgauge.core.data.scaling import Columns, as_float32, fit_inputs
from depthgauge.core.data.splits import check_classes, random_splits
from depthgauge.errors import InputError

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_DIGITS = re.compile(r"(\d+)", re.ASCII)


def class_names(labels: Sequence[str]) -> tuple[str, ...]:
    """The different labels in the order a person expects: 2 before 10, "image2" before "image10".

    Raises InputError when there are fewer than two, or when two are one number written in two
    ways ("1" and "01").
    """
    names = sorted(set(labels))
    if len(names) < 2:
        only = f"only class {names[0][:40]!r}" if names else "no class"
        raise InputError(f"{only}: classification needs two classes or more")
    if not all(_NUMBER.fullmatch(name) for name in names):
        return tuple(sorted(names, key=_natural))
    ordered = sorted(names, key=Decimal)
    for one, other in itertools.pairwise(ordered):
        if Decimal(one) == Decimal(other):
            raise InputError(
                f"classes {one[:40]!r} and {other[:40]!r} are the same number; "
                "write each class in one way"
            )
    return tuple(ordered)


def class_numbers(labels: Sequence[str], classes: Sequence[str]) -> IntArray:
    """(N,) int64: the place of each label in `classes`."""
    number = {name: place for place, name in enumerate(classes)}
    return np.array([number[label] for label in labels], dtype=np.int64)


def prepare_images(
    pixels: npt.NDArray[np.float64],
    input_names: Sequence[str],
    labels: Sequence[str],
    row_names: Sequence[str],
    counts: Mapping[str, int],
    seed: int,
    replicates: int,
    scaling: Columns,
) -> Prepared:
    """Images as a pool with a random split and scaling for each replicate.

    pixels: (N, F). labels: N class names. Raises InputError as `class_names`,
    `splits.random_splits`, `splits.check_classes` and `scaling.fit_inputs` do, and for F = 0.
    """
    if pixels.shape[1] == 0:
        raise InputError("no input columns: an image needs one pixel or more")
    classes = class_names(labels)
    targets = class_numbers(labels, classes)
    splits = random_splits(len(targets), counts, seed, replicates)
    check_classes(splits, targets, classes)
    inputs = as_float32(pixels)
    return Prepared(
        task="classification",
        inputs=inputs,
        targets=targets,
        input_names=tuple(input_names),
        row_names=tuple(row_names),
        classes=classes,
        splits=splits,
        scaling=fit_inputs(inputs, splits, scaling),
    )


def _natural(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Runs of digits compare by value: by length without leading zeros, then digit by digit."""
    parts = _DIGITS.split(name)
    values = [part.lstrip("0") for part in parts]
    return tuple(
        (len(values[i]), values[i]) if i % 2 else (0, part) for i, part in enumerate(parts)
    ), name
