"""A picture of the data: the series, example images, or how the targets are distributed."""

import math
from typing import Any

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES, Prepared
from depthgauge.report.charts.plot import Figure, Grid, Row, axes, number, numbers, panelled, plain
from depthgauge.report.facts import Facts
from depthgauge.report.style import COLOURS, INK, PAPER

# Examples of each class that are shown, and classes at most.
EXAMPLES, CLASSES = 6, 12
BINS = 30


def data_figures(facts: Facts) -> list[Figure]:
    """What suits the kind of data; the splits are those of the first replicate."""
    kind, prepared = facts.data["kind"], facts.prepared
    figures = []
    if kind == "series":
        figures.append(_series(facts))
    elif kind == "images" and image_side(prepared):
        figures.append(_images(facts))
    if prepared.task == "classification":
        figures.append(_classes(facts))
    elif kind != "series":
        figures.append(_targets(facts))
    return figures


def image_side(prepared: Prepared) -> int | None:
    """Pixels along a side of a square image; None where the inputs are no square."""
    count = prepared.inputs.shape[1]
    side = math.isqrt(count)
    return side if side > 1 and side * side == count else None


def _series(facts: Facts) -> Figure:
    """The value to predict, day by day, coloured by split."""
    prepared = facts.prepared
    logarithms = facts.data.get("transform") == "log"
    days = prepared.row_names
    values = prepared.targets.reshape(len(days), -1)[:, 0].astype(np.float64)
    shown = np.exp(values) if logarithms else values
    even = facts.data.get("gaps") == "ignore"
    calendar = None if even else np.array(days, dtype="datetime64[D]").astype(np.int64)
    x_axis = {} if even else {"type": "date"}
    column = str(facts.data.get("target") or facts.data.get("value"))
    across, up = axes(0)
    traces: list[dict[str, Any]] = []
    rows: list[Row] = []
    spans = []
    for split in SPLIT_NAMES:
        members = prepared.splits[split][0]
        x: list[str | None] = []
        y: list[float | None] = []
        for place, row in enumerate(members):
            if place and calendar is not None and calendar[row] - calendar[members[place - 1]] > 1:
                # A gap in the days is a gap in the line.
                x.append(None)
                y.append(None)
            x.append(days[row])
            y.append(number(float(shown[row])))
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "xaxis": across,
                "yaxis": up,
                "x": x,
                "y": y,
                "line": {"color": COLOURS[split], "width": 1},
                "name": split,
                "hovertemplate": f"%{{x}}: %{{y:.4g}}<extra>{split}</extra>",
            }
        )
        rows += [
            {"day": days[row], column: number(float(shown[row])), "split": split} for row in members
        ]
        spans.append(f"{split} {days[members[0]]} to {days[members[-1]]}")
    y_axis = {"type": "log", "exponentformat": "none", "nticks": 6} if logarithms else {}
    scale = ", on a logarithmic scale as the networks see it" if logarithms else ""
    return Figure(
        name="series",
        title=f"The series: {column}",
        caption=(
            f"The value to predict for each of {len(days)} {'rows' if even else 'days'}, "
            f"by split{scale}: "
            f"{'; '.join(spans)}. It lies between {plain(shown.min())} and {plain(shown.max())}."
        ),
        plot=panelled(Grid([""], 1, 1, 260, "", column), traces, x_axis, y_axis),
        rows=rows,
    )


