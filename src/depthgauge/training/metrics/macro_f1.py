"""Macro F1: the mean over classes of the harmonic mean of precision and recall."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric, confusion, mean_of_known, ratio


def macro_f1(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As scikit-learn's f1_score of average "macro": classes that occur, or are given, count."""
    counts = confusion(outputs, targets)
    right = np.diagonal(counts, axis1=1, axis2=2)
    return mean_of_known(ratio(2 * right, counts.sum(1) + counts.sum(2)))


ENTRY = Metric("macro F1", True, macro_f1)
