"""What every figure has: a Vega-Lite chart, a caption, and its numbers as one CSV table.

The page, the SVG pictures and the notebooks draw the same chart.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote

import altair as alt
import numpy as np
import vl_convert

from depthgauge.axes.axis import find_axis
from depthgauge.files.csv_files import csv_text, guarded
from depthgauge.report.charts.controls import Axes, Slider
from depthgauge.report.style import BELOW, COLOURS, CONFIG, MARKERS, WIDE, view_title
from depthgauge.statistics.estimates import View

Row = Mapping[str, object]
Chart = alt.LayerChart | alt.FacetChart | alt.ConcatChart
# The figure's table, which `Figure.spec` brings.
TABLE = alt.NamedData("table")
EMPTY: Mapping[str, str] = {}
# The release of Vega-Lite that Altair writes for, as vl-convert names it.
VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_CLIP = re.compile(r'(?<=id=")clip\d+|(?<=url\(#)clip\d+')
_PLACES, _DIGITS = re.compile(r' (?:transform|d)="[^"]*"'), re.compile(r"(\.\d\d)\d+")
# What needs no percent sign in a data: address.
_PLAIN = " ,;:/+()[]{}=!*@$"


@dataclass(frozen=True, repr=False)
class Figure:
    """A chart of the numbers in `rows`, which reach it as one CSV table.

    name: its id in the page. caption: what it shows, the numbers in words. columns, narrow: panels
    side by side on a wide page and on a phone. apart: each panel has a vertical axis of its own.
    aspect: height of a panel by its width, where that is fixed. canvas: too many marks for SVG in a
    page. axes: vertical axes to choose from. first: the panel that is shown until all are asked
    for. slider: what steps through the rows. switches: the words for each choice, by what is
    chosen, the one that is made at first before the others. numbers_of: the figure whose table the
    page draws this one from, where it has none of its own.
    """

    name: str
    title: str
    caption: str
    chart: Chart
    rows: Sequence[Row]
    columns: int = 1
    narrow: int = 1
    apart: bool = False
    aspect: float | None = None
    canvas: bool = False
    axes: Axes = field(default_factory=dict)
    first: str = ""
    slider: Slider | None = None
    switches: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers_of: str = ""

    @property
    def csv(self) -> str:
        """The numbers; a value that only some rows have is a column of them all.

        To a spreadsheet no text in it is a formula; the page reads each as it was.
        """
        return csv_text([map(guarded, line) for line in self._lines])

    @property
    def _lines(self) -> list[list[object]]:
        names = self._column_names
        return [[*names], *([row.get(name, "") for name in names] for row in self.rows)]

    @property
    def csv_address(self) -> str:
        """The numbers as a data: address."""
        return f"data:text/csv;charset=utf-8,{quote(self.csv, safe=_PLAIN)}"

    @property
    def _column_names(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def spec(self, *, table: bool = True) -> dict[str, Any]:
        """The Vega-Lite specification; without `table`, whoever draws it brings the numbers."""
        spec: dict[str, Any] = self.chart.to_dict()
        numeric = {
            name: "number"
            for name in self._column_names
            if all(isinstance(row.get(name), int | float | None) for row in self.rows)
        }
        spec["data"] = {"format": {"type": "csv", "parse": numeric}}
        if table:
            spec["data"]["values"] = csv_text(self._lines)
        if "facet" in spec or "concat" in spec:
            spec["columns"] = self.columns
        names = ("columns", "narrow", "apart", "aspect", "canvas")
        spec["usermeta"] = {name: getattr(self, name) for name in names}
        spec["usermeta"] |= {n: getattr(self, n) for n in ("axes", "first") if getattr(self, n)}
        if self.slider:
            spec["usermeta"]["slider"] = asdict(self.slider)
        spec["usermeta"]["table"] = f"csv-{self.numbers_of or self.name}"
        return spec | {"config": CONFIG}

    @property
    def json(self) -> str:
        """For a script element: no character that could end it. The same bytes each time."""
        text = json.dumps(self.spec(table=False), separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def svg(self, heading: str | None = None) -> str:
        """The chart as SVG, the same text for the same figure."""
        spec = self.spec() | ({"title": heading} if heading else {})
        picture: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        # Vega numbers what clips the marks on from picture to picture.
        found = dict.fromkeys(_CLIP.findall(picture))
        names = {name: f"clip{count}" for count, name in enumerate(found)}
        picture = _CLIP.sub(lambda match: names[match[0]], picture)
        # A hundredth of a pixel is enough, and half the bytes.
        return _PLACES.sub(lambda match: _DIGITS.sub(r"\1", match[0]), picture)

    def __repr__(self) -> str:
        return f"Figure({self.name!r}, title={self.title!r}, {len(self.rows)} rows)"

    def _repr_svg_(self) -> str:
        """What a notebook shows, without a network."""
        return self.svg()


def lookup(values: Mapping[Any, object], key: str) -> str:
    """An expression of Vega: the value for a key, which is an expression too."""
    return f"{json.dumps({_as_text(each): value for each, value in values.items()})}[{key}]"


def _as_text(key: Any) -> Any:
    """A key as JavaScript writes it, which has another text than Python for some numbers."""
    if not isinstance(key, float):
        return key
    if not 1e-6 <= abs(key) < 1e21:
        return np.format_float_scientific(key, trim="-", exp_digits=1)
    return np.format_float_positional(key, trim="-")


def view_names(views: Iterable[View]) -> str:
    """An expression of Vega: the view of a row in words."""
    names = {"/".join(view): view_title(*view) for view in views}
    return lookup(names, "datum.recipe + '/' + datum.stopping")


def point_names(axis: str, points: Iterable[Any]) -> dict[Any, str]:
    """Points as a person says them: "depth 2"."""
    return {point: find_axis(axis).point_name(point) for point in points}


def layer(
    mark: str, *channels: Any, look: str = "", where: str = "", tips: Mapping[str, str] = EMPTY
) -> alt.Chart:
    """Marks of one kind. look: a style of theme.json. where: which rows, an expression.

    tips: columns that hovering shows, and what it calls them.
    """
    style = {"style": look} if look else {}
    chart: alt.Chart = getattr(alt.Chart(), f"mark_{mark}")(clip=True, **style).encode(*channels)
    if tips:
        told = [alt.Tooltip(f"{column}:N", title=title) for column, title in tips.items()]
        chart = chart.encode(tooltip=told)
    return chart.transform_filter(where) if where else chart


def plot(*layers: alt.Chart, width: int = 840, height: int = 220, **columns: str) -> Chart:
    """One panel. columns: expressions of further columns of the table."""
    chart: Chart = alt.layer(*layers, data=TABLE).properties(width=width, height=height)
    return chart.transform_calculate(**columns)


def facets(
    *layers: alt.Chart, by: str, order: Sequence[str], width: int, height: int, **columns: str
) -> Chart:
    """A panel for each value of the column `by`, all with the same vertical axis."""
    layered = alt.layer(*layers, data=TABLE).properties(width=width, height=height)
    facet = alt.Facet(f"{by}:N", sort=list(order), title=None)
    # The last row may be shorter, where an axis below the whole grid would hang in the air.
    chart: Chart = layered.facet(facet=facet, columns=1).resolve_axis(x="independent")
    return chart.transform_calculate(**columns)


def point_axis(column: str, points: Sequence[Any], title: str, padding: float = 0) -> alt.X:
    """The points of the experiment side by side, each with its own band."""
    # Not every one has a label where there are many.
    axis = alt.Axis(labelOverlap=False, values=list(points[:: -(-len(points) // 12)]))
    scale = alt.Scale(type="band", domain=list(points), padding=padding)
    return alt.X(f"{column}:O", scale=scale, axis=axis, title=title)


def along(axis: alt.Y, column: str) -> alt.Y:
    """Another column on the same axis: layers of unlike scales would be stretched to hold 0."""
    other: alt.Y = axis.copy()
    other["shorthand"] = f"{column}:Q"
    return other


def scale(values: Mapping[str, Any]) -> alt.Scale:
    """What stands for each value: colours, shapes or dashes."""
    return alt.Scale(domain=list(values), range=list(values.values()))


def split_colour(splits: Sequence[str], label: str = "datum.label") -> alt.Color:
    """The colour of each split; label: an expression of what the legend says."""
    colours = scale({split: COLOURS[split] for split in splits})
    return alt.Color("split:N", scale=colours, legend=alt.Legend(labelExpr=label))


def split_shape(splits: Sequence[str]) -> alt.Shape:
    """The mark of each split."""
    return alt.Shape("split:N", scale=scale({split: MARKERS[split] for split in splits}))


def number(value: float | None) -> float | None:
    """Six digits are more than a figure can show; None where there is no finite number."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")


