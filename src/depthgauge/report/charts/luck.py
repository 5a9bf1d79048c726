"""The means of the first replicates, one more with each step: luck becomes evidence."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import Figure, Row, is_wide, layer, number
from depthgauge.report.charts.controls import STEP, Slider
from depthgauge.report.charts.stepping import SPLITS, stepping_figure
from depthgauge.report.facts import Facts
from depthgauge.report.prose.numbers import units
from depthgauge.report.prose.render import render
from depthgauge.report.style import view_title
from depthgauge.statistics.growing import Seen, seen_by
from depthgauge.statistics.paired import means_and_intervals

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
    every = np.concatenate([each.ravel() for each in losses.values()])
    means = np.concatenate([each.mean(axis=0) for each in losses.values()])
    known = {"of": facts.of, "units": units(verdict), "rules": rules}
    now = f"datum.first === {STEP}"
    return [
        stepping_figure(
            facts,
            Slider(units(verdict), steps, [_said(facts, n, found[n], known) for n in steps]),
            rows,
            every,
            means,
            is_wide(losses["test"]),
            now,
            behind=partial(_resolved, facts.axis, now),
            tips={"interval": "95 % interval"},
            columns={
                "interval": "isValid(datum.low)"
                " ? format(datum.low, '.4g') + ' to ' + format(datum.high, '.4g') : 'none'"
            },
            name="luck",
            title=f"With more and more {units(verdict)}",
            caption=render("captions/luck", view=view_title(*view), **known),
        )
    ]


def _resolved(axis: str, now: str, x: alt.X) -> list[alt.Chart]:
    """Behind the losses: where a rise is resolved, and where the loss is least."""
    edge, end = x.copy(), alt.X2(f"{axis}:O", bandPosition=1)
    edge["bandPosition"] = 0
    return [
        layer("rect", edge, end, look="threshold", where=f"{now} && datum.test === 'higher'"),
        layer("rule", x, look="best", where=f"{now} && datum.test === 'least'"),
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
