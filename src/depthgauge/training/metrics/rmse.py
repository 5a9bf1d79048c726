"""Root mean squared error, in the target's own unit."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def rmse(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """The root of the squared error's mean over examples and outputs."""
    return np.asarray(np.sqrt(np.square(outputs - targets).mean((1, 2))) * scale)


ENTRY = Metric("RMSE", False, rmse)
