"""Train and test loss, or a metric, against the points, one panel for each view."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import altair as alt
import numpy as np

from depthgauge.axes.axis import Axis, Point
from depthgauge.report.charts.chart import (
    Figure,
    Row,
    along,
    facets,
    is_wide,
    layer,
    lookup,
    loss_axes,
    loss_axis,
    number,
    point_axis,
    split_colour,
    split_shape,
)
from depthgauge.report.charts.controls import (
    HELD,
    LEAST,
    Axes,
    bottom_of,
    scale_switches,
    set_by_page,
)
from depthgauge.report.facts import Judged
from depthgauge.report.prose.render import render
from depthgauge.statistics.estimates import View
from depthgauge.statistics.paired import means_and_intervals
from depthgauge.statistics.stopping import FloatArray
from depthgauge.statistics.verdicts import ViewVerdict

SPLITS = ("train", "test")
# Train losses stand left of a point and test losses right of it; replicates spread by this much.
SHIFT, SPREAD = 0.14, 0.09
# Rows of the table: the mean over the replicates, where no replicate is named.
MEAN, REPLICATE = "!isValid(datum.replicate)", "isValid(datum.replicate)"
TEST_MEAN = f"{MEAN} && datum.split === 'test'"


class Judgement(Protocol):
    """What the figure needs to know: of an experiment's `Facts`, or of losses from elsewhere.

    axis: the name of the column of points. replicates: R. loss_words: "cross-entropy". The others
    as in `Facts`.
    """

    @property
    def axis(self) -> str: ...
    @property
    def of(self) -> Axis: ...
    @property
    def points(self) -> Sequence[Point]: ...
    @property
    def replicates(self) -> int: ...
    @property
    def loss_words(self) -> str: ...
    @property
    def losses(self) -> Mapping[View, Mapping[str, FloatArray]]: ...
    @property
    def verdicts(self) -> Mapping[View, ViewVerdict]: ...
    @property
    def metrics(self) -> Mapping[str, Judged]: ...
    @property
    def floor(self) -> float | None: ...
    def title(self, view: View) -> str: ...
    def units(self, recipe: str, values: FloatArray) -> FloatArray: ...


@dataclass(frozen=True)
class Drawn:
    """What is drawn: the loss or a metric.

    name: of its columns, "loss". words: as a person says it. axis: what the vertical axis says.
    values: of each view and split (R, D), NaN where a replicate diverged. floor: the least of all.
    """

    name: str
    words: str
    axis: str
    values: Mapping[View, Mapping[str, FloatArray]]
    verdicts: Mapping[View, ViewVerdict]
    floor: float | None = None

    @property
    def arrays(self) -> list[FloatArray]:
        """Those of all views and splits."""
        return [values for view in self.values.values() for values in view.values()]


def loss_figure(facts: Judgement) -> Figure:
    """The losses: means with 95 % intervals, and every finite replicate as a faint mark."""
    axis = f"mean {facts.loss_words}"
    drawn = Drawn("loss", "loss", axis, facts.losses, facts.verdicts, facts.floor)
    wide = _is_wide(drawn)
    figure = _figure(facts, drawn, wide, _caption(facts, drawn, wide))
    return replace(figure, switches=_switches(facts, figure, wide))


def _switches(facts: Judgement, figure: Figure, wide: bool) -> dict[str, dict[str, str]]:
    """What can be chosen in the main figure."""
    found: dict[str, dict[str, str]] = {}
    if facts.metrics:
        metrics = {name: told.metric.words for name, told in facts.metrics.items()}
        found["measure"] = {"loss": "loss"} | metrics
    if len(facts.verdicts) > 1:
        found["views"] = {"first": "the first", "all": f"all {len(facts.verdicts)}"}
    found |= scale_switches(figure.axes, wide, "each view", len(facts.verdicts))
    return found


def metric_figure(facts: Judgement, name: str) -> Figure:
    """A metric in the same way, shaded where its own verdict finds overfitting."""
    told = facts.metrics[name]
    words = told.metric.words
    drawn = Drawn(name, words, f"mean {words}", told.values, told.verdicts)
    return _figure(facts, drawn, False, render("captions/metric", metric=told.metric, of=facts.of))


def _figure(facts: Judgement, drawn: Drawn, wide: bool, caption: str) -> Figure:
    chart = facets(
        *_background(facts, drawn),
        *_layers(facts, drawn, wide),
        by="view",
        order=[facts.title(view) for view in drawn.verdicts],
        width=380,
        height=300,
        view=lookup(
            {"/".join(view): facts.title(view) for view in drawn.verdicts},
            "datum.recipe + '/' + datum.stopping",
        ),
        point=lookup(
            {point: facts.of.point_name(point) for point in facts.points}, f"datum.{facts.axis}"
        ),
        start="'overfits from ' + datum.point",
        # Spread by number, not at random: the same picture each time.
        shift=f"(datum.split === 'train' ? {-SHIFT} : {SHIFT})"
        f" + {2 * SPREAD} * (datum.replicate / {max(1, facts.replicates - 1)} - 0.5)",
        interval="isValid(datum.low)"
        " ? format(datum.low, '.4g') + ' to ' + format(datum.high, '.4g') : 'none'",
        bottom=f"isValid(datum.low) ? max(datum.low, {LEAST}) : null",
    )
    axes = _axes(facts, drawn)
    return Figure(
        name=drawn.name,
        title=f"Train and test {drawn.words} against {facts.of.noun}",
        caption=caption,
        chart=set_by_page(chart, **{HELD: -1, LEAST: bottom_of(axes["all"], wide)}),
        rows=[row for view in drawn.verdicts for row in _rows(facts, drawn, view)],
        columns=2,
        axes=axes,
        first=facts.title(next(iter(drawn.verdicts))),
    )


def _axes(facts: Judgement, drawn: Drawn) -> Axes:
    """Of all views together and of each by itself; a metric's are linear."""
    found = {}
    each = {facts.title(view): [view] for view in drawn.values}
    for panels, views in ({"all": list(drawn.values)} | each).items():
        arrays = [drawn.values[view][split] for view in views for split in SPLITS]
        values = np.concatenate([array.ravel() for array in arrays])
        means = np.concatenate([_column_means(array) for array in arrays])
        both = loss_axes(f"mean_{drawn.name}", drawn.axis, values, means)
        found[panels] = both if drawn.name == "loss" else {"linear": both["linear"]}
    return found


