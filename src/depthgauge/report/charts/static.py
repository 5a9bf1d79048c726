"""Train and test loss against the points of the axis, one panel for each view."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from depthgauge.axes.axis import words
from depthgauge.report.style import BELOW, COLOURS, MARKERS, WIDE
from depthgauge.statistics.paired import means_and_intervals

# The page's marks, as matplotlib calls them.
SYMBOLS = {"square": "s", "circle": "o"}
STYLE = {
    # Without a salt, identifiers in the file are random.
    "svg.hashsalt": "depthgauge",
    "svg.fonttype": "path",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
# The two stoppings of a recipe stand side by side.
COLUMNS = 2


@dataclass(frozen=True)
class Panel:
    """One view.

    losses: for train and test, (R, D) of each replicate, NaN where it diverged. floor: the test
    loss that no model can beat, where it is known.
    """

    title: str
    points: Sequence[int]
    losses: dict[str, np.ndarray]
    best: int | None
    threshold: int | None
    floor: float | None = None


def loss_by_point(panels: Sequence[Panel], axis: str, loss: str, heading: str) -> bytes:
    """The figure as SVG, the same bytes for the same arguments.

    Every replicate is a faint mark; the lines join means, with 95 % intervals of the mean.
    """
    with matplotlib.rc_context(STYLE):  # type: ignore[arg-type]
        rows = -(-len(panels) // COLUMNS)
        figure = Figure(figsize=(1.2 + 4.4 * COLUMNS, 0.4 + 3.8 * rows), layout="constrained")
        grid = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False).ravel()
        wide = _is_wide(panels)
        for axes, panel in zip(grid, panels, strict=False):
            _draw(axes, panel, axis)
            if wide:
                axes.set_yscale("log")
                # A few replicates far below all means must not squeeze everything else.
                axes.set_ylim(bottom=_least_mean(panels) / BELOW)
                axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        for axes in grid[::COLUMNS]:
            axes.set_ylabel(f"mean {loss}")
        grid[0].legend(frameon=False)
        figure.suptitle(heading, fontsize=11)
        sink = io.BytesIO()
        figure.savefig(sink, format="svg", metadata={"Date": None})
    return sink.getvalue()


def _is_wide(panels: Sequence[Panel]) -> bool:
    # By the test losses: they answer the question, and where a network learns its training set by
    # heart a logarithm of the train loss would make every rise of the test loss look flat.
    values = np.concatenate([p.losses["test"].ravel() for p in panels])
    values = values[np.isfinite(values)]
    return bool(values.size > 0 and values.min() > 0 and values.max() / values.min() > WIDE)


def _least_mean(panels: Sequence[Panel]) -> float:
    means = [_means(losses)[0] for panel in panels for losses in panel.losses.values()]
    return float(np.nanmin(np.concatenate(means)))


def _draw(axes: Axes, panel: Panel, axis: str) -> None:
    places = np.arange(len(panel.points))
    for (split, losses), shift in zip(panel.losses.items(), (-0.12, 0.12), strict=True):
        colour, marker = COLOURS[split], SYMBOLS[MARKERS[split]]
        across = np.broadcast_to(places + shift, losses.shape)
        axes.plot(
            across.ravel(), losses.ravel(), marker, color=colour, alpha=0.15, ms=3, mew=0, zorder=1
        )
        means, bars = _means(losses)
        axes.errorbar(
            places,
            means,
            bars,
            color=colour,
            marker=marker,
            ms=5,
            capsize=3,
            label=f"{split} loss",
            zorder=3,
        )
    if panel.threshold is not None:
        start = panel.points.index(panel.threshold) - 0.5
        axes.axvspan(start, places[-1] + 0.5, color="0.93", zorder=0)
        axes.text(
            start + 0.08,
            0.98,
            f"overfits from {words(axis).point_name(panel.threshold)}",
            transform=axes.get_xaxis_transform(),
            va="top",
            fontsize=9,
        )
    if panel.floor is not None:
        axes.axhline(panel.floor, color="0.2", ls="--", lw=1, zorder=0, label="least possible")
    if panel.best is not None:
        axes.axvline(panel.points.index(panel.best), color="0.6", ls=":", lw=1, zorder=0)
    axes.set_title(panel.title, fontsize=10)
    axes.set_xlabel(words(axis).label)
    axes.set_xlim(-0.5, places[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=20, integer=True))
    axes.set_xticks(places, [str(point) for point in panel.points])


def _means(losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (D,) of the finite replicates, and how far the interval reaches (2, D)."""
    means, low, high = means_and_intervals(losses)
    return means, np.nan_to_num(np.stack([means - low, high - means]))
