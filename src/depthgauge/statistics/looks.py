"""Whether another look of a plan can still decide something.

Alpha is shared out among the looks (`Rules.at_each_of`), so one may end at whichever look one
likes: what is said here decides how much is trained, and no false alarm hangs on it.
"""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from scipy import special

from depthgauge.statistics.estimates import Bounds
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import INTERVAL_LEVEL, excess, number_of_pairs
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import FloatArray, IntArray
from depthgauge.statistics.verdicts import UNRESOLVED, Outcome, PointVerdict, Verdict, ViewVerdict

QUESTIONS = ("on_this_data", "for_new_data", "for_new_groups")
DECIDED = (Outcome.NO_OVERFITTING, Outcome.GRID_TOO_SHORT)
# A chance of deciding something below this is not worth the training.
UNLIKELY = 0.1


class Ending(StrEnum):
    """Why no further look is taken."""

    DECIDED = "decided"
    FUTILE = "futile"
    LAST = "last"


def ending(
    judged: Iterable[tuple[ViewLosses, ViewVerdict]], rules: Rules, last: int
) -> Ending | None:
    """Why to end at this look; None where the last one, of so many replicates, may tell more.

    judged: every view, by its loss and by each metric that counts.
    """
    found = [(view, verdict, q) for view, verdict in judged for q in QUESTIONS]
    undecided = [(view, verdict, q) for view, verdict, q in found if is_open(verdict, q)]
    if not undecided:
        return Ending.DECIDED
    if any(may_tell(view, verdict, rules, q, last) for view, verdict, q in undecided):
        return None
    return Ending.FUTILE


def is_open(verdict: ViewVerdict, question: str) -> bool:
    """Whether a question of a view has no answer yet, or one that leaves points open."""
    answer = getattr(verdict, question)
    if answer is None or answer.outcome in DECIDED:
        return False
    return answer.outcome is Outcome.CANNOT_TELL or bool(open_points(verdict, question))


def open_points(verdict: ViewVerdict, question: str) -> list[PointVerdict]:
    """The points beyond the best, and before a threshold, at which nothing is decided."""
    points = {point.point: point for point in verdict.points}
    threshold = getattr(verdict, question).threshold
    end = len(points) if threshold is None else list(points).index(threshold)
    before = list(points.values())[:end]
    return [point for point in before if getattr(point, question) in UNRESOLVED]


def may_tell(
    view: ViewLosses, verdict: ViewVerdict, rules: Rules, question: str, last: int
) -> bool:
    """Whether at one of the open points the last look may decide."""
    if verdict.best is None:
        return False
    best = view.points.index(verdict.best)
    finite = view.finite[:, best]
    if np.unique(view.clusters[finite]).size < 2:
        return view.studies is None
    return any(
        _may_tell(view, rules, best, point, question, last)
        for point in open_points(verdict, question)
    )


def _may_tell(
    view: ViewLosses, rules: Rules, best: int, point: PointVerdict, question: str, last: int
) -> bool:
    index = view.points.index(point.point)
    both = view.finite[:, best] & view.finite[:, index]
    if not both.any():
        return False
    clusters, share = view.clusters[both], view.replicates / last
    test = [view.test[both, k] for k in (index, best)]
    if getattr(point, question) is Verdict.CAUSE_UNCLEAR:
        # Which part of the rise is the larger: that of the gap less that of train loss.
        train = view.train[both, index] - view.train[both, best]
        level = (1 - INTERVAL_LEVEL) / 2
        return _reaches(test[0] - test[1] - 2 * train, clusters, share, level, None)
    level = rules.alpha / number_of_pairs(len(view.points))
    bounds = None
    if question != "on_this_data":
        bounds = getattr(point.comparison, question.removeprefix("for_"))
        if bounds is None or bounds.lower is None or bounds.upper is None or not bounds.error:
            return False
    return _reaches(excess(test[0], test[1], rules.margin), clusters, share, level, bounds)


def _reaches(
    values: FloatArray, clusters: IntArray, share: float, level: float, bounds: Bounds | None
) -> bool:
    """Whether 0 may well lie outside what the last look says of the mean of (n,) values.

    share: of the last look's replicates, those that there are. bounds: beyond this data.
    """
    now, then, freedom = forecast(values, clusters, share)
    mean, moved = _mean(values, clusters), np.sqrt(now**2 - then**2)
    half = float(special.stdtrit(freedom, 1 - level)) * then
    if bounds is not None and bounds.error and bounds.lower is not None:
        mean = bounds.lower + (width := ((bounds.upper or 0.0) - bounds.lower) / 2)
        half = width * np.sqrt(max(0.0, 1 - (moved / bounds.error) ** 2))
    if moved == 0:
        return bool(abs(mean) > half)
    # What further replicates may make of the mean, by what is known now: predictive power
    # (Spiegelhalter et al. 1986, "Monitoring clinical trials: conditional or predictive power?").
    chance = special.ndtr((mean - half) / moved) + special.ndtr((-mean - half) / moved)
    return bool(chance >= UNLIKELY)


def forecast(values: FloatArray, clusters: IntArray, share: float) -> tuple[float, float, int]:
    """Standard error of the mean over clusters now and at the last look, and its freedom then.

    share: of the last look's replicates, those that there are. Where a replicate is a cluster of
    its own the squared error falls as their number grows; else only what replicates add within
    clusters does, since their number stays.
    """
    place = np.unique(clusters, return_inverse=True)[1]
    sizes = np.bincount(place)
    count = sizes.size
    means = np.bincount(place, values) / sizes
    error = float(means.var(ddof=1)) / count
    within = error
    if count < values.size:
        spread = float(((values - means[place]) ** 2).sum()) / (values.size - count)
        within = min(error, spread * float((1 / sizes).sum()) / count**2)
    then = max(0.0, error - within * (1 - share))
    units = count if count < values.size else round(count / share)
    return float(np.sqrt(error)), float(np.sqrt(then)), units - 1


def _mean(values: FloatArray, clusters: IntArray) -> float:
    place = np.unique(clusters, return_inverse=True)[1]
    return float((np.bincount(place, values) / np.bincount(place)).mean())
