"""Losses: one value for each example, and the gradient of their mean over a batch."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from depthgauge.training.recipe import Loss

# Where Huber's loss (Huber 1964) turns from a square into a line: one standard deviation of the
# training targets, in which losses are measured.
HUBER_DELTA = 1.0


@dataclass(frozen=True)
class LossPair:
    """per_example: (outputs (R, B, K), targets) -> (R, B).

    gradient: (outputs (R, B, K), targets) -> (R, B, K), of the mean over the B examples.
    Targets are (R, B, K) for regression and (R, B) class numbers for classification.
    """

    per_example: Callable[[Tensor, Tensor], Tensor]
    gradient: Callable[[Tensor, Tensor], Tensor]


def _cross_entropy(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(outputs.transpose(1, 2), targets, reduction="none")


def _cross_entropy_gradient(outputs: Tensor, targets: Tensor) -> Tensor:
    # Classes first: along an axis as short as the last one softmax is ten times slower.
    gradient = torch.softmax(outputs.mT.contiguous(), 1)
    index = targets.unsqueeze(1)
    gradient.scatter_add_(1, index, torch.full_like(index, -1, dtype=outputs.dtype))
    return gradient.div_(outputs.shape[1]).mT


def _mae(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).abs_().mean(-1)


def _mae_gradient(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).sign_().div_(outputs.shape[1] * outputs.shape[2])


def _mse(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).square_().mean(-1)


def _mse_gradient(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).mul_(2 / (outputs.shape[1] * outputs.shape[2]))


def _huber(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.huber_loss(outputs, targets, reduction="none", delta=HUBER_DELTA).mean(-1)


def _huber_gradient(outputs: Tensor, targets: Tensor) -> Tensor:
    distance = (outputs - targets).clamp_(-HUBER_DELTA, HUBER_DELTA)
    return distance.div_(outputs.shape[1] * outputs.shape[2])


LOSSES: dict[Loss, LossPair] = {
    "cross_entropy": LossPair(_cross_entropy, _cross_entropy_gradient),
    "mae": LossPair(_mae, _mae_gradient),
    "mse": LossPair(_mse, _mse_gradient),
    "huber": LossPair(_huber, _huber_gradient),
}


def misclassified(outputs: Tensor, targets: Tensor) -> Tensor:
    """1 where the greatest output is not the target's class, else 0: (R, B)."""
    return (outputs.argmax(-1) != targets).to(outputs.dtype)
