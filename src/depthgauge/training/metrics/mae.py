"""Mean absolute error, in the target's own unit."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def mae(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """The mean over examples and outputs, as scikit-learn's mean_absolute_error."""
    return np.asarray(parts(outputs, targets, scale).mean(1))


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) of each example."""
    return np.asarray(np.abs(outputs - targets).mean(2) * scale[:, None])


ENTRY = Metric("MAE", False, mae, parts=parts, higher=False)
