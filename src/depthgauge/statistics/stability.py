"""How often resampled replicates give the same answer: a measure of power, not of truth."""

import numpy as np
from scipy import special

from depthgauge.statistics.bootstrap import multinomial_weights
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import INTERVAL_LEVEL, ROUNDING, excess, largest, number_of_pairs
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray

NONE = -1


def answers(view: ViewLosses, rules: Rules, weights: FloatArray) -> tuple[IntArray, IntArray]:
    """Indices of b and of the threshold on this data for each weighting of the clusters.

    weights: (B, U), how often each cluster of replicates counts. Returns two (B,) arrays, -1 for
    none. The rule is that of `judge`, written for all weightings at once.
    """
    place = np.unique(view.clusters, return_inverse=True)[1]
    each = weights[:, place]
    share = 1 - each @ view.finite.astype(np.float64) / each.sum(axis=1, keepdims=True)
    means = np.stack([_mean_of(view, d, weights) for d in range(len(view.points))], 1)
    # The tolerance keeps a share that equals the limit from passing it by rounding.
    usable = (share <= rules.diverged_share + ROUNDING) & np.isfinite(means)
    means = np.where(usable, means, np.inf)
    best = np.where(usable.any(axis=1), means.argmin(axis=1), NONE)

    threshold = np.full(len(weights), NONE)
    points = len(view.points)
    for b in range(points):
        chosen = np.flatnonzero(best == b)
        # From the last point down, so that the least d is the one that stays.
        for d in range(points - 1, b, -1):
            overfits = usable[chosen, d] & _overfits(view, rules, weights[chosen], b, d)
            threshold[chosen[overfits]] = d
    return best, threshold


def _mean_of(view: ViewLosses, d: int, weights: FloatArray) -> FloatArray:
    """(B,) means of test loss at a point; infinite where no finite replicate counts."""
    finite = view.finite[:, d]
    counted = weights[:, _present(view, finite)]
    count, mean, _ = _moments(view.units(view.test[:, d], finite), counted)
    return np.where(count > 0, mean, np.inf)


def _present(view: ViewLosses, kept: BoolArray) -> BoolArray:
    """(U,) whether a cluster has a replicate that is kept."""
    return np.isin(np.unique(view.clusters), view.clusters[kept])


def _overfits(view: ViewLosses, rules: Rules, weights: FloatArray, b: int, d: int) -> BoolArray:
    both = view.finite[:, b] & view.finite[:, d]
    counted = weights[:, _present(view, both)]
    test_d, test_b = view.units(view.test[:, d], both), view.units(view.test[:, b], both)
    count, mean, error = _moments(excess(test_d, test_b, rules.margin), counted)
    tells = (count >= 2) & (error * np.sqrt(count) > ROUNDING * largest(test_d, test_b))
    freedom = np.maximum(count - 1, 1)
    quantile = special.stdtrit(freedom, 1 - rules.alpha / number_of_pairs(len(view.points)))
    rises = tells & (mean >= quantile * error)

    train = view.units(view.train[:, d], both) - view.units(view.train[:, b], both)
    rise = test_d - test_b
    half = special.stdtrit(freedom, (1 + INTERVAL_LEVEL) / 2)

    def sign(part: FloatArray) -> IntArray:
        """(B,) as the interval of a part's mean lies above 0, below, or neither."""
        _, middle, width = _moments(part, counted)
        return np.asarray((middle > half * width).astype(np.int64) - (middle < -half * width))

    larger = sign(rise - 2 * train)
    partly = (larger == 0) & (sign(rise - train) > 0) & (sign(train) > 0)
    return np.asarray(rises & ((larger > 0) | partly))


def _moments(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count, mean and standard error, each (B,), of (n,) values counted by (B, n) weights."""
    count = weights.sum(axis=1)
    mean = weights @ values / np.maximum(count, 1.0)
    squares = (weights * (values - mean[:, None]) ** 2).sum(axis=1)
    error = np.sqrt(squares / np.maximum(count - 1, 1.0) / np.maximum(count, 1.0))
    return count, mean, error


def stability(
    view: ViewLosses, rules: Rules, best: int, threshold: int | None, rng: np.random.Generator
) -> float:
    """Share of resamples of the U clusters of replicates, U drawn with replacement, that agree.

    best, threshold: indices of the answer on this data, None for no threshold.
    """
    weights = multinomial_weights(rules.stability_resamples, np.unique(view.clusters).size, rng)
    bests, thresholds = answers(view, rules, weights)
    wanted = NONE if threshold is None else threshold
    return float(np.mean((bests == best) & (thresholds == wanted)))
