"""An axis of names, as one file."""

from depthgauge.axes.axis import Axis

ENTRY = Axis(
    name="activation",
    noun="activation",
    plural="activations",
    label="activation",
    preposition="with",
    before="activation ",
    parameter="network.activation",
)
