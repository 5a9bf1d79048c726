"""The functions that networks of one input have learnt, a panel for each point."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import (
    Figure,
    Row,
    along,
    facets,
    layer,
    lookup,
    number,
    point_names,
)
from depthgauge.report.style import COLOURS


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
    x, y = alt.X("input:Q", scale=exact), alt.Y("target:Q", scale=exact, title="target")
    line = layer("line", x, along(y, "prediction"), where="isValid(datum.prediction)")
    return Figure(
        name="functions",
        title="What the networks have learnt",
        caption="Grey: training examples. The line: what one network predicts.",
        chart=facets(
            layer("point", x, y, look="example", where="isValid(datum.target)"),
            line.encode(color=alt.value(COLOURS["test"])),
            by="panel",
            order=list(names.values()),
            width=190,
            height=180,
            panel=lookup(names, f"datum.{axis}"),
        ),
        rows=rows,
        columns=4,
    )