def _column_means(values: FloatArray) -> FloatArray:
    """(D,) means of the finite ones among (R, D), of the columns that have any."""
    kept = values[:, np.isfinite(values).any(axis=0)]
    return np.asarray(np.nanmean(kept, axis=0)) if kept.size else np.empty(0)


def _is_wide(drawn: Drawn) -> bool:
    # By the test losses: they answer the question, and where a network learns its training set by
    # heart a logarithm of the train loss would make every rise of the test loss look flat.
    every = np.concatenate([values.ravel() for values in drawn.arrays])
    tested = np.concatenate([view["test"].ravel() for view in drawn.values.values()])
    return is_wide(tested) and float(np.nanmin(every)) > 0


def _layers(facts: Judgement, drawn: Drawn, wide: bool) -> list[alt.Chart]:
    values = np.concatenate([values.ravel() for values in drawn.arrays])
    means = [_means(facts, drawn, view, split)[0] for view in drawn.values for split in SPLITS]
    least = float(np.nanmin(np.concatenate(means))) if wide else None
    x = point_axis(facts.axis, facts.points, facts.of.label)
    y = loss_axis(f"mean_{drawn.name}", drawn.axis, values, least)
    offset = alt.XOffset("shift:Q", scale=alt.Scale(domain=[-0.5, 0.5], nice=False))
    label = f"datum.label + {json.dumps(' ' + drawn.words)}"
    colour, shape = split_colour(SPLITS, label), split_shape(SPLITS)
    own = {"split": "split", "replicate": "replicate", drawn.name: drawn.words}
    told = {"point": facts.of.noun, "split": "split", f"mean_{drawn.name}": f"mean {drawn.words}"}
    told["interval"] = "95 % interval"
    each = (x, along(y, drawn.name), offset, colour, shape)
    known = f"{REPLICATE} && isValid(datum.{drawn.name})"
    # The tests are paired: the points of one replicate are linked, and all of it is drawn where one
    # of them is under the pointer.
    linked = (x, along(y, drawn.name), offset, colour, alt.Detail("replicate:N"))
    held = f"{known} && datum.replicate === {HELD}"
    return [
        layer("line", *linked, look="link", where=known, tips={"replicate": "replicate"}),
        layer("point", *each, look="replicate", where=known, tips=own),
        layer("line", *linked, look="held", where=held),
        layer("point", *each, look="held-point", where=held, tips=own),
        layer("errorbar", x, along(y, "bottom"), alt.Y2("high:Q"), colour, where=MEAN),
        layer("line", x, y, colour, where=MEAN),
        layer("point", x, y, colour, shape, where=MEAN, tips=told),
    ]


