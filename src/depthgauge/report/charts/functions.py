"""The functions that networks of one input have learnt, a panel for each point."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import Figure, Row, facets, lookup, number, point_names
from depthgauge.report.style import COLOURS, GREY


def functions_figure(functions: Mapping[Any, Mapping[str, np.ndarray]], axis: str) -> Figure:
    """For each point, training examples (`input`, `target`) and the line (`x`, `prediction`)."""
    names = point_names(axis, functions)
    rows: list[Row] = [
        {axis: point, "input": number(x), name: number(y)}
        for point, columns in functions.items()
        for across, name in (("input", "target"), ("x", "prediction"))
        for x, y in zip(columns[across], columns[name], strict=True)
    ]
    exact = alt.Scale(zero=False, nice=False)
    layer = alt.Chart().encode(alt.X("input:Q", scale=exact))
    return Figure(
        name="functions",
        title="What the networks have learnt",
        caption="Grey: training examples. The line: what one network predicts.",
        chart=facets(
            layer.transform_filter("isValid(datum.target)")
            .mark_point(filled=True, color=GREY, size=10, opacity=0.5)
            .encode(alt.Y("target:Q", scale=exact)),
            layer.transform_filter("isValid(datum.prediction)")
            .mark_line(color=COLOURS["test"])
            .encode(alt.Y("prediction:Q", title="target")),
            by="panel",
            order=list(names.values()),
            width=190,
            height=180,
            panel=lookup(names, f"datum.{axis}"),
        ),
        rows=rows,
        columns=4,
    )
