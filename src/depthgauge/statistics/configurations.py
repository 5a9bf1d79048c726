"""Any number of configurations, trained with several seeds each: which are told apart, by how much.

Every pair is compared, since the best is chosen from the same runs: intervals are simultaneous over
all K(K-1)/2 pairs (Bonferroni), and two configurations are told apart where theirs leaves out 0, so
that what is decided and what is drawn agree. Where the seeds are the same the difference is taken
seed by seed.

Source: Student's t as in scipy.stats.ttest_rel, and Welch's (1947) as in scipy.stats.ttest_ind with
equal_var=False; the degrees of freedom are Satterthwaite's. Where the numbers of runs differ and
the smaller is at most 5 they are its own, n - 1 (Hsu 1938; that this keeps alpha: Mickey and Brown
1966, "Bounds on the distribution functions of the Behrens-Fisher statistic"): a few runs that lie
close together by luck look exact, and Satterthwaite then counts the many of the other. What a test
would resolve is from the noncentral t distribution.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from depthgauge.statistics.paired import ROUNDING, noncentrality, number_of_pairs
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray

# So many seeds more are no advice to anybody.
MOST_RUNS = 1_000_000
# Up to so many runs Satterthwaite's degrees of freedom are too many where the other has more runs.
FEW_RUNS = 5


@dataclass(frozen=True)
class Differences:
    """Of each configuration (column) less each other (row): (K, K) arrays, NaN where not told.

    paired: whether seed by seed. runs: pairs of runs or, where not paired, the smaller number of
    runs of the two. error: of the difference, with `freedom` degrees. p: two-sided, of this pair
    by itself.
    spread, each: of n runs of either, the error would be spread / sqrt(n), with each * (n - 1)
    degrees of freedom.
    """

    alpha: float
    difference: FloatArray
    paired: BoolArray
    runs: IntArray
    error: FloatArray
    freedom: FloatArray
    spread: FloatArray
    each: FloatArray

    @property
    def pairs(self) -> int:
        """How many comparisons the intervals hold for together."""
        return number_of_pairs(len(self.difference))

    @property
    def level(self) -> float:
        """The chance of a false alarm that each side of each comparison is left with."""
        return self.alpha / (2 * self.pairs)

    @property
    def p(self) -> FloatArray:
        """Two-sided p of each pair by itself."""
        return np.asarray(2 * special.stdtr(self.freedom, -np.abs(self.difference / self.error)))

    @property
    def adjusted_p(self) -> FloatArray:
        """The same, times the number of pairs, at most 1."""
        return np.minimum(1.0, self.p * self.pairs)

    @property
    def half(self) -> FloatArray:
        """Half the width of each simultaneous interval."""
        return np.asarray(special.stdtrit(self.freedom, 1 - self.level) * self.error)

    @property
    def apart(self) -> BoolArray:
        """Whether the interval leaves out 0; False where there is none."""
        return np.asarray(np.abs(self.difference) > self.half)

    def smallest(self, place: int, other: int) -> float | None:
        """The smallest difference that would be told apart with a chance of 80 %; None: unknown."""
        error = float(self.error[place, other])
        if not np.isfinite(error):
            return None
        return noncentrality(float(self.freedom[place, other]), self.level) * error


def compare_configurations(values: FloatArray, seeded: bool, alpha: float) -> Differences:
    """Every pair of the K columns of (S, K) values.

    values: what the run of a configuration with a seed has come to; NaN where it diverged or there
    is none. seeded: whether a row is a seed; else rows mean nothing. Pairs of configurations are
    compared seed by seed where at least half of the runs of each have a partner; the others' means,
    by Welch's test. alpha: the chance of any false alarm.
    """
    count = values.shape[1]
    there = np.isfinite(values)
    count_of = there.sum(axis=0)
    means, variances = _moments(values, there)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = variances / count_of
        difference = means - means[:, None]
        squared = parts + parts[:, None]
        spent = parts**2 / (count_of - 1)
        freedom = squared**2 / (spent + spent[:, None])
        both_vary = variances + variances[:, None]
        each = both_vary**2 / (variances**2 + variances[:, None] ** 2)
    error, spread = np.sqrt(squared), np.sqrt(both_vary)
    runs = np.minimum(count_of, count_of[:, None])
    unequal = (count_of != count_of[:, None]) & (runs <= FEW_RUNS)
    freedom = np.where(unequal & np.isfinite(freedom), runs - 1, freedom)
    paired = np.zeros((count, count), dtype=bool)
    for place in range(count) if seeded else ():
        both = there & there[:, [place]]
        shared = both.sum(axis=0)
        use = (shared >= 2) & (2 * shared >= np.maximum(count_of, count_of[place]))
        use[place] = False
        gains = values[:, use] - values[:, [place]]
        mean, variance = _moments(gains, both[:, use])
        paired[place] = use
        difference[place, use] = mean
        error[place, use] = np.sqrt(variance / shared[use])
        freedom[place, use] = shared[use] - 1
        spread[place, use] = np.sqrt(variance)
        each[place, use] = 1
        runs[place, use] = shared[use]
    # Below it, differences are rounding and not variance.
    scale = np.abs(np.where(there, values, 0.0)).max(initial=0.0)
    told = (error > ROUNDING * scale) & (freedom > 0) & ~np.eye(count, dtype=bool)
    return Differences(
        alpha,
        difference,
        paired,
        runs,
        np.where(told, error, np.nan),
        np.where(told, freedom, np.nan),
        spread,
        each,
    )


def _moments(values: FloatArray, there: BoolArray) -> tuple[FloatArray, FloatArray]:
    """(K,) means and variances of the values of each column that are there; NaN of too few."""
    count = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(there, values, 0.0).sum(axis=0) / count
        spread = np.where(there, values - means, 0.0)
        variances = np.where(count > 1, (spread**2).sum(axis=0) / (count - 1), np.nan)
    return means, variances


def runs_to_resolve(differences: Differences, place: int, other: int) -> int | None:
    """How many runs of each would tell two apart with a chance of 80 %, if all stays as seen.

    None where nothing is known, nothing differs, or more than `MOST_RUNS` would be needed. Where
    they are told apart by fewer runs already, so many.
    """
    size = abs(float(differences.difference[place, other]))
    if not (np.isfinite(differences.error[place, other]) and size > 0):
        return None
    spread, each = float(differences.spread[place, other]), float(differences.each[place, other])

    def enough(count: int) -> bool:
        standard = spread / count**0.5
        wanted = noncentrality(each * (count - 1), differences.level) * standard
        return bool(wanted <= size)

    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
        if high > 2 * MOST_RUNS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high if high <= MOST_RUNS else None


def simplest_not_told_apart(
    differences: Differences, best: int, order: FloatArray, higher: bool
) -> int:
    """The first by `order` of the configurations that are not told apart from the best.

    One whose difference does not vary with the luck counts only where it is none at all.
    order: (K,), what makes one simpler than another; of equals the better mean.
    """
    gains = differences.difference[best]
    known = np.isfinite(differences.error[best])
    open_yet = np.where(known, ~differences.apart[best], gains == 0)
    open_yet[best] = True
    worse = -gains if higher else gains
    return min(np.flatnonzero(open_yet).tolist(), key=lambda k: (order[k], worse[k]))
