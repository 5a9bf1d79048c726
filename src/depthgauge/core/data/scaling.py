"""Centre and scale of inputs and targets, from training rows alone."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.core.data.prepared import FloatArray, Scaling, Splits
from depthgauge.errors import InputError

Columns = Literal["all", "each"]

# The spread must be this many times the distance between neighbouring float32 numbers, or
# rounding would be part of what a network learns.
_STEPS_IN_SCALE = 100


def as_float32(values: npt.NDArray[np.float64]) -> FloatArray:
    """The same numbers as float32. Raises InputError where one does not fit or is not finite."""
    limit = float(np.finfo(np.float32).max)
    bad = ~(np.abs(values) <= limit)
    if bad.any():
        raise InputError(f"the value {values[bad][0]:g} does not fit; the greatest is {limit:.3g}")
    return values.astype(np.float32)


def fit_inputs(inputs: FloatArray, splits: Splits, columns: Columns) -> Scaling:
    """Scaling of inputs for each split, from its training rows; targets are not scaled (K = 0).

    inputs: (N, F). `all`: one centre (mean) and one scale (standard deviation, divisor n) over
    every training cell, as for pixels, which share a unit. `each`: every column by its own; a
    column that is constant in training gets scale 1. Sums are float64, results float32 (S, F).

    Raises InputError when all training cells are equal (`all`) or every column is constant
    (`each`), and when float32 cannot tell the values apart.
    """
    if columns not in ("all", "each"):
        raise InputError(f"scaling: {columns!r} is unknown; use 'all' or 'each'")
    pairs = [_centre_and_scale(inputs[rows], columns) for rows in splits.train]
    centre, scale = (np.stack(parts).astype(np.float32) for parts in zip(*pairs, strict=True))
    unscaled = np.zeros((len(pairs), 0), dtype=np.float32)
    return Scaling(centre, scale, unscaled, unscaled)


def fit_series(inputs: FloatArray, splits: Splits) -> Scaling:
    """One centre and scale for all days of the windows and for the day they predict (K = 1).

    inputs: (N, F), the values of the training windows, from which mean and standard deviation
    are taken: a day counts once for each window that holds it. Raises InputError as
    `fit_inputs` does.
    """
    fitted = fit_inputs(inputs, splits, "all")
    return Scaling(
        fitted.input_centre,
        fitted.input_scale,
        fitted.input_centre[:, :1].copy(),
        fitted.input_scale[:, :1].copy(),
    )


def _centre_and_scale(
    training: FloatArray, columns: Columns
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    cells = training.astype(np.float64)
    axis = 0 if columns == "each" else None
    # Compared, not computed: the deviation of equal numbers need not come out as zero.
    constant = np.asarray(cells.max(axis=axis) == cells.min(axis=axis))
    if constant.all():
        raise InputError("all training values are the same as float32: nothing to learn from")
    centre = np.asarray(cells.mean(axis=axis))
    scale = np.where(constant, 1.0, cells.std(axis=axis))

    largest = np.asarray(np.abs(cells).max(axis=axis)).astype(np.float32)
    too_fine = ~constant & (scale < _STEPS_IN_SCALE * np.spacing(largest).astype(np.float64))
    if too_fine.any():
        worst = np.flatnonzero(too_fine)[0]
        raise InputError(
            f"training values of size {np.ravel(largest)[worst]:g} spread by only "
            f"{np.ravel(scale)[worst]:g}, finer than float32 holds; subtract a constant or "
            "change the unit"
        )
    width = (training.shape[1],)
    return np.broadcast_to(centre, width), np.broadcast_to(scale, width)
