"""One point against the best: its test loss, the two parts of a rise, and bounds for new data.

A rise of test loss is the sum of a rise of train loss and a wider gap between the two, all at the
view's stopping; the larger part names its cause (`cause_of`).
"""

from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.bootstrap import (
    Drawn,
    crossed_draws,
    crossed_intervals,
    lower_bounds,
    smallest_bounded,
)
from depthgauge.statistics.estimates import Comparison, Interval
from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import (
    excess,
    largest,
    mean_and_interval,
    number_of_pairs,
    rise_p,
    share_and_interval,
    smallest_resolved,
)
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import Verdict


@dataclass(frozen=True)
class Crossed:
    """What the crossed bootstrap says of D points; NaN where it says nothing.

    bounds: (D, 3) of points beyond b: lower and upper bound of the rise above the margin, and the
    smallest that would be resolved. differences: (D, 2) ends of the interval of test(d) - test(b).
    means: (D, 2) those of the mean test loss.
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


def cross(
    view: ViewLosses, rules: Rules, best: int | None, usable: BoolArray, rng: np.random.Generator
) -> Crossed:
    """All that is asked of the draws over replicates and test examples, which all points share."""
    count = len(view.points)
    found = Crossed(*(np.full((count, columns), np.nan) for columns in (3, 2, 2)))
    if best is None:
        return found
    able = np.flatnonzero(usable)
    others = able[able != best]
    both = view.finite[:, others].T & view.finite[:, best]
    losses = np.where(view.finite.T[:, :, None], view.example_losses, np.nan)
    parts = [excess(losses[others], losses[best], margin) for margin in (rules.margin, 0.0)]
    masks = np.concatenate([both, both, view.finite[:, able].T])
    every = np.concatenate([*parts, losses[able]])
    drawn = Drawn(view.clusters, view.groups, rules.block)
    draws = crossed_draws(every, masks, drawn, rules.resamples, rng)
    alpha, scale = (
        rules.alpha / number_of_pairs(count),
        largest(view.test[view.finite[:, best], best]),
    )
    lower = lower_bounds(draws, alpha, scale)
    upper, smallest = 2 * draws.estimates - lower, smallest_bounded(draws, alpha, scale)
    above, plain, alone = np.split(np.arange(len(every)), [others.size, 2 * others.size])
    bounds = np.stack([lower, upper, smallest], 1)[above]
    ends = np.stack(crossed_intervals(draws, scale), 1)
    found.bounds[others[others > best]] = bounds[others > best]
    found.differences[others], found.means[able] = ends[plain], ends[alone]
    return found


def compare(
    view: ViewLosses, rules: Rules, best: int, index: int, crossed: Crossed
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
    p, smallest = None, None
    if index > best:
        p = rise_p(test_d, test_b, rules.margin)
        smallest = smallest_resolved(test_d, test_b, rules.margin, rules.alpha / pairs)
    lower, upper, smallest_new = (_number(value) for value in crossed.bounds[index])
    larger = mean_and_interval(rise - 2 * train).interval
    comparison = Comparison(
        pairs=int(both.sum()),
        left_out=int((~both).sum()),
        difference=whole.mean,
        interval=whole.interval,
        crossed_interval=crossed.difference(index),
        relative_rise=whole.mean / base if whole.mean is not None and base else None,
        train_difference=in_train.mean,
        train_interval=in_train.interval,
        gap_difference=in_gap.mean,
        gap_interval=in_gap.interval,
        gap_share=share,
        share_interval=around,
        adjusted_p=None if p is None else min(1.0, p * pairs),
        adjusted_p_below=None if p is None else min(1.0, (1 - p) * pairs),
        lower_bound=lower,
        upper_bound=upper,
        smallest_rise=_share(smallest, base, rules.margin),
        smallest_rise_new=_share(smallest_new, base, rules.margin),
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
