"""What a judgement gives: numbers and fixed words, no sentences; its own type reads it back.

Every class is frozen and checks what it is given, so that what a file holds is whole or refused.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from pydantic.dataclasses import dataclass

from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.effects import Cure
from depthgauge.statistics.estimates import CONFIG, Comparison, Estimate, Interval, Point, View


class Verdict(StrEnum):
    """What is said of one point of a view."""

    BEST = "best"
    BEFORE_BEST = "before best"
    OVERFITS = "overfits"
    PARTLY_OVERFITS = "partly overfits"
    OPTIMIZATION_PROBLEM = "optimization problem"
    CAUSE_UNCLEAR = "cause unclear"
    NO_RISE = "no rise"
    NO_RISE_RESOLVED = "no rise resolved"
    DIVERGED = "diverged"
    CANNOT_TELL = "cannot tell"


class Outcome(StrEnum):
    """What is said of a whole view, once for each of the questions."""

    THRESHOLD_FOUND = "threshold found"
    NO_OVERFITTING = "no overfitting"
    NONE_RESOLVED = "none resolved"
    GRID_TOO_SHORT = "grid too short"
    CANNOT_TELL = "cannot tell"


# A resolved rise of test loss, of which a wider gap to the train loss is the larger part, or a part
# that is not told apart from the other: overfitting. The threshold is the first of these.
OVERFITTING = frozenset({Verdict.OVERFITS, Verdict.PARTLY_OVERFITS})
# What leaves open whether a point overfits.
UNRESOLVED = frozenset({Verdict.CAUSE_UNCLEAR, Verdict.NO_RISE_RESOLVED, Verdict.CANNOT_TELL})
# Any resolved rise of test loss, told apart by its parts.
RISES = OVERFITTING | {Verdict.OPTIMIZATION_PROBLEM, Verdict.CAUSE_UNCLEAR}


@dataclass(frozen=True, config=CONFIG)
class PointVerdict:
    """One point: a verdict for each question, and estimates over its finite replicates.

    for_new_groups is None where no groups are known. estimates: of every quantity of every split
    ("test_loss", "train_error", "test_r2", ...) at the view's stopping. crossed_interval: of the
    mean test loss, over all that varies. memorised: how many of the finite replicates have learnt
    their training set by heart, None of a metric. train_median: the median of their train losses,
    on which a few that trained badly have no weight. comparison is None at b, at diverged points,
    and where there is no b. It is descriptive before b, where nothing is tested (no p and no
    bounds). still_falling is None where it cannot be told.
    """

    point: Point
    on_this_data: Verdict
    for_new_data: Verdict
    for_new_groups: Verdict | None
    finite_replicates: int
    memorised: int | None
    train_median: float | None
    estimates: Mapping[str, Estimate]
    crossed_interval: Interval | None
    still_falling: bool | None
    comparison: Comparison | None

    @property
    def means(self) -> dict[str, float | None]:
        """The mean of each quantity."""
        return {name: estimate.mean for name, estimate in self.estimates.items()}

    def __post_init__(self) -> None:
        for name in ("train_loss", "validation_loss", "test_loss"):
            if name not in self.estimates:
                raise ValueError(f"point {self.point}: {name} is missing")
        said = {self.on_this_data, self.for_new_data, self.for_new_groups}
        if said & RISES and self.comparison is None:
            raise ValueError(f"point {self.point}: a rise without its comparison")


@dataclass(frozen=True, config=CONFIG)
class Rise:
    """The first resolved rise of test loss beyond the best point, whatever its cause."""

    point: Point
    verdict: Verdict
    comparison: Comparison

    def __post_init__(self) -> None:
        if self.verdict not in RISES:
            raise ValueError(f"{self.verdict}: is no rise")


@dataclass(frozen=True, config=CONFIG)
class Answer:
    """The answer to one of the questions; threshold is None unless one was found.

    not_excluded: points between the best and the threshold at which overfitting is neither shown
    nor excluded: with them the threshold makes a confidence set, since each was tested from both
    sides at the corrected level.
    """

    outcome: Outcome
    threshold: Point | None
    rise: Rise | None
    not_excluded: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.THRESHOLD_FOUND) != (self.threshold is not None):
            raise ValueError(f"{self.outcome}, and the threshold is {self.threshold}")


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

    best: b, the point of least mean test loss: it describes the test set. recommended: the simplest
    point that validation loss does not tell apart from least_validation, where its mean is least.
    stability: share of resamples of the replicates with the same (best, threshold) on this data;
    None where nothing can be told. studies: how many searches the replicates are shared out among,
    which are the unit then; None where each replicate is.
    double_descent: of the test loss ("loss") and, with classes, of the error rate ("error").
    """

    points: tuple[PointVerdict, ...]
    best: Point | None
    recommended: Point | None
    least_validation: Point | None
    interpolation_threshold: Point | None
    on_this_data: Answer
    for_new_data: Answer
    for_new_groups: Answer | None
    stability: float | None
    replicates: int
    studies: int | None
    double_descent: Mapping[str, DoubleDescent | None]

    def at(self, point: Point | None) -> PointVerdict:
        """What is said of one point. Raises KeyError for a point that there is not."""
        return {entry.point: entry for entry in self.points}[point]  # type: ignore[index]

    def __post_init__(self) -> None:
        every = (self.on_this_data, self.for_new_data, self.for_new_groups)
        answers = [answer for answer in every if answer is not None]
        descents = [d for d in self.double_descent.values() if d is not None]
        named = {
            *(self.best, self.recommended, self.least_validation, self.interpolation_threshold),
            *(point for answer in answers for point in (answer.threshold, *answer.not_excluded)),
            *(answer.rise.point for answer in answers if answer.rise),
            *(point for d in descents for point in (d.before, d.peak, d.after)),
        }
        unknown = named - {None, *(entry.point for entry in self.points)}
        if unknown:
            raise ValueError(f"{min(map(str, unknown))}: is no point of the view")
        for point in {answer.threshold for answer in answers} - {None}:
            if self.at(point).comparison is None:
                raise ValueError(f"{point}: is a threshold without its comparison")
        known = self.for_new_groups is not None
        if any((entry.for_new_groups is not None) != known for entry in self.points):
            raise ValueError("new groups are spoken of at some points and not at others")
        if self.best is not None and self.at(self.best).on_this_data is not Verdict.BEST:
            raise ValueError(f"{self.best}: is best, and its verdict another")
        if self.best is None and any(a.outcome is not Outcome.CANNOT_TELL for a in answers):
            raise ValueError("an answer without a best point")


