"""Paired differences from the best point, with their intervals: a forest plot."""

import json
from typing import Any

import altair as alt

from depthgauge.report.charts.chart import (
    Figure,
    Row,
    facets,
    layer,
    lookup,
    number,
    point_names,
    scale,
)
from depthgauge.report.facts import Facts
from depthgauge.report.prose.numbers import setting
from depthgauge.report.style import VERDICT_COLOURS, VERDICT_MARKERS, view_title
from depthgauge.statistics.verdicts import Verdict, View


def paired_figure(facts: Facts) -> Figure | None:
    """One panel for each view; None where no point can be compared with another."""
    views = [view for view in facts.verdicts if _comparable(facts, view)]
    if not views:
        return None
    rows = [row for view in views for row in _rows(facts, view)]
    names = {"/".join(view): view_title(*view) for view in views}
    return Figure(
        name="paired",
        title=f"Paired differences from the best {facts.of.noun}",
        caption=(
            f"How much higher the test loss of each {facts.of.noun} is than that of the best one, "
            f"compared replicate by replicate{_intervals(facts)}. The "
            f"dashed line is the margin, {setting(facts.margin)}: a rise counts when it exceeds "
            f"the margin beyond doubt, all pairs of {facts.of.plural} taken together. The numbers "
            "are in the table above."
        ),
        chart=facets(
            *_layers(facts, rows),
            by="view",
            order=list(names.values()),
            width=380,
            height=30 + 24 * min(len(facts.points), 24),
            view=lookup(names, "datum.recipe + '/' + datum.stopping"),
            point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}"),
            rise="round(1000 * datum.relative_rise) / 10",
            lower="100 * datum.low",
            upper="100 * datum.high",
            interval="isValid(datum.low)"
            " ? format(100 * datum.low, '.1f') + ' to ' + format(100 * datum.high, '.1f')"
            " : 'none'",
        ),
        rows=rows,
        columns=2,
    )


def _layers(facts: Facts, rows: list[Row]) -> list[alt.Chart]:
    title = "test loss against the best, %"
    known = [v for v in Verdict if any(row["verdict"] == v for row in rows)]
    colour = alt.Color("verdict:N", scale=scale({v: VERDICT_COLOURS[v] for v in known}))
    shown: Any = list(facts.points[:: -(-len(facts.points) // 24)])
    y = alt.Y(
        f"{facts.axis}:O",
        scale=alt.Scale(type="band", domain=list(facts.points), padding=0),
        axis=alt.Axis(
            grid=False,
            labelOverlap=False,
            values=shown,
        ),
        title=facts.of.noun,
    )
    x = alt.X(
        "rise:Q",
        title=title,
        axis=alt.Axis(tickCount=6, grid=True),
        scale=alt.Scale(nice=False, padding=10),
    )
    shape = alt.Shape("verdict:N", scale=scale({v: VERDICT_MARKERS[v] for v in known}))
    once = f"datum.{facts.axis} === {json.dumps(facts.points[0])}"
    ends = (y, colour, alt.X("lower:Q", title=title), alt.X2("upper:Q"))
    told = {"point": facts.of.noun, "verdict": "verdict", "rise": "against the best, %"}
    told["interval"] = "95 % interval"
    seen = "isValid(datum.relative_rise)"
    intervals = layer("errorbar", *ends, where="isValid(datum.low)")
    return [
        layer("rule", alt.X(datum=0), where=once),
        layer("rule", alt.X(datum=100 * facts.margin), look="margin", where=once),
        *([intervals] if facts.replicates > 1 else []),
        layer("point", x, y, colour, shape, look="verdict", where=seen, tips=told),
    ]


def _rows(facts: Facts, view: View) -> list[Row]:
    rows: list[Row] = []
    for point in facts.verdicts[view].points:
        comparison = point.comparison
        around = comparison.relative_interval if comparison else None
        rise = comparison.relative_rise if comparison else None
        rows.append(
            {
                "recipe": view[0],
                "stopping": view[1],
                facts.axis: point.point,
                "relative_rise": number(0.0 if point.on_this_data is Verdict.BEST else rise),
                "low": number(around.low if around else None),
                "high": number(around.high if around else None),
                "verdict": str(point.on_this_data),
            }
        )
    return rows


def _intervals(facts: Facts) -> str:
    if facts.replicates == 1:
        return "; one has no intervals"
    return ", with two-sided 95 % intervals, each by itself"


def _comparable(facts: Facts, view: View) -> bool:
    return any(
        point.comparison is not None and point.comparison.relative_rise is not None
        for point in facts.verdicts[view].points
    )
