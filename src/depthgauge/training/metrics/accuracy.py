"""Accuracy: the share of examples that are given their own class; 1 - error rate."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def accuracy(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As scikit-learn's accuracy_score."""
    return np.asarray(right(outputs, targets, scale).mean(1))


def right(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) 1 where an example is given its class, else 0; NaN for outputs that are no numbers."""
    finite = np.isfinite(outputs).all(-1)
    return np.where(finite, outputs.argmax(-1) == targets, np.nan)


ENTRY = Metric("accuracy", True, accuracy, parts=right, lack="error rate", percent=True)
