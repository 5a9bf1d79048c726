"""From the losses of one view to its verdict.

The rule. b is the point of least mean test loss. A later point d rises if
E test(d) > (1 + margin) E test(b) is resolved at alpha / (D(D-1)/2): all pairs, because b is chosen
from the same data (Bonferroni over every "later is worse than earlier" that b's choice could have
asked). It overfits if train loss at the last epoch fell as well.
"""

import numpy as np

from depthgauge.statistics.bootstrap import crossed_draws, lower_bounds
from depthgauge.statistics.double_descent import find_double_descent
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import (
    excess,
    finite_means,
    largest,
    mean_and_interval,
    number_of_pairs,
    rise_p,
)
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stability import stability
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import (
    RISES,
    Answer,
    Comparison,
    Interval,
    Outcome,
    Point,
    PointVerdict,
    Rise,
    Verdict,
    ViewVerdict,
)


def judge(view: ViewLosses, rules: Rules, rng: np.random.Generator) -> ViewVerdict:
    """The verdict on one view; alpha holds for this view by itself.

    rng feeds the two bootstraps, each through a stream of its own.
    """
    for_bootstrap, for_stability = rng.spawn(2)
    usable = usable_points(view.finite, rules.diverged_share)
    best = least(finite_means(view.test, view.finite), usable)
    recommended = least(finite_means(view.validation, view.finite), usable)
    memorised = np.flatnonzero(view.memorised <= rules.memorised)
    bounds = _bounds(view, rules, best, usable, for_bootstrap)
    told = enumerate(zip(usable.tolist(), bounds.tolist(), strict=True))
    points = tuple(_judge_point(view, rules, best, k, able, bound) for k, (able, bound) in told)
    this_data = _answer(points, best, [point.on_this_data for point in points])
    new_data = _answer(points, best, [point.for_new_data for point in points])
    share = None
    if best is not None and this_data.outcome is not Outcome.CANNOT_TELL:
        found = None if this_data.threshold is None else view.points.index(this_data.threshold)
        share = stability(view, rules, best, found, for_stability)

    def name(index: int | None) -> Point | None:
        return None if index is None else view.points[index]

    return ViewVerdict(
        points=points,
        best=name(best),
        recommended=name(recommended),
        interpolation_threshold=name(memorised[0] if memorised.size else None),
        on_this_data=this_data,
        for_new_data=new_data,
        stability=share,
        replicates=view.replicates,
        double_descent={
            quantity: find_double_descent(
                view.points, view.quantities[f"test_{quantity}"], view.finite, usable, rules
            )
            for quantity in ("loss", "error")
            if f"test_{quantity}" in view.quantities
        },
    )


def usable_points(finite: BoolArray, diverged_share: float) -> BoolArray:
    """(D,): points with a finite replicate and no larger share of diverged ones than that.

    finite: (R, D).
    """
    usable: BoolArray = (np.mean(~finite, axis=0) <= diverged_share) & finite.any(axis=0)
    return usable


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


def _bounds(
    view: ViewLosses, rules: Rules, best: int | None, usable: BoolArray, rng: np.random.Generator
) -> FloatArray:
    """(D,) lower bounds of the crossed bootstrap for the points beyond b, NaN elsewhere."""
    bounds = np.full(len(view.points), np.nan)
    later = np.flatnonzero(usable)
    later = later[later > best] if best is not None else later[:0]
    if best is None or not later.size:
        return bounds
    both = view.finite[:, later].T & view.finite[:, best]
    losses = np.where(view.finite.T[:, :, None], view.example_losses, np.nan)
    differences = excess(losses[later], losses[best], rules.margin)
    draws = crossed_draws(differences, both, rules.block, rules.resamples, rng)
    alpha = rules.alpha / number_of_pairs(len(view.points))
    scale = largest(view.test[view.finite[:, best], best])
    bounds[later] = lower_bounds(draws, alpha, scale)
    return bounds


def _judge_point(
    view: ViewLosses, rules: Rules, best: int | None, index: int, usable: bool, bound: float
) -> PointVerdict:
    """best: index of b, or None. bound: the bootstrap's lower bound, NaN where there is none."""
    comparison = None
    if not usable or best is None:
        this_data = new_data = Verdict.DIVERGED
    elif index == best:
        this_data = new_data = Verdict.BEST
    else:
        comparison = _compare(view, rules, best, index, bound)
        this_data = new_data = Verdict.BEFORE_BEST
        if index > best:
            p, low = comparison.adjusted_p, comparison.lower_bound
            cause = _cause(comparison.train_interval)
            this_data = _verdict(None if p is None else p <= rules.alpha, cause)
            new_data = _verdict(None if low is None else low > 0, cause)
    finite = view.finite[:, index]
    last, earlier = view.test_last[finite, index], view.test_earlier[finite, index]
    return PointVerdict(
        point=view.points[index],
        on_this_data=this_data,
        for_new_data=new_data,
        finite_replicates=int(finite.sum()),
        estimates={n: mean_and_interval(v[finite, index]) for n, v in view.quantities.items()},
        train_mean=mean_and_interval(view.train_last[finite, index]).mean,
        still_falling=still_falling(last, earlier, rules.margin, rules.alpha),
        comparison=comparison,
    )


def _compare(view: ViewLosses, rules: Rules, best: int, index: int, bound: float) -> Comparison:
    both = view.finite[:, best] & view.finite[:, index]
    test_b, test_d = view.test[both, best], view.test[both, index]
    test = mean_and_interval(test_d - test_b)
    train = mean_and_interval(view.train_last[both, index] - view.train_last[both, best])
    base = mean_and_interval(test_b).mean
    p = rise_p(test_d, test_b, rules.margin) if index > best else None
    return Comparison(
        pairs=int(both.sum()),
        left_out=int((~both).sum()),
        difference=test.mean,
        interval=test.interval,
        relative_rise=test.mean / base if test.mean is not None and base else None,
        train_difference=train.mean,
        train_interval=train.interval,
        adjusted_p=None if p is None else min(1.0, p * number_of_pairs(len(view.points))),
        lower_bound=None if np.isnan(bound) else float(bound),
    )


def _cause(train: Interval | None) -> Verdict:
    """What a rise of test loss is called, from the interval of the change of train loss."""
    if train is not None and train.high < 0:
        return Verdict.OVERFITS
    if train is not None and train.low > 0:
        return Verdict.OPTIMIZATION_PROBLEM
    return Verdict.CAUSE_UNCLEAR


def _verdict(resolved: bool | None, cause: Verdict) -> Verdict:
    if resolved is None:
        return Verdict.CANNOT_TELL
    return cause if resolved else Verdict.NO_RISE_RESOLVED


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
