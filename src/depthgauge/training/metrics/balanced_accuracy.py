"""Balanced accuracy: the mean over classes of the share of each that is recognised."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric, confusion, mean_of_known, ratio


def balanced_accuracy(
    outputs: Float64Array, targets: npt.NDArray, scale: Float64Array
) -> Float64Array:
    """As scikit-learn's balanced_accuracy_score: classes without an example do not count."""
    counts = confusion(outputs, targets)
    return mean_of_known(ratio(np.diagonal(counts, axis1=1, axis2=2), counts.sum(2)))


ENTRY = Metric("balanced accuracy", True, balanced_accuracy)
