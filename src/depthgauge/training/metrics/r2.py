"""R2, the coefficient of determination."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric, ratio


def r2(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """1 - squared error / variance, the mean over the K outputs, as scikit-learn's r2_score.

    NaN where a target does not vary or n < 2.
    """
    error = np.square(outputs - targets).mean(1)
    return np.asarray(1 - ratio(error, targets.var(1)).mean(-1))


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: of a ratio of two means, for each output."""
    squares = np.square(outputs - targets)
    around = np.square(targets - targets.mean(1, keepdims=True))
    error, variance = squares.mean(1, keepdims=True), around.mean(1, keepdims=True)
    unexplained = ratio(error, variance)
    change = ratio(squares - unexplained * around, np.broadcast_to(variance, squares.shape))
    return np.asarray((1 - unexplained - change).mean(-1))


ENTRY = Metric("R2", False, r2, parts=parts, lack="unexplained share")
