"""The template by which DVC's own plots draw the losses, in the colours of the page."""

from typing import Any

import altair as alt

from depthgauge.report.charts.chart import facets, layer, lookup, split_colour, split_shape
from depthgauge.report.charts.loss import SPLITS
from depthgauge.report.style import CONFIG
from depthgauge.training.runs import STOPPING_WORDS


def plot_template() -> dict[str, Any]:
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
