"""What an optimizer is: its settings, and a step of one flat tensor of all replicates.

Every one of them is elementwise, so a step of the flat tensor is a step of each replicate by
itself, and a replicate that diverged stays alone with its NaN. PyTorch's fused operations are
called themselves: the classes around them import PyTorch's compiler (2 s a process), and with the
functions they cost as much again for each step of networks this small. Tests hold them against
torch.optim.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from depthgauge.entries import EntrySetting
from depthgauge.section import Section

if TYPE_CHECKING:
    from torch import Tensor

OPTIMIZERS = "depthgauge.training.optimizers"
Schedule = Literal["constant", "cosine"]
# Takes the learning rate of the step.
Step = Callable[[float], None]


class Optimizer(Section):
    """buffers: tensors as large as the parameters that it keeps from step to step, at most."""

    buffers: ClassVar[int]
    name: str
    learning_rate: Annotated[float, Field(gt=0)]
    """of the first step; the schedule says how it goes on"""
    weight_decay: Annotated[float, Field(ge=0)]
    """decoupled for adamw, an L2 penalty for the others"""

    def memory(self, flat: "Tensor") -> "list[Tensor]":
        """What it keeps from step to step, as it is before the first: tensors as `flat` (R, P)."""
        import torch

        return [torch.zeros_like(flat) for _ in range(self.buffers)]

    def start(
        self, flat: "Tensor", gradient: "Tensor", memory: "list[Tensor]", done: int = 0
    ) -> Step:
        """A step of `flat` (R, P) by `gradient` (R, P), which the caller fills before each.

        done: how many steps `memory` has seen.
        """
        raise NotImplementedError


OptimizerSetting = Annotated[SerializeAsAny[Optimizer], EntrySetting(OPTIMIZERS, "name")]


def learning_rates(rate: float, schedule: Schedule, steps: int) -> list[float]:
    """The learning rate of each of the training's steps.

    `cosine`: from `rate` down to 0 along half a cosine (Loshchilov and Hutter 2017, equation 5,
    without restarts), as torch.optim.lr_scheduler.CosineAnnealingLR gives it.
    """
    if schedule == "constant":
        return [rate] * steps
    return [rate * (1 + math.cos(math.pi * step / steps)) / 2 for step in range(steps)]
