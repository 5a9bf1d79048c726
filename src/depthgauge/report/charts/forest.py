"""Paired differences from the best point, with their intervals: a forest plot."""

from typing import Any

from depthgauge.report.charts.plot import Figure, Grid, Row, axes, number, panelled
from depthgauge.report.facts import Facts, View
from depthgauge.report.prose.numbers import setting, with_interval
from depthgauge.report.style import (
    GREY,
    VERDICT_COLOURS,
    VERDICT_MARKERS,
    view_title,
)
from depthgauge.statistics.verdicts import Verdict


def forest_figure(facts: Facts) -> Figure | None:
    """One panel for each view; None where no point can be compared with another."""
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    rows: list[Row] = []
    known: set[Verdict] = set()
    views = [view for view in facts.verdicts if _comparable(facts, view)]
    for panel, view in enumerate(views):
        across, up = axes(panel)
        shapes += [_line(across, up, 0.0, "solid"), _line(across, up, 100 * facts.margin, "dash")]
        for place, point in enumerate(facts.verdicts[view].points):
            verdict = point.on_this_data
            comparison = point.comparison
            rise = comparison.relative_rise if comparison else None
            around = comparison.relative_interval if comparison else None
            if verdict is Verdict.BEST:
                rise = 0.0
            rows.append(
                {
                    "recipe": view[0],
                    "stopping": view[1],
                    facts.axis: point.point,
                    "relative_rise": number(rise),
                    "low": number(around.low if around else None),
                    "high": number(around.high if around else None),
                    "verdict": str(verdict),
                }
            )
            if rise is None:
                continue
            said = (comparison and with_interval(comparison)) or "the best"
            ends = (around.low, around.high) if around else (rise, rise)
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "xaxis": across,
                    "yaxis": up,
                    "x": [number(100 * rise)],
                    "y": [place],
                    "marker": {
                        "color": VERDICT_COLOURS[verdict],
                        "symbol": VERDICT_MARKERS[verdict],
                        "size": 10,
                    },
                    "error_x": {
                        "type": "data",
                        "symmetric": False,
                        "array": [number(100 * (ends[1] - rise))],
                        "arrayminus": [number(100 * (rise - ends[0]))],
                        "color": VERDICT_COLOURS[verdict],
                    },
                    "text": [f"{facts.of.point_name(point.point)}: {said}"],
                    "hovertemplate": f"%{{text}}<extra>{verdict}</extra>",
                    "name": str(verdict),
                    "legendgroup": str(verdict),
                    "showlegend": verdict not in known,
                }
            )
            known.add(verdict)
    if not traces:
        return None
    count = len(facts.points)
    every = -(-count // 24)
    y = {
        "tickmode": "array",
        "tickvals": list(range(0, count, every)),
        "ticktext": [str(point) for point in facts.points[::every]],
        "range": [count - 0.4, -0.6],
        "showgrid": False,
    }
    grid = Grid(
        [view_title(*view) for view in views],
        2,
        1,
        90 + 24 * min(count, 24),
        "test loss against the best, %",
        facts.of.noun,
    )
    return Figure(
        name="forest",
        title=f"Paired differences from the best {facts.of.noun}",
        caption=(
            f"How much higher the test loss of each {facts.of.noun} is than that of the best one, "
            f"compared replicate by replicate{_intervals(facts)}. The "
            f"dashed line is the margin, {setting(facts.margin)}: a rise counts when it exceeds "
            f"the margin beyond doubt, all pairs of {facts.of.plural} taken together. The numbers "
            "are in the table above."
        ),
        plot=panelled(grid, traces, {"nticks": 6, "range": _range(rows)}, y, shapes=shapes),
        rows=rows,
    )


def _intervals(facts: Facts) -> str:
    if facts.replicates == 1:
        return "; one has no intervals"
    return ", with two-sided 95 % intervals, each by itself"


def _range(rows: list[Row]) -> list[float | None]:
    """From the least to the greatest end of all intervals, in percent, 0 among them."""
    ends = [row[name] for row in rows for name in ("relative_rise", "low", "high")]
    values = [100 * end for end in ends if isinstance(end, float)] + [0.0]
    room = 0.06 * (max(values) - min(values) or 1)
    return [number(min(values) - room), number(max(values) + room)]


def _comparable(facts: Facts, view: View) -> bool:
    return any(
        point.comparison is not None and point.comparison.relative_rise is not None
        for point in facts.verdicts[view].points
    )


def _line(across: str, up: str, at: float, dash: str) -> dict[str, Any]:
    return {
        "type": "line",
        "xref": across,
        "yref": f"{up} domain",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "line": {"color": GREY, "width": 1, "dash": dash},
    }
