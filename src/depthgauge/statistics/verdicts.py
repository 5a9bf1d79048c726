"""What a judgement gives: numbers and fixed words, no sentences; its own type reads it back.

Every class is frozen and checks what it is given, so that what a file holds is whole or refused.
"""

import math
from collections.abc import Mapping
from enum import StrEnum

from pydantic import ConfigDict, model_validator
from pydantic.dataclasses import dataclass

CONFIG = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

# A value of the axis, and a view: (recipe, stopping).
Point = int | float | str
View = tuple[str, str]


class Verdict(StrEnum):
    """What is said of one point of a view."""

    BEST = "best"
    BEFORE_BEST = "before best"
    OVERFITS = "overfits"
    OPTIMIZATION_PROBLEM = "optimization problem"
    CAUSE_UNCLEAR = "cause unclear"
    NO_RISE_RESOLVED = "no rise resolved"
    DIVERGED = "diverged"
    CANNOT_TELL = "cannot tell"


class Outcome(StrEnum):
    """What is said of a whole view, once for each of the two questions."""

    THRESHOLD_FOUND = "threshold found"
    NONE_RESOLVED = "none resolved"
    GRID_TOO_SHORT = "grid too short"
    CANNOT_TELL = "cannot tell"


# A resolved rise of test loss, told apart by what train loss did.
RISES = frozenset({Verdict.OVERFITS, Verdict.OPTIMIZATION_PROBLEM, Verdict.CAUSE_UNCLEAR})


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
class Comparison:
    """One point d against the best point b, over the replicates finite at both.

    pairs, left_out: replicates used, and those diverged at b or at d; together R.
    difference, interval: mean of test(d) - test(b), no margin; relative_rise: difference as a
    share of the mean of test(b) over the same pairs, None where that mean is 0.
    train_difference, train_interval: mean of train(d) - train(b) at the last epoch.
    adjusted_p: p of the one-sided paired t test that the margin is exceeded, times D(D-1)/2, at
    most 1. lower_bound: the crossed bootstrap's lower bound, at the corrected alpha, of
    E test(d) - (1 + margin) E test(b) in units of loss; above 0 = resolved for new data.
    A number that the data cannot give (too few pairs, no variance) is None.
    """

    pairs: int
    left_out: int
    difference: float | None
    interval: Interval | None
    relative_rise: float | None
    train_difference: float | None
    train_interval: Interval | None
    adjusted_p: float | None
    lower_bound: float | None

    @property
    def relative_interval(self) -> Interval | None:
        """The interval as a share of the mean of test(b); None where that is undefined."""
        if not self.relative_rise or not self.difference or self.interval is None:
            return None
        scale = self.relative_rise / self.difference
        low, high = self.interval.low * scale, self.interval.high * scale
        return Interval(low, high) if math.isfinite(low) and math.isfinite(high) else None


@dataclass(frozen=True, config=CONFIG)
class PointVerdict:
    """One point: a verdict for each question, and estimates over its finite replicates.

    estimates: of every quantity of every split ("test_loss", "train_error", "test_r2", ...) at the
    view's stopping. train_mean: train loss at the last epoch, whatever the stopping: the verdicts
    rest on it. comparison is None at b, at diverged points, and where there is no b. It is
    descriptive before b, where nothing is tested (adjusted_p and lower_bound None). still_falling
    is None where it cannot be told.
    """

    point: Point
    on_this_data: Verdict
    for_new_data: Verdict
    finite_replicates: int
    estimates: Mapping[str, Estimate]
    train_mean: float | None
    still_falling: bool | None
    comparison: Comparison | None

    @property
    def means(self) -> dict[str, float | None]:
        """The mean of each quantity."""
        return {name: estimate.mean for name, estimate in self.estimates.items()}

    @property
    def test_mean(self) -> float | None:
        """Mean test loss."""
        return self.estimates["test_loss"].mean

    @property
    def validation_mean(self) -> float | None:
        """Mean validation loss."""
        return self.estimates["validation_loss"].mean

    @model_validator(mode="after")
    def _check(self) -> "PointVerdict":
        for name in ("train_loss", "validation_loss", "test_loss"):
            if name not in self.estimates:
                raise ValueError(f"point {self.point}: {name} is missing")
        if {self.on_this_data, self.for_new_data} & RISES and self.comparison is None:
            raise ValueError(f"point {self.point}: a rise without its comparison")
        return self


@dataclass(frozen=True, config=CONFIG)
class Rise:
    """The first resolved rise of test loss beyond the best point, whatever its cause."""

    point: Point
    verdict: Verdict
    comparison: Comparison

    @model_validator(mode="after")
    def _check(self) -> "Rise":
        if self.verdict not in RISES:
            raise ValueError(f"{self.verdict}: is no rise")
        return self


