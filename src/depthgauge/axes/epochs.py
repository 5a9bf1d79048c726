"""The number of epochs."""

from depthgauge.axes.axis import Axis

ENTRY = Axis(
    name="epochs",
    noun="number of epochs",
    plural="numbers of epochs",
    label="epochs of training",
    preposition="with",
    one=" epoch",
    several=" epochs",
    parameter="epochs",
)