@dataclass(frozen=True, config=CONFIG)
class JudgedView:
    """One view of an experiment.

    verdict: by its loss. metrics: by each metric that counts, as a cost in the place of the loss.
    """

    recipe: str
    stopping: str
    verdict: ViewVerdict
    metrics: Mapping[str, ViewVerdict] = field(default_factory=dict)

    @property
    def view(self) -> View:
        """Its name."""
        return self.recipe, self.stopping

    def __post_init__(self) -> None:
        if self.recipe == "grouped" and self.verdict.for_new_groups is None:
            raise ValueError("grouped: says nothing of new groups")


@dataclass(frozen=True, config=CONFIG)
class Choice:
    """The network to use, and the one of least mean validation loss, which may be the same.

    recipe, stopping, point: the simplest that validation loss does not tell apart from the other,
    least_recipe, least_stopping, least_point. rise: how much higher its validation loss is, as a
    share of the least, with its 95 % interval.
    """

    recipe: str
    stopping: str
    point: Point
    least_recipe: str
    least_stopping: str
    least_point: Point
    rise: float | None
    interval: Interval | None

    @property
    def view(self) -> View:
        """The view of the network to use."""
        return self.recipe, self.stopping

    @property
    def least_view(self) -> View:
        """The view of the one of least validation loss."""
        return self.least_recipe, self.least_stopping


@dataclass(frozen=True, config=CONFIG)
class Verdicts:
    """What evaluate finds out: every view, the main one first, and the answer in words.

    choice: None where too many replicates diverged at every point. cures: what each further view
    of the choice's rivals makes of the first one's rises. baselines: what any network must beat,
    each beside the choice.
    """

    axis: str
    points: tuple[Point, ...]
    replicates: int
    views: tuple[JudgedView, ...]
    choice: Choice | None
    cures: tuple[Cure, ...]
    answer: str
    baselines: tuple[Baseline, ...] = ()

    @property
    def by_view(self) -> dict[View, ViewVerdict]:
        """The verdict of each (recipe, stopping)."""
        return {each.view: each.verdict for each in self.views}

    @property
    def metrics(self) -> list[str]:
        """The metrics that were judged."""
        return list(next((view.metrics for view in self.views), ()))

    @property
    def sentence(self) -> str:
        """The first line of the answer, which says the most."""
        return self.answer.partition("\n")[0]

    def __post_init__(self) -> None:
        for view in self.views:
            for verdict in (view.verdict, *view.metrics.values()):
                if tuple(entry.point for entry in verdict.points) != self.points:
                    raise ValueError(f"{view.recipe} {view.stopping}: is of other points")
                if verdict.replicates != self.replicates:
                    raise ValueError(f"{view.recipe} {view.stopping}: is of other replicates")
            if list(view.metrics) != self.metrics:
                raise ValueError(f"{view.recipe} {view.stopping}: is of other metrics")
        if not self.sentence.endswith("."):
            raise ValueError("answer: begins with no sentence")
