"""Which network to use: the simplest that validation loss does not tell apart from the best.

Least mean validation loss alone is partly luck: of several networks that are as good, the luckiest
has it. The standard is that of a rise of test loss: a network is told apart from the best where its
validation loss is higher by more than the margin in a one-sided paired t test over replicates,
corrected for all pairs of candidates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.estimates import View
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import cluster_means, number_of_pairs, rise_p, share_and_interval
from depthgauge.statistics.rules import Rules, usable_points
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray
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
    columns = [
        Candidate(views[name].validation[:, k], views[name].finite[:, k], views[name].clusters)
        for k, name in candidates
    ]
    found = simplest(columns, rules)
    if found is None:
        return None
    (chosen, name), (best, best_name) = (candidates[place] for place in found)
    losses, least = paired_units(*(columns[place] for place in found))
    rise, interval = share_and_interval(losses - least, least)
    points = views[name].points
    return Choice(*name, points[chosen], *best_name, points[best], rise, interval)


@dataclass(frozen=True)
class Candidate:
    """Validation losses (R,) of a network, the replicates that are finite, and their clusters."""

    losses: FloatArray
    finite: BoolArray
    clusters: IntArray

    def mean(self) -> float:
        """The mean over the clusters of the finite replicates, of which there is one at least."""
        return float(cluster_means(self.losses[self.finite], self.clusters[self.finite]).mean())


def paired_units(one: Candidate, other: Candidate) -> tuple[FloatArray, FloatArray]:
    """(U,) losses of each over the replicates finite at both, in the wider clusters of the two."""
    both = one.finite & other.finite
    clusters = min(one.clusters, other.clusters, key=lambda numbers: np.unique(numbers).size)
    return (
        cluster_means(one.losses[both], clusters[both]),
        cluster_means(other.losses[both], clusters[both]),
    )


def simplest(candidates: Sequence[Candidate], rules: Rules) -> tuple[int, int] | None:
    """Places of the one to use and of the one of least mean, of candidates, the simplest first.

    One replicate tells nothing apart: then it is the one of least mean. None without candidates.
    """
    if not candidates:
        return None
    best = int(np.argmin([candidate.mean() for candidate in candidates]))
    for place in range(best):
        p = rise_p(*paired_units(candidates[place], candidates[best]), rules.margin)
        if p is not None and p * number_of_pairs(len(candidates)) > rules.alpha:
            return place, best
    return best, best
