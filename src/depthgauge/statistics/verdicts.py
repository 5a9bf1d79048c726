"""What a judgement gives: numbers and words, no sentences (see `sentences`)."""

from dataclasses import dataclass

from depthgauge.statistics.words import Outcome, Verdict


@dataclass(frozen=True)
class Interval:
    """A two-sided 95 % interval, for one comparison by itself (not adjusted for the others)."""

    low: float
    high: float


@dataclass(frozen=True)
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
        return Interval(self.interval.low * scale, self.interval.high * scale)


@dataclass(frozen=True)
class PointVerdict:
    """One point: means over its finite replicates, and a verdict for each question.

    comparison is None at b, at diverged points, and where there is no b. It is descriptive before
    b, where nothing is tested (adjusted_p and lower_bound None). still_falling is None where it
    cannot be told.
    """

    point: int
    on_this_data: Verdict
    for_new_data: Verdict
    finite_replicates: int
    test_mean: float | None
    test_interval: Interval | None
    validation_mean: float | None
    train_mean: float | None
    still_falling: bool | None
    comparison: Comparison | None


@dataclass(frozen=True)
class Rise:
    """The first resolved rise of test loss beyond the best point, whatever its cause."""

    point: int
    verdict: Verdict
    comparison: Comparison


@dataclass(frozen=True)
class Answer:
    """The answer to one of the two questions; threshold is None unless one was found."""

    outcome: Outcome
    threshold: int | None
    rise: Rise | None


@dataclass(frozen=True)
class ViewVerdict:
    """All that is said of one view.

    best: b, the point of least mean test loss: it describes the test set. recommended: the point
    of least mean validation loss: the one to choose. stability: share of resamples of the
    replicates with the same (best, threshold) on this data; None where nothing can be told.
    """

    points: tuple[PointVerdict, ...]
    best: int | None
    recommended: int | None
    interpolation_threshold: int | None
    on_this_data: Answer
    for_new_data: Answer
    stability: float | None
    replicates: int
