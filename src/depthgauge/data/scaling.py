"""Centre and scale of inputs and targets, from training rows alone."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import Float32Array, Float64Array, IntArray, Scaling, Splits
from depthgauge.errors import InputError

# The spread must be this many times the distance between neighbouring float32 numbers, or
# rounding would be part of what a network learns.
_STEPS_IN_SCALE = 100


def as_float32(values: npt.NDArray[np.float64]) -> Float32Array:
    """The same numbers as float32. Raises InputError where one does not fit or is not finite."""
    limit = float(np.finfo(np.float32).max)
    bad = ~(np.abs(values) <= limit)
    if bad.any():
        raise InputError(f"the value {values[bad][0]:g} does not fit; the greatest is {limit:.3g}")
    return values.astype(np.float32)


def fit(
    inputs: Float32Array,
    targets: Float32Array | None,
    scaling_groups: IntArray,
    splits: Splits,
    names: Sequence[str] = (),
    target_groups: IntArray | None = None,
) -> Scaling:
    """Scaling for each split, from its training rows alone.

    inputs: (N, F); NaN is missing and counts nowhere. targets: (N, K) numbers, or None with
    classes, which are not scaled (K = 0). scaling_groups: (F,) numbers from 0; the columns of a
    group share one centre (mean) and one scale (standard deviation, divisor n) over all their
    training cells. A group that is constant in training, or has no training value at all, gets
    scale 1. The targets share one centre and one scale over all K, or over each of their groups,
    target_groups (K,). Sums are float64, results
    float32: (S, F) and (S, K). names: of the groups, for an error.

    Raises InputError when all input groups or all targets are constant in training, and when
    float32 cannot tell the values apart.
    """

    def fit_splits(values: Float32Array, groups: IntArray, *said: Any) -> Iterator[Float32Array]:
        pairs = [_fit_groups(values[rows], groups, *said) for rows in splits.train]
        return (np.stack(parts).astype(np.float32) for parts in zip(*pairs, strict=True))

    centre, scale = fit_splits(inputs, scaling_groups, "training", names)
    if targets is None:
        unscaled = np.zeros((len(splits.train), 0), dtype=np.float32)
        return Scaling(centre, scale, unscaled, unscaled)
    if target_groups is None:
        target_groups = np.zeros(targets.shape[1], dtype=np.int64)
    return Scaling(centre, scale, *fit_splits(targets, target_groups, "target"))


def is_too_fine(largest: Float64Array, deviation: Float64Array) -> npt.NDArray[np.bool_]:
    """Whether float32 is too coarse for numbers of such a size with such a standard deviation."""
    steps = np.spacing(np.asarray(largest, dtype=np.float32)).astype(np.float64)
    fine: npt.NDArray[np.bool_] = deviation < _STEPS_IN_SCALE * steps
    return fine


def _fit_groups(
    training: Float32Array, groups: IntArray, words: str, names: Sequence[str] = ()
) -> tuple[Float64Array, Float64Array]:
    """Centre and scale (F,) of rows (n, F); words: what an error calls the values."""
    cells = training.astype(np.float64)
    present = ~np.isnan(cells)
    width = int(groups.max()) + 1

    def total(columns: npt.NDArray[np.generic]) -> Float64Array:
        return np.bincount(groups, weights=columns, minlength=width).astype(np.float64)

    count = np.maximum(total(present.sum(axis=0)), 1)
    centre = (total(np.where(present, cells, 0).sum(axis=0)) / count)[groups]
    squares = np.where(present, cells - centre, 0) ** 2
    deviation = np.sqrt(total(squares.sum(axis=0)) / count)[groups]

    # Compared, not computed: the deviation of equal numbers need not come out as zero.
    least, greatest = np.full(width, np.inf), np.full(width, -np.inf)
    np.minimum.at(least, groups, np.where(present, cells, np.inf).min(axis=0))
    np.maximum.at(greatest, groups, np.where(present, cells, -np.inf).max(axis=0))
    constant = (least >= greatest)[groups]
    if constant.all():
        raise InputError(f"all {words} values are the same as float32: nothing to learn from")

    largest = np.where(constant, 0, np.maximum(np.abs(least), np.abs(greatest))[groups])
    too_fine = ~constant & is_too_fine(largest, deviation)
    if too_fine.any():
        worst = np.flatnonzero(too_fine)[0]
        where = f"input {names[groups[worst]][:60]!r}: " if names else ""
        raise InputError(
            f"{where}{words} values of size {largest[worst]:g} spread by only "
            f"{deviation[worst]:g}, finer than float32 holds; subtract a constant or change the "
            "unit"
        )
    return centre, np.where(constant, 1.0, deviation)
