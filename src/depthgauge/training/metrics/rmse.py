"""Root mean squared error, in the target's own unit."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def rmse(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """The root of the squared error's mean over examples and outputs."""
    return np.asarray(np.sqrt(np.square(outputs - targets).mean((1, 2))) * scale)


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: of the root of a mean."""
    squares = np.square(outputs - targets).mean(2)
    mean = squares.mean(1, keepdims=True)
    root = np.sqrt(mean)
    change = np.where(root > 0, squares - mean, 0.0) / (2 * np.where(root > 0, root, 1.0))
    return np.asarray((root + change) * scale[:, None])


ENTRY = Metric("RMSE", False, rmse, parts=parts, higher=False)
