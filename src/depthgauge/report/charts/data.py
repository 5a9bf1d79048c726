"""A picture of the data: the series, example images, or how the targets are distributed."""

from typing import Any

import altair as alt
import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.report.charts.chart import (
    Chart,
    Figure,
    Row,
    layer,
    number,
    plain,
    plot,
    split_colour,
)
from depthgauge.report.facts import Facts
from depthgauge.report.style import INK, PAPER

# Examples of each class that are shown, and classes at most.
EXAMPLES, CLASSES = 6, 12
BINS = 30
DAY = 86_400_000


def data_figures(facts: Facts) -> list[Figure]:
    """What the shape of the data asks for; the splits are those of the first replicate."""
    dataset, times = facts.dataset, facts.dataset.times
    figures = []
    if times is not None:
        figures.append(_series(facts, times))
    elif len(dataset.input_shape) == 2:
        figures.append(_images(facts))
    if dataset.classes:
        figures.append(_classes(facts))
    elif times is None:
        figures.append(_targets(facts))
    return figures


def _series(facts: Facts, times: np.ndarray) -> Figure:
    """The value to predict, by time, coloured by split."""
    dataset, names = facts.dataset, facts.dataset.row_names
    dated = bool(np.issubdtype(times.dtype, np.datetime64))
    logarithms = facts.data.get("transform") == "log"
    values = dataset.targets.reshape(len(names), -1)[:, 0].astype(np.float64)
    values = np.exp(values) if logarithms else values
    title = str(facts.data.get("target") or facts.data.get("value"))
    members = {split: dataset.splits[split][0] for split in SPLIT_NAMES}
    spans = [f"{split} {names[rows[0]]} to {names[rows[-1]]}" for split, rows in members.items()]
    scaled = ", on a logarithmic scale as the networks see it" if logarithms else ""
    return Figure(
        name="series",
        title=f"The series: {title}",
        caption=(
            f"The value to predict for each of {len(names)} {'days' if dated else 'rows'}, "
            f"by split{scaled}: "
            f"{'; '.join(spans)}. It lies between {plain(values.min())} and {plain(values.max())}."
        ),
        chart=_series_chart(title, names, dated, logarithms),
        rows=[
            {"time": names[row], "value": number(values[row]), "split": split}
            for split, rows in members.items()
            for row in rows
        ],
    )


def _series_chart(title: str, names: tuple[str, ...], dated: bool, logarithms: bool) -> Chart:
    y = alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(type="log", nice=False) if logarithms else alt.Scale(zero=False),
        axis=alt.Axis(tickCount=6, format=",~g"),
    )
    colour = split_colour(SPLIT_NAMES)
    told = {"time": "time", "split": "split", "value": title}
    if not dated:
        kind = "Q" if all(_is_number(name) for name in names) else "O"
        axis = alt.Axis(labelOverlap=True, grid=False, format="~d")
        x = alt.X(f"time:{kind}", axis=axis, sort=None, title=None)
        if kind == "Q":
            x = x.scale(zero=False)
        return plot(
            layer("line", x, y, colour, look="thin"), layer("rule", x, look="hover", tips=told)
        )
    axis = alt.Axis(format="%Y-%m-%d", tickCount=6, labelOverlap=True)
    x = alt.X("day:T", scale=alt.Scale(type="utc"), axis=axis, title=None)
    # A gap in the days is a gap in the line, whose parts are lines of their own.
    parts: dict[str, Any] = {"sort": [alt.SortField("day")], "groupby": ["split"]}
    lines = layer("line", x, y, colour, alt.Detail("part:Q"), look="thin")
    return plot(
        lines.transform_window(before="lag(day)", **parts)
        .transform_calculate(gap=f"datum.day - datum.before > {DAY} ? 1 : 0")
        .transform_window(part="sum(gap)", **parts),
        layer("rule", x, look="hover", tips=told),
        day="toDate(datum.time)",
    )


def _is_number(name: str) -> bool:
    return name.replace(".", "", 1).isdigit()


def _images(facts: Facts) -> Figure:
    """A few training images of each class, or of all where there are none."""
    dataset = facts.dataset
    high, wide = dataset.input_shape
    members = dataset.splits.train[0]
    kept = members[: EXAMPLES * CLASSES]
    groups: list[tuple[str, np.ndarray]] = [
        ("", kept[start : start + EXAMPLES]) for start in range(0, len(kept), EXAMPLES)
    ]
    if dataset.classes:
        labels = dataset.targets[members]
        groups = [
            (name, members[labels == label][:EXAMPLES])
            for label, name in enumerate(dataset.classes[:CLASSES])
        ]
    rows = [
        {
            "row": dataset.row_names[row],
            "class": name,
            "across": across,
            "down": down,
            "pixels": " ".join(f"{value:.6g}" for value in dataset.inputs[row]),
        }
        for across, (name, chosen) in enumerate(groups)
        for down, row in enumerate(chosen)
    ]
    target = facts.data.get("target") if dataset.classes else None
    shown = ", ".join(name for name, _ in groups)
    most = max(len(chosen) for _, chosen in groups)
    return Figure(
        name="images",
        title="Example images",
        caption=(
            f"Training images of {wide} x {high} pixels"
            + (f", a column for each {target}: {shown}." if dataset.classes else ".")
        ),
        chart=_pixels(high, wide, [name for name, _ in groups], str(target or "")),
        rows=rows,
        aspect=most * (high + 1) / (len(groups) * (wide + 1)),
        canvas=True,
    )


