"""The views side by side: where overfitting begins by each, in a few words for a table."""

from dataclasses import dataclass

from depthgauge.axes.axis import Axis
from depthgauge.report.prose.numbers import percent, points
from depthgauge.statistics.estimates import Interval
from depthgauge.statistics.verdicts import Answer, Outcome, PointVerdict, ViewVerdict

SHORT = {
    Outcome.NO_OVERFITTING: "not at all, shown",
    Outcome.NONE_RESOLVED: "none resolved",
    Outcome.GRID_TOO_SHORT: "grid too short",
    Outcome.CANNOT_TELL: "cannot tell",
}


@dataclass(frozen=True)
class ToldView:
    """A row of the table. groups: None where rows have none. rise: at the threshold, in percent."""

    best: str
    here: str
    rise: str
    new: str
    groups: str | None
    steady: str


def told_view(verdict: ViewVerdict, of: Axis) -> ToldView:
    """What one view says to each question."""
    start, groups = verdict.on_this_data.threshold, verdict.for_new_groups
    return ToldView(
        best="–" if verdict.best is None else of.point_name(verdict.best),
        here=_begins(verdict.on_this_data, of),
        rise="" if start is None else rise_with_parts(verdict.at(start))[0],
        new=_begins(verdict.for_new_data, of),
        groups=None if groups is None else _begins(groups, of),
        steady="–" if verdict.stability is None else percent(verdict.stability),
    )


def _begins(answer: Answer, of: Axis) -> str:
    if answer.threshold is None:
        return SHORT[answer.outcome]
    return of.point_name(answer.threshold) + (" at the latest" if answer.not_excluded else "")


def rise_with_parts(point: PointVerdict) -> list[str]:
    """The paired difference and its parts in percent of the best test loss, with their intervals.

    Empty where there is none.
    """
    c = point.comparison
    if c is None or c.relative_rise is None or not c.difference:
        return ["", "", ""]
    scale = c.relative_rise / c.difference
    parts = (
        (c.difference, c.crossed_interval or c.interval),
        (c.train_difference, c.train_interval),
        (c.gap_difference, c.gap_interval),
    )
    return [_with_ends(scale, value, around) for value, around in parts]


def _with_ends(scale: float, value: float | None, around: Interval | None) -> str:
    if value is None:
        return ""
    ends = f" ({points(scale * around.low)} to {points(scale * around.high)})" if around else ""
    return f"{'+' if scale * value > 0 else ''}{points(scale * value)}{ends}"
