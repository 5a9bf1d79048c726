"""The number of units in each hidden layer."""

from depthgauge.axes.axis import Axis, Point


class _Width(Axis):
    def explain(self, point: Point) -> str:
        """What a width means."""
        return f"{point} unit{'s' if point != 1 else ''} in each hidden layer"


ENTRY = _Width(
    name="width",
    noun="width",
    plural="widths",
    label="width (units in each hidden layer)",
    preposition="at",
    before="width ",
    parameter="network.width",
)
