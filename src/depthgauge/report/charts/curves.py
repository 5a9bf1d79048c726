"""Learning curves: mean losses over the epochs, a small panel for each point, the same axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from depthgauge.axes.axis import find_axis
from depthgauge.report.charts.chart import (
    Figure,
    Row,
    along,
    axis_parts,
    facets,
    is_wide,
    layer,
    lookup,
    loss_axis,
    number,
    point_names,
    scale,
)
from depthgauge.report.charts.controls import LEAST, bottom_of, scale_switches, set_by_page
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render
from depthgauge.report.style import COLOURS, SPLIT_ORDER
from depthgauge.statistics.paired import means_and_intervals

# Epochs that are drawn of a long training.
EPOCHS_SHOWN = 200
# Columns of the table: a mean and its interval.
MEANS = ("mean_loss", "low", "high")
DASHES = {"train": [1, 0], "validation": [2, 2], "test": [1, 0]}
# For each point, curves (R, E) by name, NaN for replicates that diverged.
Curves = Sequence[Mapping[str, np.ndarray]]


def recipe_curves(facts: Facts, recipe: str) -> Figure:
    """The curves of one recipe, for the page."""
    of_points, said = facts.curves[recipe], _caption(facts, recipe)
    chosen = [{name: facts.units(recipe, c) for name, c in named.items()} for named in of_points]
    return curves_figure(
        {recipe: chosen}, facts.axis, facts.points, facts.settings.recipe.loss.words, said
    )


def curves_figure(
    curves: Mapping[Any, Curves], axis: str, points: Sequence[Any], loss: str, said: str = ""
) -> Figure:
    """The mean curves of the finite replicates with 95 % intervals as bands.

    A panel for each recipe and point. loss: what it is called. Splits without curves are left out.
    """
    first = next(iter(curves.values()))[0]
    splits = [split for split in SPLIT_ORDER if f"{split}_loss" in first]
    rows: list[Row] = [
        {"recipe": recipe, axis: point, **row}
        for recipe, measured in curves.items()
        for point, named in zip(points, measured, strict=True)
        for split in splits
        for row in _rows(split, named[f"{split}_loss"])
    ]
    titles = {
        (recipe, point): f"{recipe}, {name}" if len(curves) > 1 else name
        for recipe in curves
        for point, name in point_names(axis, points).items()
    }
    axes = {"all": _axes(rows, f"mean {loss}")} | {
        name: _axes([row for row in rows if (row["recipe"], row[axis]) == key], f"mean {loss}")
        for key, name in titles.items()
    }
    wide = is_wide(_means(rows))
    chart = facets(
        *_layers(rows, splits, f"mean {loss}"),
        by="panel",
        order=list(titles.values()),
        width=190,
        height=140,
        panel=lookup(
            {"/".join(map(str, key)): name for key, name in titles.items()},
            f"datum.recipe + '/' + datum.{axis}",
        ),
    )
    return Figure(
        name=f"curves-{'-'.join(curves)}",
        title=f"Learning curves, {' and '.join(curves)} recipe",
        caption=said,
        chart=set_by_page(chart, **{LEAST: bottom_of(axes["all"], wide)}),
        rows=rows,
        columns=4,
        narrow=2,
        axes=axes,
        switches=scale_switches(axes, wide, f"each {find_axis(axis).noun}", len(titles)),
    )


def _layers(rows: Sequence[Row], splits: Sequence[str], title: str) -> list[alt.Chart]:
    most = max(int(str(row["epoch"])) for row in rows)
    bounds = alt.Scale(domain=[0, most + 1], nice=False)
    x = alt.X("epoch:Q", scale=bounds, axis=alt.Axis(tickCount=4))
    legend = alt.Legend(labelExpr="datum.label + ' loss'", symbolType="stroke", symbolSize=300)
    colour = alt.Color("split:N", scale=scale({s: COLOURS[s] for s in splits}), legend=legend)
    y = _loss_axis(_means(rows), title)
    dash = alt.StrokeDash("split:N", scale=scale({s: DASHES[s] for s in splits}), legend=legend)
    # A band that reaches 0 ends at the edge of a logarithmic axis.
    low = f"max(datum.low, {LEAST})"
    told = {"epoch": "epoch"} | {split: f"mean {split} loss" for split in splits}
    ends = (along(y, "bottom"), alt.Y2("high:Q"))
    banded = "datum.split !== 'validation' && isValid(datum.low)"
    # Wherever the pointer is, it is told the losses of the nearest epoch.
    hover = layer("rule", x, look="hover", tips=told)
    return [
        layer("area", x, *ends, colour, where=banded).transform_calculate(bottom=low),
        layer("line", x, y, colour, dash, look="quiet"),
        hover.transform_pivot("split", value="mean_loss", groupby=["epoch", "panel"]),
    ]


def _rows(split: str, curve: np.ndarray) -> list[Row]:
    """The epochs that are drawn, the first and the last among them."""
    count = curve.shape[1]
    shown = np.unique(np.linspace(0, count - 1, min(count, EPOCHS_SHOWN)).round().astype(int))
    rows: list[Row] = []
    for epoch, *found in zip(shown, *means_and_intervals(curve[:, shown]), strict=True):
        means = zip(MEANS, map(number, found), strict=True)
        rows.append({"epoch": int(epoch) + 1, "split": split, **dict(means)})
    return rows


def _means(rows: Sequence[Row]) -> np.ndarray:
    """Those that are finite."""
    means = np.array([row["mean_loss"] for row in rows], dtype=np.float64)
    return means[np.isfinite(means)]


def _loss_axis(means: np.ndarray, title: str) -> alt.Y:
    """One axis for all panels."""
    if is_wide(means):
        return loss_axis("mean_loss", title, means, float(np.quantile(means, 0.01)))
    return loss_axis("mean_loss", title, _squeezed(means), None)


def _squeezed(means: np.ndarray) -> np.ndarray:
    """The first epochs of a bad start must not squeeze the rest."""
    return np.minimum(means, float(np.quantile(means, 0.98)) * 1.3) if means.size else means


def _axes(rows: Sequence[Row], title: str) -> dict[str, Any]:
    """The axes to choose from."""
    means = _means(rows)
    found = {"linear": loss_axis("mean_loss", title, _squeezed(means), None)}
    if means.size and means.min() > 0:
        least = float(np.quantile(means, 0.01))
        found["log"] = loss_axis("mean_loss", title, means, least)
    return axis_parts(found)


def _caption(facts: Facts, recipe: str) -> str:
    test = [measured["test_loss"] for measured in facts.curves[recipe]]
    turns = []
    # Of the first and the last point: the epoch at which mean test loss is least.
    for place in sorted({0, len(test) - 1}):
        mean = means_and_intervals(facts.units(recipe, test[place]))[0]
        if np.isfinite(mean).any():
            turns.append((facts.points[place], int(np.nanargmin(mean)) + 1, mean.size))
    nothing = not any(np.isfinite(losses).any() for losses in test)
    known = {"of": facts.of, "replicates": facts.settings.trained}
    known["studies"] = facts.settings.studies(recipe)
    return render("captions/curves", nothing=nothing, turns=turns, **known)
