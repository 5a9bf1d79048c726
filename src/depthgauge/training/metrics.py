"""What people ask for beside the loss: R2 and RMSE of numbers, cross-entropy and error of classes.

A reader of a table of results knows these whatever the loss was.
"""

import torch
from torch import Tensor
from torch.nn import functional


def regression_metrics(outputs: Tensor, targets: Tensor, scale: Tensor) -> dict[str, Tensor]:
    """{"rmse", "r2"}, each (R,) float64.

    outputs, targets: (R, n, K) in standard deviations of the training targets; scale: (R,) that
    deviation, so that rmse is in the target's own unit. r2 is the mean over the K outputs of
    1 - squared error / variance, as scikit-learn's r2_score has it by default; NaN where a target
    does not vary or n < 2.
    """
    squared = (outputs.double() - targets.double()).square().mean(1)
    wide = targets.double().expand(outputs.shape)
    variance = wide.var(1, correction=0)
    share = torch.where(variance > 0, squared / variance, torch.nan)
    return {"rmse": squared.mean(-1).sqrt() * scale.double(), "r2": 1 - share.mean(-1)}


def class_metrics(outputs: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """{"cross_entropy", "error"}, each (R,) float64: natural logarithm, share of wrong classes.

    outputs: (R, n, K) logits; targets: (R, n) class numbers.
    """
    entropy = functional.cross_entropy(outputs.double().mT, targets, reduction="none")
    wrong = outputs.argmax(-1) != targets
    return {"cross_entropy": entropy.mean(1), "error": wrong.double().mean(1)}
