"""The mark for a point whose loss was still falling when training ended."""

from depthgauge.statistics.losses import FloatArray
from depthgauge.statistics.paired import rise_p


def still_falling(
    last: FloatArray, earlier: FloatArray, margin: float, alpha: float
) -> bool | None:
    """Whether the loss at the last epoch lies below the earlier one by more than the margin.

    last, earlier: (n,) test losses of the point's finite replicates. The test is that of a rise,
    with the earlier epoch in the place of the worse point: one-sided paired t test of
    E earlier > (1 + margin) E last, at alpha. No correction for the number of points: the mark is
    a warning, and a correction would withhold warnings. None when n < 2 or nothing varies.
    """
    p = rise_p(earlier, last, margin)
    return None if p is None else bool(p <= alpha)
