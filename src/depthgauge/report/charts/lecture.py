"""The lecture's own table: where the question comes from."""

import altair as alt

from depthgauge.report.charts.chart import Figure, layer, plot, split_colour, split_shape

# Hung-yi Lee, machine learning, lecture 1: views of a channel, mean absolute error in thousands,
# 100 ReLU in each hidden layer; one run each.
LECTURE = {"train": (0.32, 0.28, 0.18, 0.14, 0.10), "test": (0.46, 0.43, 0.39, 0.38, 0.44)}
NAMES = "datum.label === 'train' ? 'train, 2017 to 2020' : 'unseen, 2021'"


def lecture_figure() -> Figure:
    """Train and test error of the lecture's networks with 0 to 4 hidden layers."""
    channels = (
        alt.X("depth:O", title="depth (hidden layers)"),
        alt.Y("error:Q"),
        split_colour(list(LECTURE), NAMES),
    )
    told = {"depth": "depth", "split": "split", "error": "error"}
    marks = layer("point", *channels, split_shape(list(LECTURE)), tips=told)
    return Figure(
        name="lecture",
        title="The lecture's table",
        caption=(
            "Mean absolute error, in thousands of views, of networks with 0 to 4 hidden layers of "
            "100 units in "
            "Hung-yi Lee's first lecture: on the training years 0.32, 0.28, 0.18, 0.14 and 0.10, "
            "on the unseen year 0.46, 0.43, 0.39, 0.38 and 0.44. From 3 to 4 layers train error "
            "falls and test error rises: overfitting, if it was no luck, since each is one run."
        ),
        chart=plot(layer("line", *channels), marks).transform_fold([*LECTURE], ["split", "error"]),
        rows=[
            {"depth": depth, "train": train, "test": test}
            for depth, (train, test) in enumerate(zip(*LECTURE.values(), strict=True))
        ],
    )
