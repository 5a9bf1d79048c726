"""One point against the best: its test loss, the two parts of a rise, and bounds for new data.

A rise of test loss is the sum of a rise of train loss and a wider gap between the two, all at the
view's stopping; the larger part names its cause (`cause_of`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.bootstrap import (
    Drawn,
    crossed_draws,
    crossed_intervals,
    lower_bounds,
    smallest_bounded,
    standard_errors,
)
from depthgauge.statistics.estimates import Bounds, Comparison, Interval
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import (
    excess,
    largest,
    mean_and_interval,
    number_of_pairs,
    rise_p,
    share_and_interval,
    smallest_resolved,
    standard_error,
)
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.variance import variance_shares
from depthgauge.statistics.verdicts import Verdict


@dataclass(frozen=True)
class Crossed:
    """What one crossed bootstrap says of D points; NaN where it says nothing.

    bounds: (D, 4) of points beyond b: lower and upper bound of the rise above the margin, the
    smallest that would be resolved, and the standard error. differences: (D, 2) ends of the
    interval of test(d) - test(b). means: (D, 2) those of the mean test loss.
    """

    bounds: FloatArray
    differences: FloatArray
    means: FloatArray

    def difference(self, index: int) -> Interval | None:
        """The interval of test(d) - test(b)."""
        return _interval(self.differences[index])

    def mean(self, index: int) -> Interval | None:
        """The interval of the mean test loss."""
        return _interval(self.means[index])

    def above(
        self, index: int, base: float | None, margin: float, of_replicates: float | None
    ) -> Bounds:
        """The bounds of the rise. base: mean of test(b). of_replicates: their standard error."""
        lower, upper, smallest, error = (_number(value) for value in self.bounds[index])
        limit = None
        if smallest is not None and error is not None and of_replicates is not None:
            limit = smallest * float(np.sqrt(max(0.0, 1 - (of_replicates / error) ** 2)))
        least, least_ever = (_share(rise, base, margin) for rise in (smallest, limit))
        return Bounds(lower, upper, least, least_ever, error)


@dataclass(frozen=True)
class Beyond:
    """What is said beyond this data: of new test examples and, where known, of new groups."""

    examples: Crossed
    groups: Crossed | None

    @property
    def widest(self) -> Crossed:
        """That in which most varies."""
        return self.groups or self.examples


def look_beyond(
    view: ViewLosses,
    rules: Rules,
    best: int | None,
    usable: BoolArray,
    rngs: Sequence[np.random.Generator],
) -> Beyond:
    """Both bootstraps; rngs: two, one for each."""
    # Neighbours in time are alike, and drawn in blocks; the rows of a group are, whatever it is.
    share = view.training_share
    examples = Drawn(view.clusters, None, rules.block, share)
    groups = None
    if view.groups is not None:
        drawn = Drawn(view.clusters, view.groups, 1, share)
        groups = cross(view, rules, best, usable, drawn, rngs[1])
    return Beyond(cross(view, rules, best, usable, examples, rngs[0]), groups)


def cross(
    view: ViewLosses,
    rules: Rules,
    best: int | None,
    usable: BoolArray,
    drawn: Drawn,
    rng: np.random.Generator,
) -> Crossed:
    """All that is asked of the draws over replicates and test examples, which all points share."""
    count = len(view.points)
    found = Crossed(*(np.full((count, columns), np.nan) for columns in (4, 2, 2)))
    if best is None:
        return found
    able = np.flatnonzero(usable)
    others = able[able != best]
    both = view.finite[:, others].T & view.finite[:, best]
    losses = np.where(view.finite.T[:, :, None], view.example_losses, np.nan)
    parts = [excess(losses[others], losses[best], margin) for margin in (rules.margin, 0.0)]
    masks = np.concatenate([both, both, view.finite[:, able].T])
    every = np.concatenate([*parts, losses[able]])
    draws = crossed_draws(every, masks, drawn, rules.resamples, rng)
    alpha, scale = (
        rules.alpha / number_of_pairs(count),
        largest(view.test[view.finite[:, best], best]),
    )
    lower = lower_bounds(draws, alpha, scale)
    upper, smallest = 2 * draws.estimates - lower, smallest_bounded(draws, alpha, scale)
    above, plain, alone = np.split(np.arange(len(every)), [others.size, 2 * others.size])
    bounds = np.stack([lower, upper, smallest, standard_errors(draws, scale)], 1)[above]
    ends = np.stack(crossed_intervals(draws, scale), 1)
    found.bounds[others[others > best]] = bounds[others > best]
    found.differences[others], found.means[able] = ends[plain], ends[alone]
    return found


def compare(
    view: ViewLosses, rules: Rules, best: int, index: int, beyond: Beyond
) -> tuple[Comparison, Verdict]:
    """One point against b, and what a rise of its test loss is called.

    Tests and what they would resolve are of points beyond b alone; before it they are None.
    """
    both = view.finite[:, best] & view.finite[:, index]

    def units(losses: FloatArray, point: int) -> FloatArray:
        return view.units(losses[:, point], both)

    test_d, test_b = units(view.test, index), units(view.test, best)
    rise, train = test_d - test_b, units(view.train, index) - units(view.train, best)
    whole, in_train, in_gap = (mean_and_interval(part) for part in (rise, train, rise - train))
    share, around = share_and_interval(rise - train, rise)
    base = mean_and_interval(test_b).mean
    pairs = number_of_pairs(len(view.points))
    p, smallest, error = None, None, None
    if index > best:
        error = standard_error(excess(test_d, test_b, rules.margin), largest(test_d, test_b))
        p = rise_p(test_d, test_b, rules.margin)
        smallest = smallest_resolved(test_d, test_b, rules.margin, rules.alpha / pairs)
    larger = mean_and_interval(rise - 2 * train).interval
    new_data = beyond.examples.above(index, base, rules.margin, error)
    tested = np.isfinite(view.example_losses[index, both]).any(axis=0)
    sources = {"replicates": (error, len(rise)), "examples": (new_data.error, int(tested.sum()))}
    new_groups = None
    if beyond.groups is not None and view.groups is not None:
        new_groups = beyond.groups.above(index, base, rules.margin, error)
        sources["groups"] = (new_groups.error, np.unique(view.groups[tested]).size)
    comparison = Comparison(
        pairs=int(both.sum()),
        left_out=int((~both).sum()),
        difference=whole.mean,
        interval=whole.interval,
        crossed_interval=beyond.widest.difference(index),
        relative_rise=whole.mean / base if whole.mean is not None and base else None,
        train_difference=in_train.mean,
        train_interval=in_train.interval,
        gap_difference=in_gap.mean,
        gap_interval=in_gap.interval,
        gap_share=share,
        share_interval=around,
        adjusted_p=None if p is None else min(1.0, p * pairs),
        adjusted_p_below=None if p is None else min(1.0, (1 - p) * pairs),
        smallest_rise=_share(smallest, base, rules.margin),
        error=error,
        new_data=new_data,
        new_groups=new_groups,
        variance_shares=variance_shares(sources),
    )
    return comparison, cause_of(_sign(larger), _sign(in_gap.interval), _sign(in_train.interval))


def cause_of(larger: int, gap: int, train: int) -> Verdict:
    """The cause of a rise, from what paired 95 % intervals tell: 1 above 0, -1 below, 0 neither.

    larger: of the gap's part less the train part; gap, train: of each part. Where neither part is
    told to be the larger and both are above 0, the rise is partly overfitting.
    """
    if larger:
        return Verdict.OVERFITS if larger > 0 else Verdict.OPTIMIZATION_PROBLEM
    return Verdict.PARTLY_OVERFITS if gap > 0 and train > 0 else Verdict.CAUSE_UNCLEAR


def _share(above: float | None, base: float | None, margin: float) -> float | None:
    """A rise above the margin as a share of the mean of test(b), the margin included."""
    return margin + above / base if above is not None and base else None


def _sign(interval: Interval | None) -> int:
    return 0 if interval is None else (interval.low > 0) - (interval.high < 0)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _interval(ends: FloatArray) -> Interval | None:
    return None if np.isnan(ends).any() else Interval(*ends.tolist())
