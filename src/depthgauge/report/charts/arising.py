"""Train and test loss against the points after each epoch: overfitting as it arises."""

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import (
    Chart,
    Figure,
    along,
    is_wide,
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
from depthgauge.report.charts.curves import recipe_curves
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render
from depthgauge.statistics.paired import means_and_intervals

SPLITS = ("train", "test")


def arising_figures(facts: Facts) -> list[Figure]:
    """One, of the first recipe; none where its points were not trained for the same epochs."""
    recipe = next(iter(facts.curves))
    curves = [
        {split: facts.units(recipe, named[f"{split}_loss"]) for split in SPLITS}
        for named in facts.curves[recipe]
    ]
    counts = {losses.shape[1] for named in curves for losses in named.values()}
    finite = all(np.isfinite(named["test"]).any(axis=0).all() for named in curves)
    if len(facts.points) < 2 or len(counts) > 1 or counts == {1} or not finite:
        return []
    table = recipe_curves(facts, recipe)
    (count,) = counts
    epochs = sorted({int(str(row["epoch"])) for row in table.rows})
    means = {s: np.stack([means_and_intervals(c[s])[0] for c in curves]) for s in SPLITS}
    said = [
        render(
            "steps/arising",
            of=facts.of,
            epoch=epoch,
            epochs=count,
            **{s: facts.points[int(np.argmin(means[s][:, epoch - 1]))] for s in SPLITS},
        )
        for epoch in epochs
    ]
    shown = np.concatenate([np.minimum(m, np.quantile(m, 0.98)).ravel() for m in means.values()])
    words = f"mean {facts.settings.recipe.loss.words}"
    axes = loss_axes("mean_loss", words, shown, shown)
    wide = is_wide(shown)
    switches = scale_switches({"all": axes}, wide)
    y = loss_axis("mean_loss", words, shown, float(shown.min()) if wide and switches else None)
    return [
        Figure(
            name="arising",
            title="After each epoch",
            caption=render(
                "captions/arising", of=facts.of, recipe=recipe, replicates=facts.settings.trained
            ),
            chart=set_by_page(_chart(facts, y), **{STEP: epochs[-1], LEAST: bottom_of(axes, wide)}),
            rows=table.rows,
            numbers_of=table.name,
            axes={"all": axes},
            slider=Slider("epoch", epochs, said),
            switches=switches,
        )
    ]


def _chart(facts: Facts, y: alt.Y) -> Chart:
    x = point_axis(facts.axis, facts.points, facts.of.label)
    colour, shape = split_colour(SPLITS, "datum.label + ' loss'"), split_shape(SPLITS)
    now = f"datum.epoch === {STEP} && datum.split !== 'validation'"
    told = {facts.axis: facts.of.noun, "split": "split", "mean_loss": "mean loss"}
    ends = (x, along(y, "bottom"), alt.Y2("high:Q"), colour)
    return plot(
        layer("errorbar", *ends, where=f"{now} && isValid(datum.low)"),
        layer("line", x, y, colour, where=now),
        layer("point", x, y, colour, shape, where=now, tips=told),
        width=440,
        height=260,
        bottom=f"isValid(datum.low) ? max(datum.low, {LEAST}) : null",
    )
