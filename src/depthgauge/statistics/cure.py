"""Does another recipe or an early stop cure the overfitting of the first view?

For each later point d the rise of the first view, test(d) - test(b), b its best point, is compared
with that of another view between the same two points: the difference of the two rises is paired,
replicate by replicate, or search by search where replicates share a search.
"""

import numpy as np

from depthgauge.statistics.effects import Compared, Cure, Effect
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import cluster_means, mean_and_interval, number_of_pairs, rise_p
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import FloatArray
from depthgauge.statistics.verdicts import ViewVerdict


def cure(
    name: tuple[str, str], first: ViewLosses, verdict: ViewVerdict, other: ViewLosses, rules: Rules
) -> Cure | None:
    """What the view `other` makes of the rises of the first; None where that has no best point.

    verdict: on the first view.
    """
    if verdict.best is None:
        return None
    best = first.points.index(verdict.best)
    later = range(best + 1, len(first.points))
    compared = tuple(_compare(first, other, best, index) for index in later)
    threshold = verdict.on_this_data.threshold
    effect = None
    if threshold is not None:
        place = first.points.index(threshold)
        effect = _effect(compared[place - best - 1], other, rules, best, place)
    return Cure(*name, effect, compared)


def _compare(first: ViewLosses, other: ViewLosses, best: int, index: int) -> Compared:
    both = np.all([v.finite[:, k] for v in (first, other) for k in (best, index)], axis=0)
    clusters = min(first.clusters, other.clusters, key=lambda numbers: np.unique(numbers).size)[
        both
    ]

    def units(values: FloatArray) -> FloatArray:
        return cluster_means(values[both], clusters)

    rises = [units(v.test[:, index] - v.test[:, best]) for v in (first, other)]
    base = mean_and_interval(units(first.test[:, best])).mean
    if not base:
        return Compared(first.points[index], None, None, None, None)
    one, two, difference = (
        mean_and_interval(each / base) for each in (*rises, rises[1] - rises[0])
    )
    point = first.points[index]
    return Compared(point, one.mean, two.mean, difference.mean, difference.interval)


def _effect(found: Compared, other: ViewLosses, rules: Rules, best: int, index: int) -> Effect:
    """By the tests of a rise and of none, at the level corrected for all pairs of points."""
    both = other.finite[:, best] & other.finite[:, index]
    worse, better = (other.units(other.test[:, k], both) for k in (index, best))
    p, level = rise_p(worse, better, rules.margin), rules.alpha / number_of_pairs(len(other.points))
    if p is None or found.interval is None:
        return Effect.CANNOT_TELL
    if 1 - p <= level:
        return Effect.REMOVES
    if found.interval.high < 0:
        return Effect.LESSENS
    if p > level:
        return Effect.CANNOT_TELL
    return Effect.ENLARGES if found.interval.low > 0 else Effect.LEAVES
