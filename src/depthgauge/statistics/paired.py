"""Paired t statistics over replicates.

Source: Student's t, as in scipy.stats.ttest_rel; scipy.special gives the distribution itself.
"""

import numpy as np
from scipy import special

from depthgauge.statistics.losses import FloatArray
from depthgauge.statistics.verdicts import Interval

INTERVAL_LEVEL = 0.95

# Below this spread relative to the losses, differences are rounding and not variance.
ROUNDING = 1e-12


def excess(worse: FloatArray, better: FloatArray, margin: float) -> FloatArray:
    """How far `worse` lies above `better` and its margin: worse - (1 + margin) * better.

    Any shape. The margin is of the *expected* loss: the hypothesis is
    E worse <= (1 + margin) E better. The mean of these differences estimates
    E worse - (1 + margin) E better without bias, and since each replicate brings its own `better`
    the spread of the differences holds the uncertainty of the better point's mean too. Taking
    margin times the observed mean as a known constant would leave that part out.
    """
    return worse - (1 + margin) * better


def number_of_pairs(points: int) -> int:
    """D(D-1)/2: the comparisons that the choice of b may turn out to have made; at least 1."""
    return max(1, points * (points - 1) // 2)


def standard_error(values: FloatArray, scale: float) -> float | None:
    """Standard error of the mean of n values; None when n < 2 or they do not vary.

    scale: size of the losses behind the values, which tells variance from rounding.
    """
    if values.size < 2:
        return None
    spread = float(values.std(ddof=1))
    return spread / float(np.sqrt(values.size)) if spread > ROUNDING * scale else None


def rise_p(worse: FloatArray, better: FloatArray, margin: float) -> float | None:
    """p of the one-sided paired t test of E worse > (1 + margin) E better.

    worse, better: (n,) losses of the same replicates. None when n < 2 or the differences do not
    vary.
    """
    difference = excess(worse, better, margin)
    error = standard_error(difference, largest(worse, better))
    if error is None:
        return None
    return float(special.stdtr(difference.size - 1, -difference.mean() / error))


def interval(values: FloatArray) -> Interval | None:
    """Two-sided 95 % t interval of the mean of n values; None when n < 2.

    Values that do not vary give an interval of no width.
    """
    if values.size < 2:
        return None
    mean = float(values.mean())
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    half = float(special.stdtrit(values.size - 1, (1 + INTERVAL_LEVEL) / 2)) * error
    return Interval(mean - half, mean + half)


def largest(*losses: FloatArray) -> float:
    """The largest absolute value: the size against which rounding is judged."""
    return max((float(np.abs(values).max()) for values in losses if values.size), default=0.0)


def means_and_intervals(losses: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(D,) mean of each column of (R, D) over its finite values, and its 95 % interval's ends.

    NaN where there is none.
    """
    found = np.full((3, losses.shape[1]), np.nan)
    for place, column in enumerate(losses.T):
        finite = column[np.isfinite(column)]
        if finite.size:
            found[0, place] = finite.mean()
            around = interval(finite)
            if around is not None:
                found[1:, place] = around.low, around.high
    return found[0], found[1], found[2]
