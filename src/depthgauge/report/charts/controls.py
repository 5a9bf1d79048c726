"""What a reader may change in a figure of the page, as the page's script is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

# For all panels together ("all") and each by its title, vertical axes by name ("linear", "log").
Axes = Mapping[str, Mapping[str, Any]]
# Parameters of a chart that the page sets: the replicate under the pointer, the end that intervals
# are cut off at (a logarithmic axis has no 0), and the step of a slider.
HELD, LEAST, STEP = "held", "least", "step"


@dataclass(frozen=True)
class Slider:
    """Steps through the rows of a figure, from the last one.

    words: what the steps are, "epoch". values: of the column that the chart compares with its
    parameter `step`. said: a sentence for each.
    """

    words: str
    values: Sequence[int]
    said: Sequence[str]


def bottom_of(axes: Mapping[str, Any], logarithmic: bool) -> float:
    """Where intervals end at the latest: the lower end of a logarithmic axis, else nowhere."""
    return float(axes["log"]["scale"]["domain"][0]) if logarithmic and "log" in axes else -1e300


def set_by_page(chart: Any, **values: float) -> Any:
    """The chart with parameters that the page may set, and their values until it does."""
    return chart.add_params(*(alt.param(name=name, value=value) for name, value in values.items()))


def scale_switches(
    axes: Axes, logarithmic: bool, each: str = "", panels: int = 1
) -> dict[str, dict[str, str]]:
    """The choice of a logarithmic axis, where all can be, and of one for each panel.

    logarithmic: whether the chart is drawn so at first. each: whose a panel is, "each view".
    """
    found: dict[str, dict[str, str]] = {}
    if all("log" in parts for parts in axes.values()):
        words = {"linear": "linear", "log": "logarithmic"}
        found["axis"] = dict(sorted(words.items(), reverse=logarithmic))
    if panels > 1:
        found["panels"] = {"shared": "one for all", "own": f"one for {each}"}
    return found
