"""From the losses of one view to its verdict.

The rule. b is the point of least mean test loss. A later point d rises if
E test(d) > (1 + margin) E test(b) is resolved at alpha / (D(D-1)/2): all pairs, because b is chosen
from the same data (Bonferroni over every "later is worse than earlier" that b's choice could have
asked). That there is no rise is shown where E test(d) < (1 + margin) E test(b) is resolved at the
same corrected level (a test of equivalence needs this side alone: a lower test loss is no
overfitting). `compare` has the two sides and the cause of a rise.
"""

import numpy as np

from depthgauge.statistics.choice import choose
from depthgauge.statistics.compare import Beyond, compare, look_beyond
from depthgauge.statistics.double_descent import find_double_descent
from depthgauge.statistics.estimates import Bounds, Comparison, Point
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import ROUNDING, finite_means, mean_and_interval, rise_p
from depthgauge.statistics.rules import Rules, usable_points
from depthgauge.statistics.stability import stability
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import (
    OVERFITTING,
    RISES,
    UNRESOLVED,
    Answer,
    Outcome,
    PointVerdict,
    Rise,
    Verdict,
    ViewVerdict,
)


def judge(
    view: ViewLosses, rules: Rules, rng: np.random.Generator, harder: bool = False
) -> ViewVerdict:
    """The verdict on one view; alpha holds for this view by itself.

    harder: as in `choose`. rng feeds the bootstraps, each through a stream of its own.
    """
    for_examples, for_stability, for_groups = rng.spawn(3)
    usable = usable_points(view.finite, rules.diverged_share)
    best = least(view.means("test_loss"), usable)
    choice = choose({("", ""): view}, rules, harder)
    means = finite_means(view.memorised, view.finite, view.clusters)
    memorised = np.flatnonzero(means <= rules.memorised + ROUNDING)
    beyond = look_beyond(view, rules, best, usable, (for_examples, for_groups))
    able = enumerate(usable.tolist())
    points = tuple(_judge_point(view, rules, best if u else None, k, beyond) for k, u in able)
    this_data = _answer(points, best, [point.on_this_data for point in points])
    new_data = _answer(points, best, [point.for_new_data for point in points])
    of_groups = [p.for_new_groups for p in points if p.for_new_groups is not None]
    share = None
    if best is not None and this_data.outcome is not Outcome.CANNOT_TELL:
        found = None if this_data.threshold is None else view.points.index(this_data.threshold)
        share = stability(view, rules, best, found, for_stability)

    def name(index: int | None) -> Point | None:
        return None if index is None else view.points[index]

    return ViewVerdict(
        points=points,
        best=name(best),
        recommended=None if choice is None else choice.point,
        least_validation=None if choice is None else choice.least_point,
        interpolation_threshold=name(memorised[0] if memorised.size else None),
        on_this_data=this_data,
        for_new_data=new_data,
        for_new_groups=_answer(points, best, of_groups) if of_groups else None,
        stability=share,
        replicates=view.replicates,
        studies=view.studies,
        double_descent={
            quantity: find_double_descent(view, f"test_{quantity}", usable, rules)
            for quantity in ("loss", "error")
            if f"test_{quantity}" in view.quantities
        },
    )


def least(means: FloatArray, usable: BoolArray) -> int | None:
    """Index of the least mean among the usable points; of equals the first. None if none is."""
    if not usable.any():
        return None
    return int(np.argmin(np.where(usable, means, np.inf)))


def still_falling(
    last: FloatArray, earlier: FloatArray, margin: float, alpha: float
) -> bool | None:
    """Whether the loss at the last epoch lies below the earlier one by more than the margin.

    last, earlier: (n,) test losses of the point's finite replicates. The test is that of a rise,
    with the earlier epoch in the place of the worse point: one-sided paired t test of
    E earlier > (1 + margin) E last, at alpha. No correction for the number of points: the mark is
    a warning, and a correction would withhold warnings. None when n < 2 or nothing varies.
    """
    p = rise_p(earlier, last, margin)
    return None if p is None else bool(p <= alpha)