def _background(facts: Judgement, drawn: Drawn) -> list[alt.Chart]:
    """Where overfitting begins, shaded, the best point, dotted, and the least possible loss."""
    views = {facts.title(view): verdict for view, verdict in drawn.verdicts.items()}
    starts = {name: verdict.on_this_data.threshold for name, verdict in views.items()}
    best = {name: verdict.best for name, verdict in views.items()}
    x = point_axis(facts.axis, facts.points, facts.of.label)
    edge = x.copy()
    edge["bandPosition"] = 0

    def at(places: Mapping[str, object]) -> str:
        return f"{TEST_MEAN} && datum.{facts.axis} === {lookup(places, 'datum.view')}"

    layers = [
        layer("rect", edge, alt.X2(value="width"), look="threshold", where=at(starts)),
        layer("rule", x, look="best", where=at(best)),
    ]
    # What begins in the right half is named from the right edge, where there is room.
    late = set(facts.points[len(facts.points) // 2 :])
    for place, look in ((edge, "early"), (alt.X(value="width"), "late")):
        named = {n: s for n, s in starts.items() if (s in late) is (look == "late")}
        text = (place, alt.Y(value=0), alt.Text("start:N"))
        layers.append(layer("text", *text, look=look, where=at(named)))
    if drawn.floor is not None:
        once = at(dict.fromkeys(views, facts.points[0]))
        layers.append(layer("rule", alt.Y(datum=number(drawn.floor)), look="floor", where=once))
    return layers


def _rows(facts: Judgement, drawn: Drawn, view: View) -> list[Row]:
    rows: list[Row] = []
    name, mean_name = drawn.name, f"mean_{drawn.name}"
    for split in SPLITS:
        values = drawn.values[view][split]
        found = zip(facts.points, values.T, *_means(facts, drawn, view, split), strict=True)
        for point, each, mean, low, high in found:
            at = {"recipe": view[0], "stopping": view[1], facts.axis: point, "split": split}
            rows += [at | {"replicate": r, name: number(value)} for r, value in enumerate(each)]
            rows.append(at | {mean_name: number(mean), "low": number(low), "high": number(high)})
    return rows


def _means(
    facts: Judgement, drawn: Drawn, view: View, split: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(D,) means with the ends of their intervals."""
    return means_and_intervals(facts.units(view[0], drawn.values[view][split]))


def _caption(facts: Judgement, drawn: Drawn, logarithmic: bool) -> str:
    (view, first), *_ = facts.verdicts.items()
    verdicts = facts.verdicts.values()
    return render(
        "captions/loss",
        of=facts.of,
        replicates=facts.replicates,
        studies=any(verdict.studies for verdict in verdicts),
        nothing=not any(np.isfinite(found["test"]).any() for found in facts.losses.values()),
        best=any(verdict.best is not None for verdict in verdicts),
        threshold=any(verdict.on_this_data.threshold is not None for verdict in verdicts),
        floor=facts.floor,
        logarithmic=logarithmic,
        view=facts.title(view),
        ends=[] if first.best is None else _ends(facts, drawn, view),
    )


def _ends(facts: Judgement, drawn: Drawn, view: View) -> list[tuple[Point, float, float]]:
    """The ends and the best point of a view, with mean train and test loss."""
    points = list(facts.points)
    train, test = (_means(facts, drawn, view, split)[0] for split in SPLITS)
    places = {0, points.index(facts.verdicts[view].best or 0), len(points) - 1}
    return [(points[k], train[k], test[k]) for k in sorted(places) if np.isfinite(test[k])]
