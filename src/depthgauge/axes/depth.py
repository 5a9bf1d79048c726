"""How deep a network is: what a family counts, hidden layers or blocks, the family says."""

from depthgauge.axes.axis import Axis

ENTRY = Axis(
    name="depth",
    noun="depth",
    plural="depths",
    label="depth",
    preposition="at",
    before="depth ",
    parameter="network.depth",
)