@dataclass(frozen=True, config=CONFIG)
class Answer:
    """The answer to one of the two questions; threshold is None unless one was found."""

    outcome: Outcome
    threshold: Point | None
    rise: Rise | None

    @model_validator(mode="after")
    def _check(self) -> "Answer":
        if (self.outcome is Outcome.THRESHOLD_FOUND) != (self.threshold is not None):
            raise ValueError(f"{self.outcome}, and the threshold is {self.threshold}")
        return self


@dataclass(frozen=True, config=CONFIG)
class DoubleDescent:
    """A peak of test loss between two lower points, and how far it falls beyond the peak.

    before, peak, after: points; `after` has the least mean beyond the peak. pairs: replicates
    finite at peak and after. fall, interval: mean of test(peak) - test(after) with its 95 %
    interval, for this comparison by itself; relative_fall: as a share of the mean of test(peak).
    rise_p, fall_p: one-sided paired t tests that the margin is exceeded on either side, times
    D(D-1), the ordered pairs that the choice of the three points may have made, at most 1.
    resolved: whether the fall is at alpha.
    """

    before: Point
    peak: Point
    after: Point
    pairs: int
    fall: float
    interval: Interval | None
    relative_fall: float
    rise_p: float
    fall_p: float | None
    resolved: bool


@dataclass(frozen=True, config=CONFIG)
class ViewVerdict:
    """All that is said of one view.

    best: b, the point of least mean test loss: it describes the test set. recommended: the point
    of least mean validation loss: the one to choose. stability: share of resamples of the
    replicates with the same (best, threshold) on this data; None where nothing can be told.
    double_descent: of the test loss ("loss") and, with classes, of the error rate ("error").
    """

    points: tuple[PointVerdict, ...]
    best: Point | None
    recommended: Point | None
    interpolation_threshold: Point | None
    on_this_data: Answer
    for_new_data: Answer
    stability: float | None
    replicates: int
    double_descent: Mapping[str, DoubleDescent | None]

    def at(self, point: Point | None) -> PointVerdict:
        """What is said of one point. Raises KeyError for a point that there is not."""
        return {entry.point: entry for entry in self.points}[point]  # type: ignore[index]

    @model_validator(mode="after")
    def _check(self) -> "ViewVerdict":
        answers = (self.on_this_data, self.for_new_data)
        descents = [d for d in self.double_descent.values() if d is not None]
        named = {
            *(self.best, self.recommended, self.interpolation_threshold),
            *(answer.threshold for answer in answers),
            *(answer.rise.point for answer in answers if answer.rise),
            *(point for d in descents for point in (d.before, d.peak, d.after)),
        }
        unknown = named - {None, *(entry.point for entry in self.points)}
        if unknown:
            raise ValueError(f"{min(map(str, unknown))}: is no point of the view")
        if self.best is not None and self.at(self.best).on_this_data is not Verdict.BEST:
            raise ValueError(f"{self.best}: is best, and its verdict another")
        if self.best is None and any(a.outcome is not Outcome.CANNOT_TELL for a in answers):
            raise ValueError("an answer without a best point")
        return self


@dataclass(frozen=True, config=CONFIG)
class JudgedView:
    """One view of an experiment."""

    recipe: str
    stopping: str
    verdict: ViewVerdict


@dataclass(frozen=True, config=CONFIG)
class Verdicts:
    """What evaluate finds out: every view, the main one first, and the answer in words."""

    axis: str
    points: tuple[Point, ...]
    replicates: int
    views: tuple[JudgedView, ...]
    answer: str

    @property
    def by_view(self) -> dict[View, ViewVerdict]:
        """The verdict of each (recipe, stopping)."""
        return {(view.recipe, view.stopping): view.verdict for view in self.views}

    @property
    def sentence(self) -> str:
        """The first line of the answer, which says the most."""
        return self.answer.partition("\n")[0]

    @model_validator(mode="after")
    def _check(self) -> "Verdicts":
        for view in self.views:
            if tuple(entry.point for entry in view.verdict.points) != self.points:
                raise ValueError(f"{view.recipe} {view.stopping}: is of other points")
            if view.verdict.replicates != self.replicates:
                raise ValueError(f"{view.recipe} {view.stopping}: is of other replicates")
        if not self.sentence.endswith("."):
            raise ValueError("answer: begins with no sentence")
        return self


def recommend(views: Mapping[View, ViewVerdict]) -> tuple[View, PointVerdict] | None:
    """The view whose recommended point has the least mean validation loss, and that point.

    It is chosen on validation data alone; the first of equals. None where too many replicates
    diverged at every point of every view.
    """
    found = [
        (point.validation_mean, view, point)
        for view, verdict in views.items()
        for point in verdict.points
        if point.point == verdict.recommended and point.validation_mean is not None
    ]
    if not found:
        return None
    _, view, point = min(found, key=lambda entry: entry[0])
    return view, point
