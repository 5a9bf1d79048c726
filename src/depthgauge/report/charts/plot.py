"""What every figure of the page has: panels, one style, a caption, and its numbers as CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
import plotly.graph_objects as go

from depthgauge.report.style import GRID, INK, PAPER

Row = Mapping[str, object]


@dataclass(frozen=True)
class Figure:
    """name: its id in the page. caption: what it shows, the numbers in words. rows: its numbers."""

    name: str
    title: str
    caption: str
    plot: go.Figure
    rows: Sequence[Row]

    @property
    def json(self) -> str:
        """For a script element: no character that could end it. The same bytes each time."""
        text: str = self.plot.to_json(engine="json")
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    @property
    def csv_address(self) -> str:
        """The numbers behind the figure as a data: address."""
        sink = io.StringIO()
        # A value that only some points have is a column of them all.
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        writer = csv.DictWriter(sink, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return f"data:text/csv;charset=utf-8,{quote(sink.getvalue())}"


@dataclass(frozen=True)
class Grid:
    """How panels lie. columns, narrow: side by side on a wide and on a narrow page.

    row: height of a row of panels in pixels. x, y: titles of the outer axes.
    """

    titles: Sequence[str]
    columns: int
    narrow: int
    row: int
    x: str
    y: str


def axes(panel: int) -> tuple[str, str]:
    """The names of a panel's axes: x and y, x2 and y2, ..."""
    end = "" if panel == 0 else str(panel + 1)
    return f"x{end}", f"y{end}"


def panelled(
    grid: Grid,
    traces: Sequence[Mapping[str, Any]],
    x: Mapping[str, Any],
    y: Mapping[str, Any],
    *,
    shapes: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[Mapping[str, Any]] = (),
    legend: bool = True,
    shared_y: bool = True,
) -> go.Figure:
    """A figure of panels with the same axes; traces name their axes with `axes`.

    Where the panels lie is left to the page's script, which knows its width.
    """
    count = len(grid.titles)
    rows = -(-count // grid.columns)
    top = (40 if legend else 12) + (24 if any(grid.titles) else 0)
    layout: dict[str, Any] = {
        # The library's own template would add its colours, and 7 kB to each figure.
        "template": go.layout.Template(),
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": INK},
        "hoverlabel": {"bgcolor": PAPER, "font": {"color": INK}},
        "margin": {
            "l": 64,
            "r": 12,
            "t": top,
            "b": 52,
        },
        "showlegend": legend,
        "legend": {"orientation": "h", "yref": "container", "y": 1, "yanchor": "top", "x": 0},
        "grid": {"rows": rows, "columns": min(count, grid.columns), "pattern": "independent"},
        "height": rows * grid.row + 60,
        "meta": {
            "panels": count,
            "columns": grid.columns,
            "narrow": grid.narrow,
            "row": grid.row,
            "x": grid.x,
            "y": grid.y,
            "shared_y": shared_y,
        },
    }
    titles = []
    for panel, title in enumerate(grid.titles):
        across, up = axes(panel)
        common = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID, "automargin": True}
        layout[f"xaxis{across[1:]}"] = {**common, **x, "anchor": up}
        layout[f"yaxis{up[1:]}"] = {
            **common,
            **y,
            "anchor": across,
            **({"matches": "y"} if shared_y and panel else {}),
        }
        titles.append(
            {
                "text": title,
                "xref": f"{across} domain",
                "yref": f"{up} domain",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13},
            }
        )
    layout["annotations"] = [*titles, *notes]
    layout["shapes"] = list(shapes)
    return go.Figure(data=list(traces), layout=layout)


def number(value: float | None) -> float | None:
    """Six digits are more than a figure can show; None where there is no finite number."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")


def numbers(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """`number` of each."""
    return [number(float(value)) for value in values]


def plain(value: float) -> str:
    """Four digits without an exponent, thousands apart: "114,100"."""
    return f"{float(f'{value:.4g}'):,.12g}"


def decades(low: float, high: float) -> dict[str, Any]:
    """The labels of a logarithmic axis: each decade, as powers of ten where there are many."""
    count = math.log10(high / low)
    if count <= 6:
        return {"dtick": 1, "exponentformat": "none"}
    return {"dtick": math.ceil(count / 6), "exponentformat": "power"}


def ticks(points: Sequence[int]) -> dict[str, Any]:
    """An axis of places 0, 1, ... that bears the points; not every one where there are many."""
    every = -(-len(points) // 12)
    shown = list(range(0, len(points), every))
    return {
        "tickmode": "array",
        "tickvals": shown,
        "ticktext": [str(points[place]) for place in shown],
        "range": [-0.6, len(points) - 0.4],
        "showgrid": False,
    }
