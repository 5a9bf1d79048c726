"""Average precision, of two classes: the area under the precision-recall curve, in steps."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric, ratio


def average_precision(
    outputs: Float64Array, targets: npt.NDArray, scale: Float64Array
) -> Float64Array:
    """As scikit-learn's average_precision_score, the second class the positive one.

    It is the mean over the positive examples of the precision among all that score as high. NaN
    where there is none.
    """
    scores = outputs[:, :, 1] - outputs[:, :, 0]
    pairs = zip(scores, targets, strict=True)
    return np.array([_precisions(s, t == 1)[0].sum() / max(1, (t == 1).sum()) for s, t in pairs])


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) as `Metric` has them: also by how much an example changes others' precisions."""
    scores = outputs[:, :, 1] - outputs[:, :, 0]
    return np.stack([_parts(s, t == 1) for s, t in zip(scores, targets, strict=True)])


def _precisions(
    scores: Float64Array, positive: npt.NDArray[np.bool_]
) -> tuple[Float64Array, Float64Array]:
    """Of each positive example, in ascending order of scores: its precision, and the number of
    examples that score as high; NaN without one."""
    if not positive.any() or not np.isfinite(scores).all():
        return np.full(max(1, int(positive.sum())), np.nan), np.ones(max(1, int(positive.sum())))
    every, high = np.sort(scores), np.sort(scores[positive])
    right = high.size - np.searchsorted(high, high, "left")
    given = (every.size - np.searchsorted(every, high, "left")).astype(np.float64)
    return ratio(right.astype(np.float64), given), given


def _parts(scores: Float64Array, positive: npt.NDArray[np.bool_]) -> Float64Array:
    precisions, given = _precisions(scores, positive)
    if np.isnan(precisions).any():
        return np.full(scores.size, np.nan)
    high = np.sort(scores[positive])
    whole = precisions.mean()
    # Of the positive examples that score no higher: sums of 1 / given and of precision / given.
    reached = np.searchsorted(high, scores, "right")
    gains = np.concatenate([[0.0], np.cumsum(1 / given)])[reached]
    losses = np.concatenate([[0.0], np.cumsum(precisions / given)])[reached]
    own = np.zeros(scores.size)
    places = np.searchsorted(high, scores[positive], "left")
    own[positive] = precisions[places] - whole
    change = own + np.where(positive, gains, 0.0) - losses
    return np.asarray(whole + change * scores.size / high.size)


ENTRY = Metric("average precision", True, average_precision, of_classes=2, parts=parts)
