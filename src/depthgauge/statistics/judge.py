"""From the losses of one view to its verdict.

The rule. b is the point of least mean test loss. A later point d rises if
E test(d) > (1 + margin) E test(b) is resolved at alpha / (D(D-1)/2): all pairs, because b is chosen
from the same data (Bonferroni over every "later is worse than earlier" that b's choice could have
asked). A rise of test loss is the sum of a rise of train loss and a wider gap between the two, all
at the view's stopping; the larger part names its cause (`cause_of`). That there is no rise is shown
where E test(d) < (1 + margin) E test(b) is resolved at the same corrected level (a test of
equivalence needs this side alone: a lower test loss is no overfitting).
"""

from collections.abc import Sequence

import numpy as np

from depthgauge.statistics.bootstrap import (
    crossed_draws,
    crossed_intervals,
    lower_bounds,
    smallest_bounded,
)
from depthgauge.statistics.choice import choose
from depthgauge.statistics.double_descent import find_double_descent
from depthgauge.statistics.estimates import Comparison, Interval, Point
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import (
    excess,
    finite_means,
    largest,
    mean_and_interval,
    number_of_pairs,
    rise_p,
    share_and_interval,
    smallest_resolved,
)
from depthgauge.statistics.rules import Rules, usable_points
from depthgauge.statistics.stability import stability
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import (
    OVERFITTING,
    RISES,
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

    harder: as in `choose`. rng feeds the two bootstraps, each through a stream of its own.
    """
    for_bootstrap, for_stability = rng.spawn(2)
    usable = usable_points(view.finite, rules.diverged_share)
    best = least(finite_means(view.test, view.finite), usable)
    choice = choose({("", ""): view}, rules, harder)
    memorised = np.flatnonzero(view.memorised <= rules.memorised)
    crossed = _cross(view, rules, best, usable, for_bootstrap)
    told = enumerate(zip(usable.tolist(), crossed.tolist(), strict=True))
    points = tuple(_judge_point(view, rules, best, k, able, found) for k, (able, found) in told)
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
        recommended=None if choice is None else choice.point,
        least_validation=None if choice is None else choice.least_point,
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


def _cross(
    view: ViewLosses, rules: Rules, best: int | None, usable: BoolArray, rng: np.random.Generator
) -> FloatArray:
    """(D, 7) of the crossed bootstrap: bounds, interval and power against b, interval of the mean.

    The bounds are of the rise above the margin, for points beyond b; the interval of the
    difference, without one; the mean that of test loss. NaN where there is none.
    """
    found = np.full((len(view.points), 7), np.nan)
    able = np.flatnonzero(usable)
    if best is None:
        return found
    others = able[able != best]
    both = view.finite[:, others].T & view.finite[:, best]
    losses = np.where(view.finite.T[:, :, None], view.example_losses, np.nan)
    parts = [excess(losses[others], losses[best], margin) for margin in (rules.margin, 0.0)]
    masks = np.concatenate([both, both, view.finite[:, able].T])
    every = np.concatenate([*parts, losses[able]])
    draws = crossed_draws(every, masks, rules.block, rules.resamples, rng)
    alpha = rules.alpha / number_of_pairs(len(view.points))
    scale, count = largest(view.test[view.finite[:, best], best]), others.size
    lower = lower_bounds(draws, alpha, scale)
    smallest = smallest_bounded(draws, alpha, scale)
    bounds = np.stack([lower, 2 * draws.estimates - lower, smallest], 1)[:count]
    ends = np.stack(crossed_intervals(draws, scale), 1)
    found[others, :3] = np.where((others > best)[:, None], bounds, np.nan)
    found[others, 3:5], found[able, 5:] = ends[count : 2 * count], ends[2 * count :]
    return found


def _judge_point(
    view: ViewLosses,
    rules: Rules,
    best: int | None,
    index: int,
    usable: bool,
    crossed: Sequence[float],
) -> PointVerdict:
    """best: index of b, or None. crossed: of the point, as `_cross` has it."""
    comparison = None
    if not usable or best is None:
        this_data = new_data = Verdict.DIVERGED
    elif index == best:
        this_data = new_data = Verdict.BEST
    else:
        comparison = _compare(view, rules, best, index, crossed)
        this_data = new_data = Verdict.BEFORE_BEST
        if index > best:
            cause = _cause(view, best, index)
            p, below = comparison.adjusted_p, comparison.adjusted_p_below
            low, high = comparison.lower_bound, comparison.upper_bound
            this_data = new_data = Verdict.CANNOT_TELL
            if p is not None and below is not None:
                this_data = _verdict(p <= rules.alpha, below <= rules.alpha, cause)
            if low is not None and high is not None:
                new_data = _verdict(low > 0, high < 0, cause)
    finite = view.finite[:, index]
    last, earlier = view.test_last[finite, index], view.test_earlier[finite, index]
    return PointVerdict(
        point=view.points[index],
        on_this_data=this_data,
        for_new_data=new_data,
        finite_replicates=int(finite.sum()),
        estimates={n: mean_and_interval(v[finite, index]) for n, v in view.quantities.items()},
        crossed_interval=None if np.isnan(crossed[5]) else Interval(*crossed[5:]),
        still_falling=still_falling(last, earlier, rules.margin, rules.alpha),
        comparison=comparison,
    )


def _compare(
    view: ViewLosses, rules: Rules, best: int, index: int, crossed: Sequence[float]
) -> Comparison:
    lower, upper, smallest, low, high, *_ = crossed
    both = view.finite[:, best] & view.finite[:, index]
    test_b, test_d = view.test[both, best], view.test[both, index]
    test = mean_and_interval(test_d - test_b)
    train_parts = view.train[both, index] - view.train[both, best]
    gap_parts = test_d - test_b - train_parts
    train, gap = mean_and_interval(train_parts), mean_and_interval(gap_parts)
    share, around = share_and_interval(gap_parts, test_d - test_b)
    base = mean_and_interval(test_b).mean
    p = rise_p(test_d, test_b, rules.margin) if index > best else None
    pairs = number_of_pairs(len(view.points))
    smallest_here = None
    if index > best:
        smallest_here = smallest_resolved(test_d, test_b, rules.margin, rules.alpha / pairs)
    return Comparison(
        pairs=int(both.sum()),
        left_out=int((~both).sum()),
        difference=test.mean,
        interval=test.interval,
        crossed_interval=None if np.isnan(low) else Interval(low, high),
        relative_rise=test.mean / base if test.mean is not None and base else None,
        train_difference=train.mean,
        train_interval=train.interval,
        gap_difference=gap.mean,
        gap_interval=gap.interval,
        gap_share=share,
        share_interval=around,
        adjusted_p=None if p is None else min(1.0, p * pairs),
        adjusted_p_below=None if p is None else min(1.0, (1 - p) * pairs),
        lower_bound=None if np.isnan(lower) else float(lower),
        upper_bound=None if np.isnan(upper) else float(upper),
        smallest_rise=_share(smallest_here, base, rules.margin),
        smallest_rise_new=_share(None if np.isnan(smallest) else smallest, base, rules.margin),
    )


def _share(above: float | None, base: float | None, margin: float) -> float | None:
    """A rise above the margin as a share of the mean of test(b), the margin included."""
    return margin + above / base if above is not None and base else None


def _cause(view: ViewLosses, best: int, index: int) -> Verdict:
    """What a rise of test loss is called, over the replicates finite at both points."""
    both = view.finite[:, best] & view.finite[:, index]
    train = view.train[both, index] - view.train[both, best]
    rise = view.test[both, index] - view.test[both, best]
    parts = (rise - 2 * train, rise - train, train)
    return cause_of(*(_sign(mean_and_interval(part).interval) for part in parts))


def cause_of(larger: int, gap: int, train: int) -> Verdict:
    """The cause of a rise, from what paired 95 % intervals tell: 1 above 0, -1 below, 0 neither.

    larger: of the gap's part less the train part; gap, train: of each part. Where neither part is
    told to be the larger and both are above 0, the rise is partly overfitting.
    """
    if larger:
        return Verdict.OVERFITS if larger > 0 else Verdict.OPTIMIZATION_PROBLEM
    return Verdict.PARTLY_OVERFITS if gap > 0 and train > 0 else Verdict.CAUSE_UNCLEAR


def _sign(interval: Interval | None) -> int:
    return 0 if interval is None else (interval.low > 0) - (interval.high < 0)


def _verdict(resolved: bool, excluded: bool, cause: Verdict) -> Verdict:
    if resolved:
        return cause
    return Verdict.NO_RISE if excluded else Verdict.NO_RISE_RESOLVED


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
    overfits = [p.point for p, v in zip(points, verdicts, strict=True) if v in OVERFITTING]
    if overfits:
        return Answer(Outcome.THRESHOLD_FOUND, overfits[0], rise)
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
    if all(verdict is Verdict.NO_RISE for verdict in later):
        return Outcome.NO_OVERFITTING
    return Outcome.NONE_RESOLVED
