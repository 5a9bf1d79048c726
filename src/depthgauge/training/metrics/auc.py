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


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: each example's chance against those of the other class.

    Source: E. DeLong et al. (1988), Biometrics 44(3): the structural components.
    """
    scores = outputs[:, :, 1] - outputs[:, :, 0]
    return np.stack([_parts(s, t == 1) for s, t in zip(scores, targets, strict=True)])


def _auc(scores: Float64Array, positive: npt.NDArray[np.bool_]) -> float:
    low, high = scores[~positive], scores[positive]
    if not low.size or not high.size:
        return np.nan
    return float(_chances(high, low).mean())


def _parts(scores: Float64Array, positive: npt.NDArray[np.bool_]) -> Float64Array:
    low, high = scores[~positive], scores[positive]
    found = np.full(scores.size, np.nan)
    if low.size and high.size:
        found[positive], found[~positive] = _chances(high, low), 1 - _chances(low, high)
        whole = found[positive].mean()
        for own in (positive, ~positive):
            found[own] = whole + (found[own] - whole) * scores.size / own.sum()
    return found


def _chances(scores: Float64Array, others: Float64Array) -> Float64Array:
    """For each score the share of the others below it, half of the ties counted."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")
    return np.asarray(below / 2 / ordered.size)


ENTRY = Metric("AUC", True, auc, of_classes=2, parts=parts)
