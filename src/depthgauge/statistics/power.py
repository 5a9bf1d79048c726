"""What another number of replicates would resolve, from what one experiment has found."""

from dataclasses import dataclass

from depthgauge.statistics.estimates import Bounds, Comparison, Point
from depthgauge.statistics.verdicts import ViewVerdict


@dataclass(frozen=True)
class Power:
    """The smallest rises at a point that are resolved with a chance of 80 %, as shares."""

    point: Point
    on_this_data: float
    for_new_data: float | None
    for_new_groups: float | None


def power(verdict: ViewVerdict, margin: float, replicates: int) -> Power | None:
    """At the first point beyond the best, with so many replicates; None where nothing is known.

    The part of an error that is of replicates shrinks as the square root of their number, the rest
    is taken to stay (`Bounds.limit`), though a little of it shrinks too.
    """
    for point in verdict.points:
        found = point.comparison
        if found is not None and found.smallest_rise is not None:
            share = verdict.replicates / replicates
            here = margin + (found.smallest_rise - margin) * share**0.5
            return Power(point.point, here, *_beyond(found, margin, share))
    return None


def _beyond(found: Comparison, margin: float, share: float) -> tuple[float | None, float | None]:
    return _with(found.new_data, margin, share), _with(found.new_groups, margin, share)


def _with(bounds: Bounds | None, margin: float, share: float) -> float | None:
    if bounds is None or bounds.smallest_rise is None or bounds.limit is None:
        return None
    now, least = (bounds.smallest_rise - margin) ** 2, (bounds.limit - margin) ** 2
    return margin + float((least + max(0.0, now - least) * share) ** 0.5)
