"""Train and test loss against the points, one panel for each view."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from depthgauge.axes.axis import Point
from depthgauge.report.charts.chart import (
    Figure,
    Row,
    along,
    facets,
    is_wide,
    layer,
    lookup,
    loss_axis,
    number,
    point_axis,
    point_names,
    split_colour,
    split_shape,
)
from depthgauge.report.facts import Facts
from depthgauge.report.style import CONFIG, loss_words, view_title
from depthgauge.statistics.paired import means_and_intervals
from depthgauge.statistics.verdicts import View
from depthgauge.training.runs import STOPPING_WORDS

SPLITS = ("train", "test")
# Train losses stand left of a point and test losses right of it; replicates spread by this much.
SHIFT, SPREAD = 0.14, 0.09
# Rows of the table: the mean over the replicates, where no replicate is named.
MEAN, REPLICATE = "!isValid(datum.replicate)", "isValid(datum.loss)"
TEST_MEAN = f"{MEAN} && datum.split === 'test'"


def loss_figure(facts: Facts) -> Figure:
    """Means with 95 % intervals, and every finite replicate as a faint mark."""
    wide = _is_wide(facts)
    chart = facets(
        *_background(facts),
        *_losses(facts, wide),
        by="view",
        order=[view_title(*view) for view in facts.verdicts],
        width=380,
        height=300,
        view=lookup(
            {"/".join(view): view_title(*view) for view in facts.verdicts},
            "datum.recipe + '/' + datum.stopping",
        ),
        point=lookup(point_names(facts.axis, facts.points), f"datum.{facts.axis}"),
        start="'overfits from ' + datum.point",
        # Spread by number, not at random: the same picture each time.
        shift=f"(datum.split === 'train' ? {-SHIFT} : {SHIFT})"
        f" + {2 * SPREAD} * (datum.replicate / {max(1, facts.replicates - 1)} - 0.5)",
        interval="isValid(datum.low)"
        " ? format(datum.low, '.4g') + ' to ' + format(datum.high, '.4g') : 'none'",
    )
    return Figure(
        name="loss",
        title=f"Train and test loss against {facts.of.noun}",
        caption=_caption(facts, wide),
        chart=chart,
        rows=[row for view in facts.verdicts for row in _rows(facts, view)],
        columns=2,
    )


def _is_wide(facts: Facts) -> bool:
    # By the test losses: they answer the question, and where a network learns its training set by
    # heart a logarithm of the train loss would make every rise of the test loss look flat.
    every = np.concatenate([a.ravel() for view in facts.losses.values() for a in view.values()])
    tested = np.concatenate([view["test"].ravel() for view in facts.losses.values()])
    return is_wide(tested) and float(np.nanmin(every)) > 0


def _losses(facts: Facts, wide: bool) -> list[alt.Chart]:
    arrays = [losses for view in facts.losses.values() for losses in view.values()]
    values = np.concatenate([losses.ravel() for losses in arrays])
    least = np.nanmin(np.concatenate([means_and_intervals(a)[0] for a in arrays])) if wide else None
    title = f"mean {loss_words(facts.loss)}"
    x = point_axis(facts.axis, facts.points, facts.of.label)
    y = loss_axis("mean_loss", title, values, least)
    offset = alt.XOffset("shift:Q", scale=alt.Scale(domain=[-0.5, 0.5], nice=False))
    colour, shape = split_colour(SPLITS, "datum.label + ' loss'"), split_shape(SPLITS)
    own = {"split": "split", "replicate": "replicate", "loss": "loss"}
    told = {"point": facts.of.noun, "split": "split", "mean_loss": "mean loss"}
    told["interval"] = "95 % interval"
    each = (x, along(y, "loss"), offset, colour, shape)
    return [
        layer("point", *each, look="replicate", where=REPLICATE, tips=own),
        layer("errorbar", x, along(y, "low"), alt.Y2("high:Q"), colour, where=MEAN),
        layer("line", x, y, colour, where=MEAN),
        layer("point", x, y, colour, shape, where=MEAN, tips=told),
    ]


def _background(facts: Facts) -> list[alt.Chart]:
    """Where overfitting begins, shaded, the best point, dotted, and the least possible loss."""
    views = {view_title(*view): verdict for view, verdict in facts.verdicts.items()}
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
    if facts.floor is not None:
        once = at(dict.fromkeys(views, facts.points[0]))
        layers.append(layer("rule", alt.Y(datum=number(facts.floor)), look="floor", where=once))
    return layers


def _rows(facts: Facts, view: View) -> list[Row]:
    rows: list[Row] = []
    for split in SPLITS:
        losses = facts.losses[view][split]
        found = zip(facts.points, losses.T, *means_and_intervals(losses), strict=True)
        for point, each, mean, low, high in found:
            at = {"recipe": view[0], "stopping": view[1], facts.axis: point, "split": split}
            rows += [at | {"replicate": r, "loss": number(loss)} for r, loss in enumerate(each)]
            rows.append(at | {"mean_loss": number(mean), "low": number(low), "high": number(high)})
    return rows


def _caption(facts: Facts, logarithmic: bool) -> str:
    (view, verdict), *_ = facts.verdicts.items()
    if not any(np.isfinite(losses["test"]).any() for losses in facts.losses.values()):
        return "Every replicate diverged: there is nothing to draw."
    said = [
        "Lines join the losses of one replicate, which has no intervals."
        if facts.replicates == 1
        else f"Lines join the means of {facts.replicates} replicates with their 95 % intervals; "
        "each faint mark is one replicate."
    ]
    if any(entry.best is not None for entry in facts.verdicts.values()):
        said.append(f"The dotted line marks the best {facts.of.noun} on test data.")
    if any(entry.on_this_data.threshold is not None for entry in facts.verdicts.values()):
        said.append("The shaded part begins at the overfitting threshold.")
    if facts.floor is not None:
        said.append(
            f"The dashed line is the least test loss that any model can reach, {facts.floor:.3g}."
        )
    if logarithmic:
        said.append("The vertical axis is logarithmic.")
    if verdict.best is not None:
        said.append(_in_numbers(facts, view, list(facts.points)))
    return " ".join(said)


def _in_numbers(facts: Facts, view: View, points: Sequence[Point]) -> str:
    """The ends and the best point of the first view."""
    verdict = facts.verdicts[view]
    train, test = (means_and_intervals(facts.losses[view][split])[0] for split in SPLITS)
    places = sorted({0, points.index(verdict.best or 0), len(points) - 1})
    parts = [
        f"{_full_name(facts, points[place])} {train[place]:.3g} and {test[place]:.3g}"
        for place in places
        if np.isfinite(test[place])
    ]
    return f"Mean train and test loss with the {view_title(*view)}: {'; '.join(parts)}."


def _full_name(facts: Facts, point: Point) -> str:
    """The name of a point, and in brackets what it means where the name does not say."""
    meaning = facts.of.explain(point)
    name = point_names(facts.axis, [point])[point]
    return name if meaning == name else f"{name} ({meaning})"


def dvc_template() -> dict[str, Any]:
    """.dvc/plots/loss.json: the mean losses in DVC's own plots, in the colours of the page.

    A row is a point of one column of loss-by-point.csv, RECIPE_STOPPING_SPLIT, at one revision.
    """
    colour, shape = split_colour(SPLITS, "datum.label + ' loss'"), split_shape(SPLITS)
    x = alt.X(field="<DVC_METRIC_X>", type="ordinal", sort=None)
    y = alt.Y(field="<DVC_METRIC_Y>", type="quantitative", title="<DVC_METRIC_Y_LABEL>")
    channels = (x, y, colour, alt.Opacity("rev:N", scale=alt.Scale(range=[1, 0.4])))
    told = {"rev": "rev", "field": "field", "<DVC_METRIC_Y>": "mean loss"}
    stoppings = lookup(STOPPING_WORDS, "split(datum.field, '_')[1]")
    chart = facets(
        layer("line", *channels),
        layer("point", *channels, shape, tips=told),
        by="stopping",
        order=list(STOPPING_WORDS.values()),
        width=380,
        height=300,
        stopping=stoppings,
        split="split(datum.field, '_')[2]",
    )
    data = {"values": "<DVC_METRIC_DATA>"}
    named = {"data": data, "title": "<DVC_METRIC_TITLE>", "columns": 2, "config": CONFIG}
    return chart.to_dict() | named
