"""Adam (Kingma and Ba 2015)."""

from typing import TYPE_CHECKING, Any, ClassVar

from depthgauge.training.optimizers.optimizer import Optimizer, Step

if TYPE_CHECKING:
    from torch import Tensor

# The defaults of torch.optim.Adam and of the paper.
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Adam(Optimizer):
    """torch.optim.Adam; weight decay is an L2 penalty."""

    buffers: ClassVar[int] = 2
    fused: ClassVar[str] = "_fused_adam_"
    name: str = "adam"

    def start(
        self, flat: "Tensor", gradient: "Tensor", memory: "list[Tensor]", done: int = 0
    ) -> Step:
        """PyTorch's fused step."""
        import torch

        take: Any = getattr(torch, self.fused)
        first, second = memory
        steps = torch.full((), float(done), device=flat.device)
        tensors = [[flat], [gradient], [first], [second], [], [steps]]
        constants = {"weight_decay": self.weight_decay, "amsgrad": False, "maximize": False}

        def step(rate: float) -> None:
            steps.add_(1)
            take(*tensors, lr=rate, beta1=BETA1, beta2=BETA2, eps=EPSILON, **constants)

        return step


ENTRY = Adam