def _pixels(high: int, wide: int, names: list[str], title: str) -> Chart:
    """Images side by side, a blank line of pixels between; each pixel is a small square."""
    labels = alt.Axis(
        values=[place * (wide + 1) + wide / 2 for place in range(len(names))],
        labelExpr=f"{names}[floor(datum.value / {wide + 1})]",
        grid=False,
        ticks=False,
        domain=False,
    )
    exact: dict[str, Any] = {"nice": False, "zero": False}
    grey = alt.Scale(range=[PAPER, INK], interpolate="rgb")
    pixels = layer(
        "rect",
        alt.X("left:Q", scale=alt.Scale(**exact), axis=labels, title=title or None),
        alt.X2("right:Q"),
        alt.Y("top:Q", scale=alt.Scale(reverse=True, **exact), axis=None),
        alt.Y2("bottom:Q"),
        alt.Fill("value:Q", scale=grey, legend=None),
        alt.Stroke("value:Q", scale=grey, legend=None),
        tips={"row": "row", "value": "pixel"},
        # Lines hide the seams between the squares.
        look="pixel",
    )
    flat = pixels.transform_calculate(pixel="split(datum.pixels, ' ')").transform_flatten(["pixel"])
    placed = flat.transform_window(place="row_number()", groupby=["row"]).transform_calculate(
        value="toNumber(datum.pixel)",
        left=f"datum.across * {wide + 1} + (datum.place - 1) % {wide}",
        right="datum.left + 1",
        top=f"datum.down * {high + 1} + floor((datum.place - 1) / {wide})",
        bottom="datum.top + 1",
    )
    return plot(placed, width=400, height=400)


def _classes(facts: Facts) -> Figure:
    """How many examples each split has of each class."""
    dataset, names = facts.dataset, list(facts.dataset.classes)
    counts = {
        split: np.bincount(dataset.targets[dataset.splits[split][0]], minlength=len(names))
        for split in SPLIT_NAMES
    }
    train = counts["train"]
    title = str(facts.data.get("target") or "class")
    bars = layer(
        "bar",
        alt.X("class:N", sort=names, axis=alt.Axis(labelOverlap=True), title=title),
        alt.XOffset("split:N", sort=list(SPLIT_NAMES)),
        alt.Y("examples:Q"),
        split_colour(SPLIT_NAMES),
        tips={"class": title, "split": "split", "examples": "examples"},
    )
    return Figure(
        name="classes",
        title="Examples of each class",
        caption=(
            f"Examples of each of {len(names)} classes in the splits of the first replicate. In "
            f"training the rarest, {names[int(train.argmin())]}, has {train.min()} and the most "
            f"frequent, {names[int(train.argmax())]}, has {train.max()}."
        ),
        chart=plot(bars.transform_fold(list(SPLIT_NAMES), as_=["split", "examples"])),
        rows=[
            {"class": name, **{split: int(tally[k]) for split, tally in counts.items()}}
            for k, name in enumerate(names)
        ],
    )


def _targets(facts: Facts) -> Figure:
    """How the value to predict is distributed in each split."""
    dataset = facts.dataset
    values = dataset.targets.astype(np.float64)
    edges = np.histogram_bin_edges(values, bins=BINS)
    tallies = {
        split: np.histogram(values[dataset.splits[split][0]], bins=edges)[0]
        for split in SPLIT_NAMES
    }
    train = values[dataset.splits.train[0]]
    # The target of an image that is to be cleaned is the image.
    pixels = len(dataset.target_shape) == 2
    title = "pixel" if pixels else str(facts.data.get("target") or "target")
    rows: list[Row] = [
        {
            "from": number(edges[k]),
            "to": number(edges[k + 1]),
            **{split: int(tally[k]) for split, tally in tallies.items()},
        }
        for k in range(BINS)
    ]
    lines = layer(
        "line",
        alt.X("middle:Q", scale=alt.Scale(zero=False, nice=False), title=title),
        alt.Y("share:Q", title="share of the split, %"),
        split_colour(SPLIT_NAMES),
        tips={"split": "split"},
        look="histogram",
    )
    return Figure(
        name="targets",
        title=f"The values to predict: {title}",
        caption=(
            f"How the targets are distributed in the splits of the first replicate, in {BINS} "
            "intervals of equal width. The training targets have mean "
            f"{plain(train.mean())} and standard deviation {plain(train.std())}, and lie between "
            f"{plain(train.min())} and {plain(train.max())}."
        ),
        chart=plot(
            lines.transform_fold(list(SPLIT_NAMES), as_=["split", "examples"])
            .transform_joinaggregate(all="sum(examples)", groupby=["split"])
            .transform_calculate(share="100 * datum.examples / max(1, datum.all)"),
            middle="(datum.from + datum.to) / 2",
        ),
        rows=rows,
    )
