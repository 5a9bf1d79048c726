"""A float axis, as one file."""

from depthgauge.axes.axis import Axis

ENTRY = Axis(
    name="learning_rate",
    noun="learning rate",
    plural="learning rates",
    label="learning rate of the first step",
    preposition="at",
    before="learning rate ",
    parameter="optimizer.learning_rate",
)
