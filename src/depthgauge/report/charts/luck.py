"""The means of the first replicates, one more with each step: luck becomes evidence."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import (
    Chart,
    Figure,
    Row,
    along,
    is_wide,
    layer,
    loss_axes,
    loss_axis,
    number,
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
from depthgauge.report.prose.numbers import units
from depthgauge.report.prose.render import render
from depthgauge.report.style import view_title
from depthgauge.statistics.growing import Seen, seen_by
from depthgauge.statistics.paired import means_and_intervals

SPLITS = ("train", "test")
# Steps of many replicates.
STEPS = 60


def luck_figures(facts: Facts) -> list[Figure]:
    """One, of the first view; none where there is nothing to add up or to compare."""
    view, verdict = next(iter(facts.verdicts.items()))
    losses = {split: facts.units(view[0], facts.losses[view][split]) for split in SPLITS}
    count = len(losses["test"])
    if count < 2 or len(facts.points) < 2 or not np.isfinite(losses["test"]).all():
        return []
    steps = sorted({*np.linspace(1, count, min(count, STEPS)).round().astype(int).tolist()})
    rules = facts.settings.rules
    found = {n: seen_by(losses["test"][:n], rules.margin, rules.alpha) for n in steps}
    rows = [row for n in steps for s in SPLITS for row in _rows(facts, s, losses[s][:n], found[n])]
    words = f"mean {facts.settings.recipe.loss.words}"
    every = np.concatenate([each.ravel() for each in losses.values()])
    means = np.concatenate([each.mean(axis=0) for each in losses.values()])
    axes, wide = loss_axes("mean_loss", words, every, means), is_wide(losses["test"])
    switches = scale_switches({"all": axes}, wide)
    y = loss_axis("mean_loss", words, every, float(means.min()) if wide and switches else None)
    known = {"of": facts.of, "units": units(verdict), "rules": rules}
    return [
        Figure(
            name="luck",
            title=f"With more and more {units(verdict)}",
            caption=render("captions/luck", view=view_title(*view), **known),
            chart=set_by_page(_chart(facts, y), **{STEP: count, LEAST: bottom_of(axes, wide)}),
            rows=rows,
            axes={"all": axes},
            slider=Slider(units(verdict), steps, [_said(facts, n, found[n], known) for n in steps]),
            switches=switches,
        )
    ]


def _said(facts: Facts, count: int, seen: Seen, known: Mapping[str, Any]) -> str:
    higher = [facts.points[place] for place in seen.higher]
    best = facts.points[seen.best]
    return render("steps/luck", count=count, best=best, higher=higher, **known)


def _rows(facts: Facts, split: str, losses: np.ndarray, seen: Seen) -> list[Row]:
    called = {facts.points[k]: "higher" for k in seen.higher} | {facts.points[seen.best]: "least"}
    return [
        {
            "first": len(losses),
            facts.axis: point,
            "split": split,
            "mean_loss": number(mean),
            "low": number(low),
            "high": number(high),
            "test": called.get(point, "") if split == "test" else "",
        }
        for point, mean, low, high in zip(facts.points, *means_and_intervals(losses), strict=True)
    ]


def _chart(facts: Facts, y: alt.Y) -> Chart:
    x = point_axis(facts.axis, facts.points, facts.of.label)
    edge, end = x.copy(), alt.X2(f"{facts.axis}:O", bandPosition=1)
    edge["bandPosition"] = 0
    colour, shape = split_colour(SPLITS, "datum.label + ' loss'"), split_shape(SPLITS)
    now = f"datum.first === {STEP}"
    told = {facts.axis: facts.of.noun, "split": "split", "mean_loss": "mean loss"}
    told["interval"] = "95 % interval"
    ends = (x, along(y, "bottom"), alt.Y2("high:Q"), colour)
    return plot(
        layer("rect", edge, end, look="threshold", where=f"{now} && datum.test === 'higher'"),
        layer("rule", x, look="best", where=f"{now} && datum.test === 'least'"),
        layer("errorbar", *ends, where=f"{now} && isValid(datum.low)"),
        layer("line", x, y, colour, where=now),
        layer("point", x, y, colour, shape, where=now, tips=told),
        width=440,
        height=260,
        bottom=f"isValid(datum.low) ? max(datum.low, {LEAST}) : null",
        interval="isValid(datum.low)"
        " ? format(datum.low, '.4g') + ' to ' + format(datum.high, '.4g') : 'none'",
    )
