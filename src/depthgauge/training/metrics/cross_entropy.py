"""Cross-entropy, with the natural logarithm, where another loss is trained on."""

import numpy as np
import numpy.typing as npt

from depthgauge.training.metrics.metric import Float64Array, Metric


def cross_entropy(outputs: Float64Array, targets: npt.NDArray, scale: Float64Array) -> Float64Array:
    """As torch.nn.CrossEntropyLoss of the logits, and scikit-learn's log_loss of their softmax."""
    above = outputs - outputs.max(-1, keepdims=True)
    own = np.take_along_axis(above, targets[:, :, None], 2)[:, :, 0]
    return np.asarray(np.mean(np.log(np.exp(above).sum(-1)) - own, axis=1))


ENTRY = Metric("cross-entropy", True, cross_entropy)
