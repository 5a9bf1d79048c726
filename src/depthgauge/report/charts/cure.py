"""The rise of test loss beyond the best point, under each view: what lessens it?"""

import altair as alt

from depthgauge.report.charts.chart import (
    TABLE,
    Figure,
    Row,
    along,
    layer,
    lookup,
    number,
    point_axis,
    point_names,
    scale,
)
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render
from depthgauge.report.style import COLOURS, GREY, view_title
from depthgauge.statistics.effects import Compared, Cure


def cure_figures(facts: Facts) -> list[Figure]:
    """One, or none where there is nothing to compare."""
    if not facts.cures or not facts.cures[0].points:
        return []
    first = view_title(*next(iter(facts.verdicts)))
    names = [first, *(view_title(each.recipe, each.stopping) for each in facts.cures)]
    colours = [GREY, *list(COLOURS.values())[: len(names) - 1]]
    rows: list[Row] = [
        {facts.axis: entry.point, "view": first, "rise": number(entry.first)}
        for entry in facts.cures[0].points
    ]
    rows += [_row(facts, each, entry) for each in facts.cures for entry in each.points]
    x = point_axis(facts.axis, facts.points, facts.of.label)
    y = alt.Y("rise:Q", title="rise of test loss", axis=alt.Axis(format="%"))
    legend = alt.Legend(labelLimit=300, columns=1)
    colours_of = scale(dict(zip(names, colours, strict=False)))
    colour = alt.Color("view:N", scale=colours_of, legend=legend)
    told = {"point": facts.of.noun, "view": "view", "rise": "rise"}
    known = "isValid(datum.rise)"
    chart = alt.layer(
        layer("errorbar", x, along(y, "low"), alt.Y2("high:Q"), colour, where="isValid(datum.low)"),
        layer("line", x, y, colour, where=known),
        layer("point", x, y, colour, where=known, tips=told),
        data=TABLE,
    ).transform_calculate(
        point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}")
    )
    return [
        Figure(
            name="cure",
            title="The rise of test loss, and what lessens it",
            caption=render("captions/cure", of=facts.of, first=first),
            chart=chart.properties(width=520, height=280),
            rows=rows,
            columns=1,
        )
    ]


def _row(facts: Facts, cure: Cure, entry: Compared) -> Row:
    """A mark: the interval is that of the difference, around the rise that it leads to."""
    row: dict[str, object] = {
        facts.axis: entry.point,
        "view": view_title(cure.recipe, cure.stopping),
        "rise": number(entry.rise),
    }
    if entry.interval is not None and entry.first is not None:
        row["low"] = number(entry.first + entry.interval.low)
        row["high"] = number(entry.first + entry.interval.high)
    return row
