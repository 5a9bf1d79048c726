"""Which network to use: the simplest that validation loss does not tell apart from the best.

Least mean validation loss alone is partly luck: of several networks that are as good, the luckiest
has it. The standard is that of a rise of test loss: a network is told apart from the best where its
validation loss is higher by more than the margin in a one-sided paired t test over replicates,
corrected for all pairs of candidates.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from depthgauge.statistics.estimates import View
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import finite_means, number_of_pairs, rise_p, share_and_interval
from depthgauge.statistics.rules import Rules, usable_points
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import Choice


def choose(views: Mapping[View, ViewLosses], rules: Rules, harder: bool) -> Choice | None:
    """The network to use of all views and points; None where all have too many that diverged.

    views: the simpler ones first. The least point comes before the view; where harder, as with more
    training examples, the greatest point does.
    """
    candidates = []
    for name, view in views.items():
        usable = usable_points(view.finite, rules.diverged_share)
        candidates += [(int(k), name) for k in np.flatnonzero(usable)]
    # Sorting keeps the order of the views.
    candidates.sort(key=lambda candidate: -candidate[0] if harder else candidate[0])
    columns = [(views[name].validation[:, k], views[name].finite[:, k]) for k, name in candidates]
    found = simplest(columns, rules)
    if found is None:
        return None
    (chosen, name), (best, best_name) = (candidates[place] for place in found)
    (losses, finite), (least, least_finite) = (columns[place] for place in found)
    both = finite & least_finite
    rise, interval = share_and_interval(losses[both] - least[both], least[both])
    points = views[name].points
    return Choice(*name, points[chosen], *best_name, points[best], rise, interval)


def simplest(
    candidates: Sequence[tuple[FloatArray, BoolArray]], rules: Rules
) -> tuple[int, int] | None:
    """Places of the one to use and of the one of least mean, among (R,) losses, the simplest first.

    Each comes with the replicates that are finite. One replicate tells nothing apart: then it is
    the one of least mean. None without candidates.
    """
    if not candidates:
        return None
    losses, finite = (np.stack(parts, 1) for parts in zip(*candidates, strict=True))
    best = int(finite_means(losses, finite).argmin())
    for place in range(best):
        both = finite[:, place] & finite[:, best]
        p = rise_p(losses[both, place], losses[both, best], rules.margin)
        if p is not None and p * number_of_pairs(len(candidates)) > rules.alpha:
            return place, best
    return best, best
