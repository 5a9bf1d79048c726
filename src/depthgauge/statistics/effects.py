"""What is said of a view beside the first one: what it makes of the rises of test loss."""

from enum import StrEnum

from pydantic.dataclasses import dataclass

from depthgauge.statistics.estimates import CONFIG, Interval, Point


class Effect(StrEnum):
    """What a view does to the rise of the first one at its threshold."""

    REMOVES = "removes"
    LESSENS = "lessens"
    LEAVES = "leaves"
    ENLARGES = "enlarges"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, config=CONFIG)
class Compared:
    """The rises of both views at a point, as shares of the first one's best test loss.

    difference, interval: of this view's rise less the first one's, with its 95 % interval.
    """

    point: Point
    first: float | None
    rise: float | None
    difference: float | None
    interval: Interval | None


@dataclass(frozen=True, config=CONFIG)
class Cure:
    """What a view makes of the first one's rises; effect: at the first one's threshold."""

    recipe: str
    stopping: str
    effect: Effect | None
    points: tuple[Compared, ...]

    def at(self, point: Point) -> Compared:
        """What is compared at a point. Raises KeyError for one that there is not."""
        return {entry.point: entry for entry in self.points}[point]