def is_wide(values: np.ndarray) -> bool:
    """Whether the finite losses spread so widely that their axis is logarithmic."""
    values = values[np.isfinite(values)]
    return bool(values.size and 0 < values.min() < values.max() / WIDE)


def loss_axis(column: str, title: str, values: np.ndarray, least: float | None) -> alt.Y:
    """The axis of losses, from just below the least of the values to above the greatest.

    least: where the axis is logarithmic, the loss that it reaches a little below (see `BELOW`).
    """
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if least is None or low <= 0:
        room = 0.05 * (high - low or high or 1)
        bounds = alt.Scale(domain=[number(low - room), number(high + 3 * room)], nice=False)
        return alt.Y(f"{column}:Q", scale=bounds, title=title)
    low = max(low, least / BELOW)
    room = (high / low) ** 0.05
    low, high = low / room, high * room**3
    bounds = alt.Scale(type="log", domain=[number(low), number(high)], nice=False)
    axis = alt.Axis(values=decades(low, high), format="~g")
    return alt.Y(f"{column}:Q", scale=bounds, title=title, axis=axis)


def loss_axes(column: str, title: str, values: np.ndarray, means: np.ndarray) -> dict[str, Any]:
    """Both axes of losses, as Vega names their parts; the logarithmic one where it has a place.

    means: those that the logarithmic axis must show; values above 0 alone can be on it.
    """
    found = {"linear": loss_axis(column, title, values, None)}
    above, least = values[values > 0], means[means > 0]
    if above.size and least.size:
        found["log"] = loss_axis(column, title, above, float(least.min()))
    return axis_parts(found)


def axis_parts(axes: Mapping[str, alt.Y]) -> dict[str, Any]:
    """The scale and the axis of each, as Vega names them."""
    told: dict[str, Any] = {name: axis.to_dict() for name, axis in axes.items()}
    return {n: {k: axis[k] for k in ("scale", "axis") if k in axis} for n, axis in told.items()}


def decades(low: float, high: float) -> list[float]:
    """The labels of a logarithmic axis: each decade, fewer of many, and parts of few."""
    count = math.log10(high / low)
    parts = (1, 2, 5) if count < 2 else (1,)
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    # At least one, where all that is drawn lies at one value.
    step = max(1, math.ceil(count / 6))
    labels = [float(f"{part}e{exponent}") for exponent in exponents[::step] for part in parts]
    return [label for label in labels if low <= label <= high]
