"""By what DVC's own plots draw the losses, in the colours of the page and without a network."""

import json
from typing import Any

import altair as alt
import vl_convert

from depthgauge.report.charts.chart import (
    VEGA_LITE,
    facets,
    layer,
    lookup,
    split_colour,
    split_shape,
)
from depthgauge.report.charts.loss import SPLITS
from depthgauge.report.style import CONFIG
from depthgauge.training.runs import STOPPING_WORDS


def plot_template() -> str:
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
    spec: dict[str, Any] = chart.to_dict() | named
    # A recipe that the settings do not ask for has empty cells, which would be drawn as zeros.
    spec["transform"].insert(0, {"filter": "datum['<DVC_METRIC_Y>'] !== ''"})
    return json.dumps(spec, indent=2) + "\n"


# DVC fills in what stands in braces. It would put the addresses of Vega into {scripts}.
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
{refresh_tag}
<title>Plots of DVC</title>
<style>body { font-family: sans-serif } table { border-spacing: 15px }</style>
<script>
SCRIPT
</script>
</head>
<body>
{plot_divs}
</body>
</html>
"""


def plot_page() -> str:
    """.dvc/plots/page.html: the page around DVC's plots, with Vega within it."""
    # Its stub asks for a script to append, of which there is none.
    script: str = vl_convert.javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]
    # Nothing in it may end the element, nor be a place that DVC fills in.
    script = script.replace("</script", "<\\/script")
    return PAGE.replace("SCRIPT", script)
