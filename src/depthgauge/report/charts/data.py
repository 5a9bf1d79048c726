"""A picture of the data: the series, examples, or how the targets are distributed."""

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES, Dataset
from depthgauge.report.charts.chart import Chart, Figure, Row, layer, number, plot, split_colour
from depthgauge.report.charts.sequences import channel_names, drawn_channel, sequences_figure
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render
from depthgauge.report.style import INK, PAPER

# Examples of each class that are shown, and classes at most.
EXAMPLES, CLASSES = 6, 12
BINS = 30
# Series that are drawn of several that are predicted.
COLUMNS = 4
DAY = 86_400_000


def data_figures(facts: Facts) -> list[Figure]:
    """What the shape of the data asks for; the splits are those of the first replicate."""
    dataset, times = facts.dataset, facts.dataset.times
    if times is not None:
        steps = dataset.outputs // len(_predicted(facts))
        drawn = list(enumerate(_predicted(facts)))[:COLUMNS] if not dataset.classes else []
        series = [_series(facts, times, title, k * steps, k) for k, title in drawn]
        return series or [_series(facts, times, facts.settings.data.target), _classes(facts)]
    examples = [_examples(facts)] if len(dataset.input_shape) == 2 else []
    return [*examples, _classes(facts) if dataset.classes else _targets(facts)]


def _examples(facts: Facts) -> Figure:
    """Images; or sequences, as a picture too where they hold 0 and 1 alone."""
    if not facts.settings.data.has_channels:
        return _images(facts)
    channel = drawn_channel(facts)
    return _images(facts) if channel is None else sequences_figure(facts, channel)


def _predicted(facts: Facts) -> list[str]:
    """The columns to predict."""
    return getattr(facts.settings.data, "targets", []) or [facts.settings.data.target]


def _series(
    facts: Facts, times: np.ndarray, title: str, column: int = 0, number_of: int = 0
) -> Figure:
    """The value to predict, by time, coloured by split; column: of the targets."""
    dataset, names = facts.dataset, facts.dataset.row_names
    dated = bool(np.issubdtype(times.dtype, np.datetime64))
    logarithms = getattr(facts.settings.data, "transform", None) == "log"
    values = dataset.targets.reshape(len(names), -1)[:, column].astype(np.float64)
    values = np.exp(values) if logarithms else values
    members = {split: dataset.splits[split][0] for split in SPLIT_NAMES}
    known = {"names": names, "dated": dated, "logarithms": logarithms, "values": values}
    return Figure(
        name=f"series-{number_of + 1}" if number_of else "series",
        title=f"The series: {title}",
        caption=render("captions/series", members=members, **known),
        chart=_series_chart(title, names, dated, logarithms),
        rows=[
            {
                "time": names[row],
                **({} if dated else {"step": int(times[row])}),
                "value": number(values[row]),
                "split": split,
            }
            for split, rows in members.items()
            for row in rows
        ],
    )


def _series_chart(title: str, names: tuple[str, ...], dated: bool, logarithms: bool) -> Chart:
    scale = alt.Scale(type="log", nice=False) if logarithms else alt.Scale(zero=False)
    y = alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(tickCount=6, format=",~g"))
    colour = split_colour(SPLIT_NAMES)
    told = {"time": "time", "split": "split", "value": title}
    if dated:
        days = alt.Axis(format="%Y-%m-%d", tickCount=6, labelOverlap=True)
        x = alt.X("day:T", scale=alt.Scale(type="utc"), axis=days, title=None)
        at, step = "day", DAY
    else:
        # Numbers say themselves where they stand; of other names the steps are counted.
        numbers = all(name.replace(".", "", 1).isdigit() for name in names)
        axis = alt.Axis(labelOverlap=True, grid=False, format="~d")
        counted = None if numbers else f"steps from {names[0]} on"
        x = alt.X("time:Q" if numbers else "step:Q", axis=axis, title=counted).scale(zero=False)
        at, step = "step", 1
    # A gap in the steps is a gap in the line, whose parts are lines of their own.
    parts: dict[str, Any] = {"sort": [alt.SortField(at)], "groupby": ["split"]}
    lines = layer("line", x, y, colour, alt.Detail("part:Q"), look="thin")
    drawn = (
        lines.transform_window(before=f"lag({at})", **parts)
        .transform_calculate(gap=f"datum.{at} - datum.before > {step} ? 1 : 0")
        .transform_window(part="sum(gap)", **parts)
    )
    pointed = layer("rule", x, look="hover", tips=told)
    return plot(drawn, pointed, day="toDate(datum.time)") if dated else plot(drawn, pointed)


def _images(facts: Facts) -> Figure:
    """A few training images of each class, or of all where there are none."""
    dataset, sequences = facts.dataset, facts.settings.data.has_channels
    high, wide = dataset.input_shape
    members = dataset.splits.train[0]
    # Without classes each column shows the next ones.
    labels = dataset.targets[members] if dataset.classes else np.arange(len(members)) // EXAMPLES
    count = len(dataset.classes) or -(-len(members) // EXAMPLES)
    groups = [members[labels == column][:EXAMPLES] for column in range(min(count, CLASSES))]
    names = list(dataset.classes[:CLASSES]) or [""] * len(groups)
    rows = [
        {
            "row": dataset.row_names[row],
            "class": name,
            "across": across,
            "down": down,
            "pixels": " ".join(f"{value:.6g}" for value in np.nan_to_num(dataset.inputs[row])),
        }
        for across, (name, chosen) in enumerate(zip(names, groups, strict=True))
        for down, row in enumerate(chosen)
    ]
    target = facts.settings.data.target if dataset.classes else ""
    most = max(map(len, groups))
    known: dict[str, Any] = {"target": target, "names": names, "wide": wide, "high": high}
    if sequences:
        known |= {"channel": None, "channels": channel_names(facts)}
    what = "sequences" if sequences else "images"
    return Figure(
        name=what,
        title=f"Example {what}",
        caption=render(f"captions/{what}", **known),
        chart=_pixels(high, wide, names, target),
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


def _by_split(dataset: Dataset, count: Callable[[np.ndarray], np.ndarray]) -> dict[str, np.ndarray]:
    """How the targets of each split are counted, those of the first replicate."""
    return {split: count(dataset.targets[dataset.splits[split][0]]) for split in SPLIT_NAMES}


def _classes(facts: Facts) -> Figure:
    """How many examples each split has of each class."""
    dataset, names = facts.dataset, list(facts.dataset.classes)
    counts = _by_split(dataset, lambda rows: np.bincount(rows, minlength=len(names)))
    title = facts.settings.data.target or "class"
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
        caption=render("captions/classes", names=names, train=counts["train"]),
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
    tallies = _by_split(dataset, lambda rows: np.histogram(rows.astype(np.float64), bins=edges)[0])
    train = values[dataset.splits.train[0]]
    # The target of an image that is to be cleaned is the image.
    pixels = len(dataset.target_shape) == 2
    title = "pixel" if pixels else facts.settings.data.target or "target"
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
        caption=render("captions/targets", bins=BINS, train=train),
        chart=plot(
            lines.transform_fold(list(SPLIT_NAMES), as_=["split", "examples"])
            .transform_joinaggregate(all="sum(examples)", groupby=["split"])
            .transform_calculate(share="100 * datum.examples / max(1, datum.all)"),
            middle="(datum.from + datum.to) / 2",
        ),
        rows=rows,
    )