def _judge_point(
    view: ViewLosses, rules: Rules, best: int | None, index: int, beyond: Beyond
) -> PointVerdict:
    """best: index of b; None where there is none or the point has too many that diverged."""
    comparison = None
    if best is None:
        this_data = new_data = new_groups = Verdict.DIVERGED
    elif index == best:
        this_data = new_data = new_groups = Verdict.BEST
    else:
        comparison, cause = compare(view, rules, best, index, beyond)
        this_data = new_data = new_groups = Verdict.BEFORE_BEST
        if index > best:
            this_data = _on_this_data(comparison, rules, cause)
            new_data = _beyond(comparison.new_data, cause)
            new_groups = _beyond(comparison.new_groups, cause)
    finite = view.finite[:, index]
    falling = None
    if view.test_last is not None and view.test_earlier is not None:
        last, earlier = (
            view.units(losses[:, index], finite) for losses in (view.test_last, view.test_earlier)
        )
        falling = still_falling(last, earlier, rules.margin, rules.alpha)
    return PointVerdict(
        point=view.points[index],
        on_this_data=this_data,
        for_new_data=new_data,
        for_new_groups=None if view.groups is None else new_groups,
        finite_replicates=int(finite.sum()),
        memorised=_memorised(view, rules, index),
        train_median=float(np.median(view.train[finite, index])) if finite.any() else None,
        estimates={
            name: mean_and_interval(view.units(values[:, index], finite))
            for name, values in view.quantities.items()
        },
        crossed_interval=beyond.widest.mean(index),
        still_falling=falling,
        comparison=comparison,
    )


def _memorised(view: ViewLosses, rules: Rules, index: int) -> int | None:
    """How many finite replicates have memorised their training set; None where none can tell."""
    values = view.memorised[view.finite[:, index], index]
    return None if np.isnan(values).all() else int((values <= rules.memorised + ROUNDING).sum())


def _on_this_data(comparison: Comparison, rules: Rules, cause: Verdict) -> Verdict:
    p, below = comparison.adjusted_p, comparison.adjusted_p_below
    if p is None or below is None:
        return Verdict.CANNOT_TELL
    return _verdict(p <= rules.alpha, below <= rules.alpha, cause)


def _beyond(bounds: Bounds | None, cause: Verdict) -> Verdict:
    """For new examples or new groups."""
    if bounds is None or bounds.lower is None or bounds.upper is None:
        return Verdict.CANNOT_TELL
    return _verdict(bounds.lower > 0, bounds.upper < 0, cause)


def _verdict(resolved: bool, excluded: bool, cause: Verdict) -> Verdict:
    if resolved:
        return cause
    return Verdict.NO_RISE if excluded else Verdict.NO_RISE_RESOLVED


def _answer(points: tuple[PointVerdict, ...], best: int | None, verdicts: list[Verdict]) -> Answer:
    """The answer to one question, from its verdicts in the order of the points."""
    told = zip(points, verdicts, strict=True)
    rises = [Rise(p.point, v, p.comparison) for p, v in told if v in RISES and p.comparison]
    rise = next(iter(rises), None)
    first = next((place for place, v in enumerate(verdicts) if v in OVERFITTING), None)
    if first is None:
        return Answer(_without_threshold(points, best, verdicts), None, rise)
    open_yet = (p.point for p, v in zip(points[:first], verdicts, strict=False) if v in UNRESOLVED)
    return Answer(Outcome.THRESHOLD_FOUND, points[first].point, rise, tuple(open_yet))


def _without_threshold(
    points: tuple[PointVerdict, ...], best: int | None, verdicts: list[Verdict]
) -> Outcome:
    # One finite unit at b makes b itself luck, so not even "grid too short" can be said.
    if best is None or points[best].estimates["test_loss"].interval is None:
        return Outcome.CANNOT_TELL
    later = {*verdicts[best + 1 :]} - {Verdict.DIVERGED}
    if not later:
        return Outcome.GRID_TOO_SHORT
    if later == {Verdict.CANNOT_TELL}:
        return Outcome.CANNOT_TELL
    return Outcome.NO_OVERFITTING if later == {Verdict.NO_RISE} else Outcome.NONE_RESOLVED
