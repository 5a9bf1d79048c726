"""How wide a network is: units or channels, as its family says."""

from depthgauge.axes.axis import Axis

ENTRY = Axis(
    name="width",
    noun="width",
    plural="widths",
    label="width",
    preposition="at",
    before="width ",
    parameter="network.width",
)
