"""Train and test loss against the points, one panel for each view."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from depthgauge.axes.axis import explained
from depthgauge.report.charts.plot import (
    Figure,
    Grid,
    Row,
    axes,
    decades,
    number,
    numbers,
    panelled,
    ticks,
)
from depthgauge.report.facts import Facts, View
from depthgauge.report.style import (
    BELOW,
    COLOURS,
    GREY,
    INK,
    MARKERS,
    SHADE,
    WIDE,
    loss_words,
    view_title,
)
from depthgauge.statistics.paired import means_and_intervals

SPLITS = ("train", "test")
# Train losses stand left of a point and test losses right of it; replicates spread by this much.
SHIFT, SPREAD = 0.14, 0.09


def loss_figure(facts: Facts) -> Figure:
    """Means with 95 % intervals, and every finite replicate as a faint mark."""
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    rows: list[Row] = []
    for panel, view in enumerate(facts.verdicts):
        for split in SPLITS:
            traces += _split(facts, panel, view, split)
            rows += _rows(facts, view, split)
        shaded, said = _threshold(facts, panel, view)
        shapes += shaded
        notes += said
    titles = [view_title(*view) for view in facts.verdicts]
    loss = f"mean {loss_words(facts.loss)}"
    scale = _scale(facts)
    grid = Grid(titles, 2, 1, 370, facts.of.label, loss)
    plot = panelled(grid, traces, ticks(facts.points), scale, shapes=shapes, notes=notes)
    return Figure(
        name="loss",
        title=f"Train and test loss against {facts.of.noun}",
        caption=_caption(facts, logarithmic=scale.get("type") == "log"),
        plot=plot,
        rows=rows,
    )


def _split(facts: Facts, panel: int, view: View, split: str) -> list[dict[str, Any]]:
    across, up = axes(panel)
    losses = facts.losses[view][split]
    replicates, points = losses.shape
    shift = -SHIFT if split == "train" else SHIFT
    # Spread by number, not at random: the same page each time.
    spread = np.linspace(-SPREAD, SPREAD, replicates) if replicates > 1 else np.zeros(1)
    places = np.arange(points)[None, :] + shift + spread[:, None]
    finite = np.isfinite(losses)
    which = np.broadcast_to(np.arange(replicates)[:, None], losses.shape)[finite]
    mean, low, high = means_and_intervals(losses)
    look = {"color": COLOURS[split], "symbol": MARKERS[split]}
    names = [facts.of.point_name(point) for point in facts.points]
    common = {"xaxis": across, "yaxis": up, "legendgroup": split}
    return [
        common
        | {
            "type": "scatter",
            "mode": "markers",
            "x": numbers(places[finite]),
            "y": numbers(losses[finite]),
            "marker": look | {"size": 4, "opacity": 0.3},
            "customdata": which.tolist(),
            "hovertemplate": f"replicate %{{customdata}}: {split} loss %{{y:.4g}}<extra></extra>",
            "showlegend": False,
        },
        common
        | {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(points)),
            "y": numbers(mean),
            "line": {"color": COLOURS[split], "width": 2},
            "marker": look | {"size": 8},
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [number(v) or 0 for v in high - mean],
                "arrayminus": [number(v) or 0 for v in mean - low],
                "color": COLOURS[split],
            },
            "text": names,
            "customdata": [
                [number(float(a)), number(float(b))] for a, b in zip(low, high, strict=True)
            ],
            "hovertemplate": (
                f"%{{text}}: mean {split} loss %{{y:.4g}}<br>"
                "95 % interval %{customdata[0]:.4g} to %{customdata[1]:.4g}<extra></extra>"
            ),
            "name": f"{split} loss",
            "showlegend": panel == 0,
        },
    ]


def _threshold(
    facts: Facts, panel: int, view: View
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where overfitting begins, shaded, and the best point, dotted."""
    across, up = axes(panel)
    verdict, points = facts.verdicts[view], list(facts.points)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if verdict.on_this_data.threshold is not None:
        start = points.index(verdict.on_this_data.threshold) - 0.5
        shapes.append(
            {
                "type": "rect",
                "xref": across,
                "yref": f"{up} domain",
                "x0": start,
                "x1": len(points) - 0.4,
                "y0": 0,
                "y1": 1,
                "fillcolor": SHADE,
                "line": {"width": 0},
                "layer": "below",
            }
        )
        wide = start + 0.5 >= len(points) / 2
        notes.append(
            {
                "text": f"overfits from {facts.of.point_name(verdict.on_this_data.threshold)}",
                "xref": across,
                "yref": f"{up} domain",
                "x": len(points) - 0.45 if wide else start + 0.05,
                "xanchor": "right" if wide else "left",
                "y": 1,
                "yanchor": "top",
                "showarrow": False,
                "font": {"size": 12},
            }
        )
    if verdict.best is not None:
        place = points.index(verdict.best)
        line: dict[str, Any] = {"color": GREY, "width": 1, "dash": "dot"}
        ends: dict[str, Any] = {"x0": place, "x1": place, "y0": 0, "y1": 1}
        shapes.append(
            {"type": "line", "xref": across, "yref": f"{up} domain", "line": line, **ends}
        )
    if facts.floor is not None:
        line = {"color": INK, "width": 1, "dash": "dash"}
        height = number(facts.floor)
        ends = {"x0": 0, "x1": 1, "y0": height, "y1": height}
        shapes.append(
            {"type": "line", "xref": f"{across} domain", "yref": up, "line": line, **ends}
        )
    return shapes, notes


def _scale(facts: Facts) -> dict[str, Any]:
    """The losses' axis: logarithmic where test losses spread widely (see `loss_by_point`)."""
    arrays = [losses for view in facts.losses.values() for losses in view.values()]
    values = np.concatenate([losses.ravel() for losses in arrays])
    values = values[np.isfinite(values)]
    if not values.size:
        return {"range": [0, 1]}
    low, high = float(values.min()), float(values.max())
    tested = np.concatenate([view["test"].ravel() for view in facts.losses.values()])
    tested = tested[np.isfinite(tested)]
    spread = tested.size > 0 and tested.min() > 0 and tested.max() / tested.min() > WIDE
    if low > 0 and spread:
        least = float(
            np.nanmin(np.concatenate([means_and_intervals(losses)[0] for losses in arrays]))
        )
        bottom = np.log10(max(low, least / BELOW))
        room = 0.05 * (np.log10(high) - bottom)
        return {
            "type": "log",
            "range": [number(bottom - room), number(np.log10(high) + 3 * room)],
            "minor": {"ticks": "outside", "showgrid": False},
            **decades(10.0**bottom, high),
        }
    room = 0.05 * (high - low or high or 1)
    return {"range": [number(low - room), number(high + 3 * room)]}


def _rows(facts: Facts, view: View, split: str) -> list[Row]:
    losses = facts.losses[view][split]
    return [
        {
            "recipe": view[0],
            "stopping": view[1],
            facts.axis: point,
            "split": split,
            "replicate": replicate,
            "loss": number(float(losses[replicate, place])),
        }
        for place, point in enumerate(facts.points)
        for replicate in range(losses.shape[0])
    ]


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


def _in_numbers(facts: Facts, view: View, points: Sequence[int]) -> str:
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


def _full_name(facts: Facts, point: int) -> str:
    """The name of a point, and in brackets what it means where the name does not say."""
    name, meaning = facts.of.point_name(point), explained(facts.axis, point)
    return name if meaning == name else f"{name} ({meaning})"
