"""PyTorch's own optimizers over one flat tensor of all replicates.

Every one of them is elementwise, so a step of the flat tensor is a step of each replicate by
itself, and a replicate that diverged stays alone with its NaN. PyTorch's fused operations are
called themselves: the classes around them import PyTorch's compiler (2 s a process), and with the
functions they cost as much again for each step of networks this small. Tests hold them against
torch.optim.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from depthgauge.training.recipe import Recipe

# The defaults of torch.optim.Adam and of Kingma and Ba 2015.
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

Step = Callable[[float], None]


def make_step(recipe: Recipe, flat: Tensor) -> Step:
    """The recipe's optimizer for `flat` (R, P), whose `.grad` the caller fills before a step.

    A step takes the learning rate.
    """
    gradient = flat.grad
    assert gradient is not None
    if recipe.optimizer in ("adam", "adamw"):
        return _adam_step(flat, gradient, recipe)
    return _descent_step(flat, gradient, recipe)


def _descent_step(flat: Tensor, gradient: Tensor, recipe: Recipe) -> Step:
    momentum = recipe.momentum if recipe.optimizer == "momentum" else 0.0
    buffers = [torch.zeros_like(flat)] if momentum else []

    def step(rate: float) -> None:
        torch._fused_sgd_(
            [flat],
            [gradient],
            buffers,
            weight_decay=recipe.weight_decay,
            momentum=momentum,
            lr=rate,
            dampening=0.0,
            nesterov=False,
            maximize=False,
            # Only with dampening would a first step differ from one that adds to zero.
            is_first_step=False,
        )

    return step


def _adam_step(flat: Tensor, gradient: Tensor, recipe: Recipe) -> Step:
    take = torch._fused_adamw_ if recipe.optimizer == "adamw" else torch._fused_adam_
    first, second = torch.zeros_like(flat), torch.zeros_like(flat)
    steps = torch.zeros((), device=flat.device)

    def step(rate: float) -> None:
        steps.add_(1)
        take(
            [flat],
            [gradient],
            [first],
            [second],
            [],
            [steps],
            lr=rate,
            beta1=BETA1,
            beta2=BETA2,
            weight_decay=recipe.weight_decay,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    return step


def learning_rates(recipe: Recipe, steps: int) -> list[float]:
    """The learning rate of each of the training's steps.

    `cosine`: from the recipe's rate down to 0 along half a cosine (Loshchilov and Hutter 2017,
    equation 5, without restarts), as torch.optim.lr_scheduler.CosineAnnealingLR gives it.
    """
    rate = recipe.learning_rate
    if recipe.schedule == "constant":
        return [rate] * steps
    return [rate * (1 + math.cos(math.pi * step / steps)) / 2 for step in range(steps)]
