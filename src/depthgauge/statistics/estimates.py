"""Numbers with their uncertainty: a mean, and the comparison of one point with another."""

import math
from collections.abc import Mapping

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

CONFIG = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

# A value of the axis, and a view: (recipe, stopping).
Point = int | float | str
View = tuple[str, str]


@dataclass(frozen=True, config=CONFIG)
class Interval:
    """A two-sided 95 % interval, for one comparison by itself (not adjusted for the others)."""

    low: float
    high: float


@dataclass(frozen=True, config=CONFIG)
class Estimate:
    """A mean over replicates and its interval; None where too few replicates give it."""

    mean: float | None
    interval: Interval | None


@dataclass(frozen=True, config=CONFIG)
class Share:
    """A share from 0 to 1 with its 95 % interval, None where that has no ends."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, config=CONFIG)
class Bounds:
    """What the crossed bootstrap says of E test(d) - (1 + margin) E test(b) beyond this data.

    lower, upper: one-sided bounds, each at the corrected alpha, in units of loss; above 0 = a rise
    is resolved, below 0 = there is none. smallest_rise: as `Comparison.smallest_rise`; limit: what
    it comes to with ever more replicates. error: the standard error, in units of loss. None where
    the data cannot give it.
    """

    lower: float | None
    upper: float | None
    smallest_rise: float | None
    limit: float | None
    error: float | None


@dataclass(frozen=True, config=CONFIG)
class Comparison:
    """One point d against the best point b, over the replicates finite at both.

    pairs, left_out: replicates used, and those diverged at b or at d; together R.
    difference, interval: mean of test(d) - test(b), no margin, and its interval over replicates;
    crossed_interval: over all that varies, replicates and groups of test examples or, where none
    are known, test examples, by the crossed bootstrap. relative_rise:
    difference as a share of the mean of test(b) over the same pairs, None where that mean is 0.
    The difference has two parts, both at the view's stopping: train_difference, of the train loss,
    and gap_difference, of the gap between test and train loss; each with its interval. gap_share:
    gap_difference / difference, with Fieller's interval, None where that has no ends.
    adjusted_p: p of the one-sided paired t test that the margin is exceeded, times D(D-1)/2, at
    most 1; adjusted_p_below: of the test that it is not reached. smallest_rise: as a share of the
    mean of test(b), the rise that would be resolved on this data with a chance of 80 %, with as
    much luck as there is; error: the standard error behind it. new_data: for new examples;
    new_groups: for new groups of them, None where none are known. variance_shares: of the variance
    of the rise, those of replicates, examples and groups; empty where they are not known.
    A number that the data cannot give (too few pairs, no variance) is None.
    """

    pairs: int
    left_out: int
    difference: float | None
    interval: Interval | None
    crossed_interval: Interval | None
    relative_rise: float | None
    train_difference: float | None
    train_interval: Interval | None
    gap_difference: float | None
    gap_interval: Interval | None
    gap_share: float | None
    share_interval: Interval | None
    adjusted_p: float | None
    adjusted_p_below: float | None
    smallest_rise: float | None
    error: float | None
    new_data: Bounds
    new_groups: Bounds | None
    variance_shares: Mapping[str, Share]

    def __post_init__(self) -> None:
        sources = ("replicates", "examples", *(["groups"] if self.new_groups else []))
        if self.variance_shares and set(self.variance_shares) != set(sources):
            raise ValueError(f"variance_shares: of {list(self.variance_shares)}")

    def relative_bound(self, bounds: Bounds | None) -> float | None:
        """A lower bound as a share of the mean of test(b); None where that is undefined."""
        if not self.relative_rise or not self.difference or not bounds or bounds.lower is None:
            return None
        bound = bounds.lower * self.relative_rise / self.difference
        return bound if math.isfinite(bound) else None

    @property
    def relative_interval(self) -> Interval | None:
        """The interval as a share of the mean of test(b); None where that is undefined."""
        return self._relative(self.interval)

    @property
    def relative_crossed_interval(self) -> Interval | None:
        """The interval over replicates and test examples, as such a share."""
        return self._relative(self.crossed_interval)

    def _relative(self, interval: Interval | None) -> Interval | None:
        if not self.relative_rise or not self.difference or interval is None:
            return None
        scale = self.relative_rise / self.difference
        low, high = interval.low * scale, interval.high * scale
        return Interval(low, high) if math.isfinite(low) and math.isfinite(high) else None
