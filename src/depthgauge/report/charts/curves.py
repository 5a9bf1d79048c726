"""Learning curves: mean losses over the epochs, a small panel for each point, the same axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from depthgauge.report.charts.plot import (
    Figure,
    Grid,
    Row,
    axes,
    decades,
    number,
    numbers,
    panelled,
)
from depthgauge.report.facts import Facts
from depthgauge.report.style import BELOW, COLOURS, SPLIT_ORDER, WIDE, loss_words
from depthgauge.statistics.paired import means_and_intervals

# Epochs that are drawn of a long training.
EPOCHS_SHOWN = 200
DASHES = {"train": "solid", "validation": "dot", "test": "solid"}


def curves_figure(facts: Facts, recipe: str) -> Figure:
    """The mean curves of the finite replicates of one recipe, with 95 % intervals as bands."""
    traces: list[dict[str, Any]] = []
    rows: list[Row] = []
    scale = _scale(facts.curves[recipe])
    floor = 10 ** scale["range"][0] if scale.get("type") == "log" else None
    for panel, (point, curves) in enumerate(zip(facts.points, facts.curves[recipe], strict=True)):
        across, up = axes(panel)
        shown = _epochs(curves["train_loss"].shape[1])
        for split in SPLIT_ORDER:
            mean, low, high = means_and_intervals(curves[f"{split}_loss"][:, shown])
            epochs = (shown + 1).tolist()
            if split != "validation":
                # A band that reaches 0 ends at the edge of a logarithmic axis.
                bottom = low if floor is None else np.maximum(low, floor)
                traces.append(_band(across, up, split, epochs, bottom, high))
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "xaxis": across,
                    "yaxis": up,
                    "x": epochs,
                    "y": numbers(mean),
                    "line": {"color": COLOURS[split], "width": 2, "dash": DASHES[split]},
                    "name": f"{split} loss",
                    "legendgroup": split,
                    "showlegend": panel == 0,
                    "hovertemplate": (f"epoch %{{x}}: mean {split} loss %{{y:.4g}}<extra></extra>"),
                }
            )
            rows += [
                {
                    "recipe": recipe,
                    facts.axis: point,
                    "epoch": epoch,
                    "split": split,
                    "mean_loss": number(float(mean[k])),
                    "low": number(float(low[k])),
                    "high": number(float(high[k])),
                }
                for k, epoch in enumerate(epochs)
            ]
    most = max(curves["train_loss"].shape[1] for curves in facts.curves[recipe])
    grid = Grid(
        [facts.of.point_name(point) for point in facts.points],
        4,
        2,
        190,
        "epoch",
        f"mean {loss_words(facts.loss)}",
    )
    x = {"range": [0, most + 1], "nticks": 4}
    return Figure(
        name=f"curves-{recipe}",
        title=f"Learning curves, {recipe} recipe",
        caption=_caption(facts, recipe),
        plot=panelled(grid, traces, x, scale),
        rows=rows,
    )


def _epochs(count: int) -> np.ndarray:
    """Columns of the epochs that are drawn, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, EPOCHS_SHOWN)).round().astype(int))


def _band(
    across: str, up: str, split: str, epochs: list[int], low: np.ndarray, high: np.ndarray
) -> dict[str, Any]:
    kept = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    there = [epochs[k] for k in kept]
    return {
        "type": "scatter",
        "mode": "lines",
        "xaxis": across,
        "yaxis": up,
        "x": there + there[::-1],
        "y": numbers(np.concatenate([high[kept], low[kept][::-1]])),
        "fill": "toself",
        "fillcolor": COLOURS[split],
        "opacity": 0.2,
        "line": {"width": 0, "color": COLOURS[split]},
        "hoverinfo": "skip",
        "legendgroup": split,
        "showlegend": False,
    }


def _scale(points: Sequence[Mapping[str, np.ndarray]]) -> dict[str, Any]:
    """One axis for all panels, from the means that are drawn."""
    curves = [point[f"{split}_loss"] for point in points for split in SPLIT_ORDER]
    values = np.concatenate([means_and_intervals(c[:, _epochs(c.shape[1])])[0] for c in curves])
    values = values[np.isfinite(values)]
    if not values.size:
        return {"range": [0, 1]}
    low, high = float(values.min()), float(values.max())
    if low > 0 and high / low > WIDE:
        bottom = max(low, float(np.quantile(values, 0.01)) / BELOW)
        bounds = [number(np.log10(bottom) - 0.05), number(np.log10(high) + 0.05)]
        return {"type": "log", "range": bounds, **decades(bottom, high)}
    # The first epochs of a bad start must not squeeze the rest.
    top = min(high, float(np.quantile(values, 0.98)) * 1.3)
    room = 0.05 * (top - low or top or 1)
    return {"range": [number(low - room), number(top + room)], "nticks": 5}


def _turns(facts: Facts, recipe: str) -> str:
    """At which epoch mean test loss is least, for the first and the last point."""
    said = []
    for place in sorted({0, len(facts.points) - 1}):
        mean = means_and_intervals(facts.curves[recipe][place]["test_loss"])[0]
        if np.isfinite(mean).any():
            epoch = int(np.nanargmin(mean)) + 1
            said.append(f"{facts.of.at(facts.points[place])} after epoch {epoch} of {mean.size}")
    return f" Mean test loss is least {', '.join(said)}." if said else ""


def _caption(facts: Facts, recipe: str) -> str:
    if not any(np.isfinite(point["test_loss"]).any() for point in facts.curves[recipe]):
        return "Every replicate diverged: there is nothing to draw."
    bands = (
        "one replicate has no intervals"
        if facts.replicates == 1
        else f"the bands are 95 % intervals of the mean over {facts.replicates} replicates"
    )
    return (
        f"Mean losses over the epochs for each {facts.of.noun}, all panels with the same axes; "
        f"{bands}.{_turns(facts, recipe)}"
    )
