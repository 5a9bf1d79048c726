"""Means over replicates, their intervals, and paired t statistics.

Source: Student's t, as in scipy.stats.ttest_rel; scipy.special gives the distribution itself. What
a test would resolve is from the noncentral t distribution.
"""

from functools import cache

import numpy as np
from scipy import special
from scipy.optimize import brentq

from depthgauge.statistics.estimates import Estimate, Interval
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray

INTERVAL_LEVEL = 0.95

# The chance with which a rise as large as `smallest_resolved` is resolved.
POWER = 0.8
# Over which the chances of `noncentrality` are summed.
SLICES = 500
# Below this spread relative to the losses, differences are rounding and not variance.
ROUNDING = 1e-12


def mean_and_interval(values: FloatArray) -> Estimate:
    """Mean of the finite ones among (R,) values with its two-sided 95 % t interval.

    The mean is None where none is finite, the interval where fewer than two are. Values that do not
    vary give an interval of no width.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Estimate(None, None)
    mean = float(finite.mean())
    if finite.size < 2:
        return Estimate(mean, None)
    error = float(finite.std(ddof=1) / np.sqrt(finite.size))
    half = float(special.stdtrit(finite.size - 1, (1 + INTERVAL_LEVEL) / 2)) * error
    return Estimate(mean, Interval(mean - half, mean + half))


def means_and_intervals(values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(n,) means, and ends of their intervals, of the columns of (R, n); NaN where there is none.

    What `mean_and_interval` says of each column, as a figure draws it.
    """
    estimates = [mean_and_interval(column) for column in values.T]
    intervals = [estimate.interval for estimate in estimates]
    # NumPy reads None as NaN.
    means = np.array([estimate.mean for estimate in estimates], np.float64)
    lows = np.array([None if i is None else i.low for i in intervals], np.float64)
    highs = np.array([None if i is None else i.high for i in intervals], np.float64)
    return means, lows, highs


def cluster_means(values: FloatArray, clusters: IntArray) -> FloatArray:
    """(U,) means of the (n,) values of each cluster, in the order of the clusters' numbers.

    What is said of a mean over clusters rests on these: within a cluster luck is shared, and only
    the clusters are independent (Cameron and Miller 2015, "A practitioner's guide to cluster-robust
    inference").
    """
    place = np.unique(clusters, return_inverse=True)[1]
    return np.bincount(place, values) / np.bincount(place)


def unit_columns(values: FloatArray, clusters: IntArray) -> FloatArray:
    """(U, n) means of the finite ones among (R, n) values of each cluster; NaN where none is."""
    counts = [np.isfinite(values[clusters == number]) for number in np.unique(clusters)]
    sums = [
        np.where(finite, values[clusters == number], 0).sum(axis=0)
        for number, finite in zip(np.unique(clusters), counts, strict=True)
    ]
    found = np.stack([finite.sum(axis=0) for finite in counts]).astype(np.float64)
    return np.stack(sums) / np.where(found > 0, found, np.nan)


def finite_means(losses: FloatArray, finite: BoolArray, clusters: IntArray) -> FloatArray:
    """(D,) means over clusters of (R, D) losses of finite replicates; NaN where there is none."""
    kept = zip(losses.T, finite.T, strict=True)
    means = (cluster_means(column[rows], clusters[rows]) for column, rows in kept)
    return np.array([found.mean() if found.size else np.nan for found in means])


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


def share_and_interval(part: FloatArray, whole: FloatArray) -> tuple[float | None, Interval | None]:
    """Mean part / mean whole of (n,) values of the same replicates, with its 95 % interval.

    The interval is Fieller's (1954): the shares s for which a paired t test does not tell the mean
    of part - s whole from 0. It has ends where the whole itself is told apart from 0. None where a
    share or an end is undefined.
    """
    mean = float(whole.mean()) if whole.size else 0.0
    if mean == 0:
        return None, None
    share = float(part.mean()) / mean
    if whole.size < 2:
        return share, None
    t = float(special.stdtrit(whole.size - 1, (1 + INTERVAL_LEVEL) / 2))
    (v_part, v_both), (_, v_whole) = np.cov(part, whole) * t**2 / whole.size
    a, b = mean**2 - v_whole, mean * float(part.mean()) - v_both
    root = b**2 - a * (float(part.mean()) ** 2 - v_part)
    if a <= ROUNDING * mean**2 or root < 0:
        return share, None
    half = float(np.sqrt(root))
    return share, Interval((b - half) / a, (b + half) / a)


def smallest_resolved(
    worse: FloatArray, better: FloatArray, margin: float, alpha: float
) -> float | None:
    """By how much E worse must exceed (1 + margin) E better to be resolved with a chance of 80 %.

    At alpha, with as many replicates and as much luck as these (n,) losses have. None as `rise_p`.
    """
    error = standard_error(excess(worse, better, margin), largest(worse, better))
    if error is None:
        return None
    return noncentrality(worse.size - 1, alpha) * error


@cache
def noncentrality(freedom: float, level: float) -> float:
    """How many standard errors a difference has that is told apart with a chance of 80 %.

    level: the chance of a false alarm that the side of the difference is left with. That it is told
    apart the wrong way round, which hardly happens, is left out. scipy.special.nctdtrinc is the
    same, and does not end far out in the tail.
    """
    critical = float(special.stdtrit(freedom, 1 - level))
    # The estimated standard error beside the true one, at equally likely places.
    chances = (np.arange(SLICES) + 0.5) / SLICES
    errors = np.sqrt(special.chdtri(freedom, 1 - chances) / freedom)

    def missing(size: float) -> float:
        return float(special.ndtr(size - critical * errors).mean()) - POWER

    return float(brentq(missing, 0.0, critical * errors.max() + 10))


def largest(*losses: FloatArray) -> float:
    """The largest absolute value: the size against which rounding is judged."""
    return max((float(np.abs(values).max()) for values in losses if values.size), default=0.0)
