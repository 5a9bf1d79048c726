"""The number of hidden layers."""

from depthgauge.axes.axis import Axis, Point


class _Depth(Axis):
    def explain(self, point: Point) -> str:
        """What a depth means."""
        if point == 0:
            return "no hidden layer, a linear model"
        return f"{point} hidden layer{'s' if point != 1 else ''}"


ENTRY = _Depth(
    name="depth",
    noun="depth",
    plural="depths",
    label="depth (hidden layers)",
    preposition="at",
    before="depth ",
    parameter="network.depth",
)
