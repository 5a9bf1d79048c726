"""Means over finite replicates, and the points they single out."""

import numpy as np

from depthgauge.statistics.losses import BoolArray, FloatArray


def diverged_points(finite: BoolArray, diverged_share: float) -> BoolArray:
    """(D,): points with a larger share of diverged replicates, or with no finite one at all.

    finite: (R, D).
    """
    diverged: BoolArray = (np.mean(~finite, axis=0) > diverged_share) | ~finite.any(axis=0)
    return diverged


def finite_means(losses: FloatArray, finite: BoolArray) -> FloatArray:
    """(D,) mean of (R, D) losses over each point's finite replicates; NaN where there is none."""
    counts = finite.sum(axis=0)
    sums = np.where(finite, losses, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def least(means: FloatArray, usable: BoolArray) -> int | None:
    """Index of the least mean among the usable points; of equals the first. None if none is."""
    if not usable.any():
        return None
    return int(np.argmin(np.where(usable, means, np.inf)))


def first_memorised(quantity: FloatArray, level: float) -> int | None:
    """Index of the first point whose (D,) memorised quantity is at or below the level, or None.

    NaN (a point where every replicate diverged) is never at the level.
    """
    reached = np.flatnonzero(quantity <= level)
    return int(reached[0]) if reached.size else None
