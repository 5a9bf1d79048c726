"""Stochastic gradient descent, with or without momentum."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from depthgauge.training.optimizers.optimizer import Optimizer, Step

if TYPE_CHECKING:
    from torch import Tensor


class SGD(Optimizer):
    """torch.optim.SGD without dampening; weight decay is an L2 penalty."""

    buffers: ClassVar[int] = 1
    name: str = "sgd"
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """share of the last step that goes on; 0 for plain gradient descent"""

    def memory(self, flat: "Tensor") -> "list[Tensor]":
        """Without momentum, nothing."""
        return super().memory(flat) if self.momentum else []

    def start(
        self, flat: "Tensor", gradient: "Tensor", memory: "list[Tensor]", done: int = 0
    ) -> Step:
        """PyTorch's fused step."""
        import torch

        own: Any = {"weight_decay": self.weight_decay, "momentum": self.momentum, "dampening": 0.0}
        # Only with dampening would a first step differ from one that adds to zero.
        flags: Any = {"nesterov": False, "maximize": False, "is_first_step": False}

        def step(rate: float) -> None:
            torch._fused_sgd_([flat], [gradient], memory, lr=rate, **own, **flags)

        return step


ENTRY = SGD
