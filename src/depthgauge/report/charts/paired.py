"""Paired differences from the best point, with their intervals: a forest plot."""

import json
from collections.abc import Iterator
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
    view_names,
)
from depthgauge.report.facts import Facts
from depthgauge.report.prose.numbers import examples
from depthgauge.report.prose.render import render
from depthgauge.report.style import VERDICT_COLOURS, VERDICT_MARKERS, view_title
from depthgauge.statistics.estimates import Comparison, Interval, View
from depthgauge.statistics.verdicts import Verdict


def paired_figures(facts: Facts) -> list[Figure]:
    """One figure, a panel for each view; none where no point can be compared with another."""
    compared = {view: [p.comparison for p in v.points] for view, v in facts.verdicts.items()}
    views = [
        v for v, found in compared.items() if any(c and c.relative_rise is not None for c in found)
    ]
    if not views:
        return []
    rows = [row for view in views for row in _rows(facts, view)]
    chart = facets(
        *_layers(facts, rows),
        by="view",
        order=[view_title(*view) for view in views],
        width=380,
        height=30 + 24 * min(len(facts.points), 24),
        view=view_names(views),
        point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}"),
        rise="round(1000 * datum.relative_rise) / 10",
        lower="100 * datum.low",
        upper="100 * datum.high",
        interval="isValid(datum.low)"
        " ? format(100 * datum.low, '.1f') + ' to ' + format(100 * datum.high, '.1f') : 'none'",
    )
    said = render(
        "captions/paired",
        of=facts.of,
        replicates=facts.settings.trained,
        studies=any(verdict.studies for verdict in facts.verdicts.values()),
        examples=examples(facts.verdicts[views[0]]),
        margin=facts.settings.threshold.margin,
    )
    title = f"Paired differences from the best {facts.of.noun}"
    first, switches = view_title(*views[0]), {}
    if len(views) > 1:
        switches["views"] = {"first": "the first", "all": f"all {len(views)}"}
    return [Figure("paired", title, said, chart, rows, columns=2, first=first, switches=switches)]


def _interval(comparison: Comparison) -> Interval | None:
    return comparison.relative_crossed_interval or comparison.relative_interval


def _layers(facts: Facts, rows: list[Row]) -> list[alt.Chart]:
    title = "test loss against the best, %"
    known = [v for v in Verdict if any(row["verdict"] == v for row in rows)]
    colour = alt.Color("verdict:N", scale=scale({v: VERDICT_COLOURS[v] for v in known}))
    shown: Any = list(facts.points[:: -(-len(facts.points) // 24)])
    labels = alt.Axis(grid=False, labelOverlap=False, values=shown)
    bands = alt.Scale(type="band", domain=list(facts.points), padding=0)
    y = alt.Y(f"{facts.axis}:O", scale=bands, axis=labels, title=facts.of.noun)
    across = alt.Axis(tickCount=6, grid=True)
    x = alt.X("rise:Q", title=title, axis=across, scale=alt.Scale(nice=False, padding=10))
    shape = alt.Shape("verdict:N", scale=scale({v: VERDICT_MARKERS[v] for v in known}))
    once = f"datum.{facts.axis} === {json.dumps(facts.points[0])}"
    ends = (y, colour, alt.X("lower:Q", title=title), alt.X2("upper:Q"))
    told = {"point": facts.of.noun, "verdict": "verdict", "rise": "against the best, %"}
    told["interval"] = "95 % interval"
    seen = "isValid(datum.relative_rise)"
    intervals = layer("errorbar", *ends, where="isValid(datum.low)")
    return [
        layer("rule", alt.X(datum=0), where=once),
        layer(
            "rule", alt.X(datum=100 * facts.settings.threshold.margin), look="margin", where=once
        ),
        *([intervals] if facts.settings.trained > 1 else []),
        layer("point", x, y, colour, shape, look="verdict", where=seen, tips=told),
    ]


def _rows(facts: Facts, view: View) -> Iterator[Row]:
    for point in facts.verdicts[view].points:
        comparison = point.comparison
        around = _interval(comparison) if comparison else None
        rise = comparison.relative_rise if comparison else None
        yield {
            "recipe": view[0],
            "stopping": view[1],
            facts.axis: point.point,
            "relative_rise": number(0.0 if point.on_this_data is Verdict.BEST else rise),
            "low": number(around.low if around else None),
            "high": number(around.high if around else None),
            "verdict": str(point.on_this_data),
        }
