"""The lecture's own table: where the question comes from."""

from typing import Any

from depthgauge.report.charts.plot import Figure, Grid, axes, panelled
from depthgauge.report.style import COLOURS, MARKERS

# Hung-yi Lee, machine learning, lecture 1: views of a channel, mean absolute error in thousands,
# 100 ReLU in each hidden layer; one run each.
LECTURE = {"train": (0.32, 0.28, 0.18, 0.14, 0.10), "test": (0.46, 0.43, 0.39, 0.38, 0.44)}
NAMES = {"train": "train, 2017 to 2020", "test": "unseen, 2021"}


def lecture_figure() -> Figure:
    """Train and test error of the lecture's networks with 0 to 4 hidden layers."""
    across, up = axes(0)
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "xaxis": across,
            "yaxis": up,
            "x": list(range(5)),
            "y": list(errors),
            "line": {"color": COLOURS[split], "width": 2},
            "marker": {"color": COLOURS[split], "symbol": MARKERS[split], "size": 9},
            "name": NAMES[split],
            "hovertemplate": f"depth %{{x}}: {NAMES[split]}: %{{y:.2f}}<extra></extra>",
        }
        for split, errors in LECTURE.items()
    ]
    grid = Grid(["100 units in each hidden layer"], 1, 1, 250, "depth (hidden layers)", "error")
    return Figure(
        name="lecture",
        title="The lecture's table",
        caption=(
            "Mean absolute error, in thousands of views, of networks with 0 to 4 hidden layers in "
            "Hung-yi Lee's first lecture: on the training years 0.32, 0.28, 0.18, 0.14 and 0.10, "
            "on the unseen year 0.46, 0.43, 0.39, 0.38 and 0.44. From 3 to 4 layers train error "
            "falls and test error rises: overfitting, if it was no luck, since each is one run."
        ),
        plot=panelled(grid, traces, {"dtick": 1}, {"rangemode": "tozero"}),
        rows=[
            {"depth": depth, "train_error": train, "test_error": test}
            for depth, (train, test) in enumerate(zip(*LECTURE.values(), strict=True))
        ],
    )
