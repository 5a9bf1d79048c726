"""Cross-entropy, with the natural logarithm, where another loss is trained on."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def cross_entropy(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As torch.nn.CrossEntropyLoss of the logits, and scikit-learn's log_loss of their softmax."""
    return np.asarray(parts(outputs, targets, scale).mean(1))


def parts(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """(R, n) of each example."""
    above = outputs - outputs.max(-1, keepdims=True)
    own = np.take_along_axis(above, targets[:, :, None], 2)[:, :, 0]
    return np.asarray(np.log(np.exp(above).sum(-1)) - own)


ENTRY = Metric("cross-entropy", True, cross_entropy, parts=parts, higher=False)
