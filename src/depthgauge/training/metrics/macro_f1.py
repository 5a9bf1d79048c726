"""Macro F1: the mean over classes of the harmonic mean of precision and recall."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import (
    Float64Array,
    Metric,
    confusion,
    mean_of_known,
    of_class,
    ratio,
)


def macro_f1(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As scikit-learn's f1_score of average "macro": classes that occur, or are given, count."""
    counts = confusion(outputs, targets)
    right = np.diagonal(counts, axis1=1, axis2=2)
    return mean_of_known(ratio(2 * right, counts.sum(1) + counts.sum(2)))


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: of a ratio 2 TP / (given + there), for each class."""
    counts, guess = confusion(outputs, targets), outputs.argmax(-1)
    whole = counts.sum(1) + counts.sum(2)
    of_classes = ratio(2 * np.diagonal(counts, axis1=1, axis2=2), whole)
    share = targets.shape[1] / (whole > 0).sum(1)
    own = (2 * (guess == targets) - of_class(of_classes, targets)) / of_class(whole, targets)
    given = of_class(of_classes, guess) / of_class(whole, guess)
    return np.asarray(mean_of_known(of_classes)[:, None] + share[:, None] * (own - given))


ENTRY = Metric("macro F1", True, macro_f1, parts=parts)
