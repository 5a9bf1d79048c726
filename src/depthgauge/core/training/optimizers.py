"""PyTorch's own optimizers over one flat tensor of all replicates.

Every one of them is elementwise, so a step of the flat tensor is a step of each replicate by
itself, and a replicate that diverged stays alone with its NaN.
"""

import torch
from torch import Tensor

from depthgauge.core.training.recipe import Recipe


def make_optimizer(recipe: Recipe, flat: Tensor) -> torch.optim.Optimizer:
    """The recipe's optimizer for `flat` (R, P), whose `.grad` the caller fills before a step."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == "adam":
        return torch.optim.Adam([flat], lr=rate, weight_decay=decay, fused=True)
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW([flat], lr=rate, weight_decay=decay, fused=True)
    momentum = recipe.momentum if recipe.optimizer == "momentum" else 0.0
    return torch.optim.SGD([flat], lr=rate, momentum=momentum, weight_decay=decay, fused=True)
