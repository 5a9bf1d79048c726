"""Which network to use: chosen on validation data alone, over all views."""

from collections.abc import Mapping

from depthgauge.statistics.verdicts import PointVerdict, ViewVerdict

View = tuple[str, str]


def recommended(views: Mapping[View, ViewVerdict]) -> tuple[View, PointVerdict] | None:
    """The view whose recommended point has the least mean validation loss, and that point.

    The first of equals; None where too many replicates diverged at every point of every view.
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
