"""Area under the ROC curve, of two classes."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def auc(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As scikit-learn's roc_auc_score, the second class the positive one.

    It is the chance that an example of it has a greater score than one of the first class, half of
    the ties counted (Mann and Whitney 1947). NaN where a class has no example.
    """
    scores = outputs[:, :, 1] - outputs[:, :, 0]
    return np.array([_auc(s, t == 1) for s, t in zip(scores, targets, strict=True)])


def _auc(scores: Float64Array, positive: npt.NDArray[np.bool_]) -> float:
    low, high = np.sort(scores[~positive]), scores[positive]
    if not low.size or not high.size:
        return np.nan
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / low.size)


ENTRY = Metric("AUC", True, auc, of_classes=2)
