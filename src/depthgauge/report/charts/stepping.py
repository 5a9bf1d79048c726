"""Train and test loss against the points, one step of a slider at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import (
    Figure,
    Row,
    along,
    layer,
    loss_axes,
    loss_axis,
    plot,
    point_axis,
    split_colour,
    split_shape,
)
from depthgauge.report.charts.controls import (
    LEAST,
    STEP,
    Slider,
    bottom_of,
    scale_switches,
    set_by_page,
)
from depthgauge.report.facts import Facts

SPLITS = ("train", "test")


def stepping_figure(
    facts: Facts,
    slider: Slider,
    rows: Sequence[Row],
    values: np.ndarray,
    means: np.ndarray,
    wide: bool,
    now: str,
    behind: Callable[[alt.X], list[alt.Chart]] = lambda _: [],
    tips: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    **named: Any,
) -> Figure:
    """The figure, at its last step until the page asks for another.

    values: what the vertical axis has room for, by means as they are drawn; wide: whether it is
    logarithmic at first. now: which rows a step shows. behind: layers behind the losses. tips and
    columns: further ones. named: of the figure.
    """
    words = f"mean {facts.settings.recipe.loss.words}"
    axes = loss_axes("mean_loss", words, values, means)
    switches = scale_switches({"all": axes}, wide)
    least = float(means.min()) if wide and switches else None
    x, y = (
        point_axis(facts.axis, facts.points, facts.of.label),
        loss_axis("mean_loss", words, values, least),
    )
    colour, shape = split_colour(SPLITS, "datum.label + ' loss'"), split_shape(SPLITS)
    told = {facts.axis: facts.of.noun, "split": "split", "mean_loss": "mean loss", **(tips or {})}
    ends = (x, along(y, "bottom"), alt.Y2("high:Q"), colour)
    chart = plot(
        *behind(x),
        layer("errorbar", *ends, where=f"{now} && isValid(datum.low)"),
        layer("line", x, y, colour, where=now),
        layer("point", x, y, colour, shape, where=now, tips=told),
        width=440,
        height=260,
        bottom=f"isValid(datum.low) ? max(datum.low, {LEAST}) : null",
        **(columns or {}),
    )
    set_at_first = {STEP: slider.values[-1], LEAST: bottom_of(axes, wide)}
    return Figure(
        chart=set_by_page(chart, **set_at_first),
        rows=rows,
        axes={"all": axes},
        slider=slider,
        switches=switches,
        **named,
    )
