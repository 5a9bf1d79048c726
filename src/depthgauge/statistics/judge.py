"""From the losses of one view to its verdict.

The rule. b is the point of least mean test loss. A later point d rises if
E test(d) > (1 + margin) E test(b) is resolved at alpha / (D(D-1)/2): all pairs, because b is chosen
from the same data (Bonferroni over every "later is worse than earlier" that b's choice could have
asked). It overfits if train loss at the last epoch fell as well.
"""

import numpy as np

from depthgauge.statistics.bootstrap import crossed_draws, lower_bounds
from depthgauge.statistics.judge_point import judge_point
from depthgauge.statistics.losses import BoolArray, FloatArray, Rules, ViewLosses
from depthgauge.statistics.means import diverged_points, finite_means, first_memorised, least
from depthgauge.statistics.paired import excess, largest, number_of_pairs
from depthgauge.statistics.stability import stability
from depthgauge.statistics.verdicts import Answer, PointVerdict, Rise, ViewVerdict
from depthgauge.statistics.words import RISES, Outcome, Verdict


def judge(view: ViewLosses, rules: Rules, rng: np.random.Generator) -> ViewVerdict:
    """The verdict on one view; alpha holds for this view by itself.

    rng feeds the two bootstraps, each through a stream of its own.
    """
    for_bootstrap, for_stability = rng.spawn(2)
    diverged = diverged_points(view.finite, rules.diverged_share)
    best = least(finite_means(view.test, view.finite), ~diverged)
    recommended = least(finite_means(view.validation, view.finite), ~diverged)
    memorised = first_memorised(view.memorised, rules.memorised)
    bounds = _bounds(view, rules, best, diverged, for_bootstrap)
    points = tuple(
        judge_point(view, rules, best, index, bool(diverged[index]), bounds[index])
        for index in range(len(view.points))
    )
    this_data = _answer(points, best, [point.on_this_data for point in points])
    new_data = _answer(points, best, [point.for_new_data for point in points])
    share = None
    if best is not None and this_data.outcome is not Outcome.CANNOT_TELL:
        found = None if this_data.threshold is None else view.points.index(this_data.threshold)
        share = stability(view, rules, best, found, for_stability)
    return ViewVerdict(
        points=points,
        best=_named(view, best),
        recommended=_named(view, recommended),
        interpolation_threshold=_named(view, memorised),
        on_this_data=this_data,
        for_new_data=new_data,
        stability=share,
        replicates=view.replicates,
    )


def _named(view: ViewLosses, index: int | None) -> int | None:
    return None if index is None else view.points[index]


def _bounds(
    view: ViewLosses,
    rules: Rules,
    best: int | None,
    diverged: BoolArray,
    rng: np.random.Generator,
) -> FloatArray:
    """(D,) lower bounds of the crossed bootstrap for the points beyond b, NaN elsewhere."""
    bounds = np.full(len(view.points), np.nan)
    later = np.flatnonzero(~diverged)
    later = later[later > best] if best is not None else later[:0]
    if best is None or not later.size:
        return bounds
    usable = view.finite[:, later].T & view.finite[:, best]
    losses = np.where(view.finite.T[:, :, None], view.example_losses, np.nan)
    differences = excess(losses[later], losses[best], rules.margin)
    draws = crossed_draws(differences, usable, rules.block, rules.resamples, rng)
    alpha = rules.alpha / number_of_pairs(len(view.points))
    scale = largest(view.test[view.finite[:, best], best])
    bounds[later] = lower_bounds(draws, alpha, scale)
    return bounds


def _answer(points: tuple[PointVerdict, ...], best: int | None, verdicts: list[Verdict]) -> Answer:
    """The answer to one question, from its verdicts in the order of the points."""
    rise = next(
        (
            Rise(point.point, verdict, point.comparison)
            for point, verdict in zip(points, verdicts, strict=True)
            if verdict in RISES and point.comparison is not None
        ),
        None,
    )
    if Verdict.OVERFITS in verdicts:
        first = points[verdicts.index(Verdict.OVERFITS)].point
        return Answer(Outcome.THRESHOLD_FOUND, first, rise)
    return Answer(_without_threshold(points, best, verdicts), None, rise)


def _without_threshold(
    points: tuple[PointVerdict, ...], best: int | None, verdicts: list[Verdict]
) -> Outcome:
    # One finite replicate at b makes b itself luck, so not even "grid too short" can be said.
    if best is None or points[best].finite_replicates < 2:
        return Outcome.CANNOT_TELL
    later = [verdict for verdict in verdicts[best + 1 :] if verdict is not Verdict.DIVERGED]
    if not later:
        return Outcome.GRID_TOO_SHORT
    if all(verdict is Verdict.CANNOT_TELL for verdict in later):
        return Outcome.CANNOT_TELL
    return Outcome.NONE_RESOLVED
