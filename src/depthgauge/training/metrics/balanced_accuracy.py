"""Balanced accuracy: the mean over classes of the share of each that is recognised."""

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


def balanced_accuracy(
    outputs: Float64Array, targets: npt.NDArray, scale: Float64Array
) -> Float64Array:
    """As scikit-learn's balanced_accuracy_score: classes without an example do not count."""
    counts = confusion(outputs, targets)
    return mean_of_known(ratio(np.diagonal(counts, axis1=1, axis2=2), counts.sum(2)))


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: an example counts as much as its class is small."""
    counts = confusion(outputs, targets)
    members = counts.sum(2)
    recall = ratio(np.diagonal(counts, axis1=1, axis2=2), members)
    share = targets.shape[1] / (members > 0).sum(1, keepdims=True)
    own = ratio(np.broadcast_to(share, members.shape), members)
    right = (outputs.argmax(-1) == targets) - of_class(recall, targets)
    return np.asarray(mean_of_known(recall)[:, None] + of_class(own, targets) * right)


ENTRY = Metric(
    "balanced accuracy",
    True,
    balanced_accuracy,
    parts=parts,
    lack="balanced error rate",
    percent=True,
)
