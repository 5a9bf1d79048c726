"""A picture of sequences: one of their channels along the steps, a panel for each class."""

import altair as alt
import numpy as np

from depthgauge.report.charts.chart import Figure, Row, facets, layer, number
from depthgauge.report.facts import Facts
from depthgauge.report.prose.render import render

# Sequences of each class that are shown, or of all without classes, and classes at most.
OF_A_CLASS, OF_ALL, CLASSES = 4, 12, 12
# Steps of a line; of longer sequences every second or third is enough.
STEPS = 400


def channel_names(facts: Facts) -> list[str]:
    """C names, from those of the inputs."""
    _, steps = facts.dataset.input_shape
    return [name.rsplit(" step ", 1)[0] for name in facts.dataset.input_names[::steps]]


def drawn_channel(facts: Facts) -> int | None:
    """The first channel that holds more than 0 and 1; None where there is none."""
    rows = facts.dataset.splits.train[0]
    cells = facts.dataset.inputs[rows].reshape(len(rows), *facts.dataset.input_shape)
    for place in range(cells.shape[1]):
        values = cells[:, place]
        if not np.isin(values[~np.isnan(values)], (0, 1)).all():
            return place
    return None


def sequences_figure(facts: Facts, channel: int) -> Figure:
    """A few training sequences of the first replicate."""
    dataset = facts.dataset
    members, names = dataset.splits.train[0], list(dataset.classes[:CLASSES]) or [""]
    groups = [members[:OF_ALL]]
    if dataset.classes:
        labels = dataset.targets[members]
        groups = [members[labels == place][:OF_A_CLASS] for place in range(len(names))]
    called = channel_names(facts)[channel]
    shape = dataset.input_shape
    every = -(-shape[1] // STEPS)
    rows: list[Row] = [
        {
            "class": name,
            "sequence": dataset.row_names[row],
            "step": step + 1,
            "value": number(float(value)),
        }
        for name, group in zip(names, groups, strict=True)
        for row in group
        for step, value in enumerate(dataset.inputs[row].reshape(shape)[channel])
        if step % every == 0 and not np.isnan(value)
    ]
    x = alt.X("step:Q", scale=alt.Scale(zero=False, nice=False), title="step", axis=_whole())
    y = alt.Y("value:Q", scale=alt.Scale(zero=False), title=called)
    detail, tips = alt.Detail("sequence:N"), {"sequence": "sequence", "step": "step"}
    chart = facets(
        layer("line", x, y, detail, look="thin"),
        layer("line", x, y, detail, look="hover", tips=tips | {"value": called}),
        by="class",
        order=names,
        width=250 if dataset.classes else 840,
        height=130 if dataset.classes else 220,
    )
    target = facts.settings.data.target
    return Figure(
        name="sequences",
        title=f"Example sequences: {called}",
        caption=render("captions/sequences", target=target, names=names, channel=called),
        chart=chart,
        rows=rows,
        columns=3 if dataset.classes else 1,
    )


def _whole() -> alt.Axis:
    return alt.Axis(tickMinStep=1, grid=False, format="d")
