"""Accuracy: the share of examples that are given their own class; 1 - error rate."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def accuracy(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As scikit-learn's accuracy_score."""
    return np.asarray(np.mean(outputs.argmax(-1) == targets, axis=1))


ENTRY = Metric("accuracy", True, accuracy)