def _images(facts: Facts) -> Figure:
    """A few training images of each class, or of all where there are none."""
    prepared = facts.prepared
    side = image_side(prepared) or 1
    members = prepared.splits.train[0]
    kept = members[: EXAMPLES * CLASSES]
    groups: list[tuple[str, np.ndarray]] = [
        ("", kept[start : start + EXAMPLES]) for start in range(0, len(kept), EXAMPLES)
    ]
    if prepared.task == "classification":
        labels = prepared.targets[members]
        groups = [
            (name, members[labels == number_][:EXAMPLES])
            for number_, name in enumerate(prepared.classes[:CLASSES])
        ]
    most = max(len(rows) for _, rows in groups)
    # One picture of all: rows of examples, columns of classes, a blank line between.
    step = side + 1
    canvas = np.full((most * step, len(groups) * step), np.nan)
    for column, (_, rows) in enumerate(groups):
        for place, row in enumerate(rows):
            top, left = place * step, column * step
            canvas[top : top + side, left : left + side] = prepared.inputs[row].reshape(side, side)
    across, up = axes(0)
    trace = {
        "type": "heatmap",
        "xaxis": across,
        "yaxis": up,
        "z": [numbers(line) for line in canvas],
        "colorscale": [[0, PAPER], [1, INK]],
        "showscale": False,
        "hoverongaps": False,
        "hovertemplate": "%{z}<extra></extra>",
    }
    x = {
        "tickmode": "array",
        "tickvals": [column * step + side / 2 for column in range(len(groups))],
        "ticktext": [name for name, _ in groups],
        "ticks": "",
        "showgrid": False,
        "constrain": "domain",
    }
    y = {
        "autorange": "reversed",
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "scaleanchor": "x",
        "constrain": "domain",
        "constraintoward": "top",
    }
    target = facts.data.get("target") if prepared.classes else None
    shown = ", ".join(name for name, _ in groups)
    return Figure(
        name="images",
        title="Example images",
        caption=(
            f"Training images of {side} x {side} pixels"
            + (f", a column for each {target}: {shown}." if prepared.classes else ".")
        ),
        plot=panelled(Grid([""], 1, 1, 300, str(target or ""), ""), [trace], x, y, legend=False),
        rows=[
            {"row": prepared.row_names[row], "class": name, **_pixels(prepared, row)}
            for name, rows in groups
            for row in rows
        ],
    )


def _pixels(prepared: Prepared, row: int) -> dict[str, float | None]:
    return dict(zip(prepared.input_names, numbers(prepared.inputs[row]), strict=True))


def _classes(facts: Facts) -> Figure:
    """How many examples each split has of each class."""
    prepared, names = facts.prepared, list(facts.prepared.classes)
    across, up = axes(0)
    counts = {
        split: np.bincount(prepared.targets[prepared.splits[split][0]], minlength=len(names))
        for split in SPLIT_NAMES
    }
    traces = [
        {
            "type": "bar",
            "xaxis": across,
            "yaxis": up,
            "x": names,
            "y": tally.tolist(),
            "marker": {"color": COLOURS[split]},
            "name": split,
            "hovertemplate": f"%{{x}}: %{{y}} {split} examples<extra></extra>",
        }
        for split, tally in counts.items()
    ]
    train = counts["train"]
    return Figure(
        name="classes",
        title="Examples of each class",
        caption=(
            f"Examples of each of {len(names)} classes in the splits of the first replicate. In "
            f"training the rarest, {names[int(train.argmin())]}, has {train.min()} and the most "
            f"frequent, {names[int(train.argmax())]}, has {train.max()}."
        ),
        plot=panelled(
            Grid([""], 1, 1, 220, str(facts.data.get("target") or "class"), "examples"),
            traces,
            {"type": "category"},
            {},
        ),
        rows=[
            {"class": name, **{split: int(tally[k]) for split, tally in counts.items()}}
            for k, name in enumerate(names)
        ],
    )


def _targets(facts: Facts) -> Figure:
    """How the value to predict is distributed in each split."""
    prepared = facts.prepared
    across, up = axes(0)
    values = prepared.targets.astype(np.float64)
    edges = np.histogram_bin_edges(values, bins=BINS)
    middles = (edges[1:] + edges[:-1]) / 2
    shares = {
        split: np.histogram(values[prepared.splits[split][0]], bins=edges)[0]
        for split in SPLIT_NAMES
    }
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "xaxis": across,
            "yaxis": up,
            "x": numbers(middles),
            "y": numbers(100 * tally / max(1, tally.sum())),
            "line": {"color": COLOURS[split], "shape": "hvh", "width": 2},
            "name": split,
            "hovertemplate": f"about %{{x:.4g}}: %{{y:.1f}} % of {split}<extra></extra>",
        }
        for split, tally in shares.items()
    ]
    train = values[prepared.splits.train[0]]
    # The target of an image that is to be cleaned is the image.
    images = facts.data["kind"] == "images"
    column = "pixel" if images else str(facts.data.get("target") or "target")
    return Figure(
        name="targets",
        title=f"The values to predict: {column}",
        caption=(
            f"How the targets are distributed in the splits of the first replicate, in {BINS} "
            "intervals of equal width. The training targets have mean "
            f"{plain(train.mean())} and standard deviation {plain(train.std())}, and lie between "
            f"{plain(train.min())} and {plain(train.max())}."
        ),
        plot=panelled(Grid([""], 1, 1, 240, column, "share of the split, %"), traces, {}, {}),
        rows=[
            {
                "from": number(float(edges[k])),
                "to": number(float(edges[k + 1])),
                **{split: int(tally[k]) for split, tally in shares.items()},
            }
            for k in range(len(middles))
        ],
    )
