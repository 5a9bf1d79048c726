"""What makes overfitting harder besides the network and weight decay: settings of the recipe.

Every random draw comes from a stream of the replicate's own, step after step, so that it is the
same whoever shares the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from depthgauge.section import Section
from depthgauge.seeds import Purpose, generator

if TYPE_CHECKING:
    from torch import Tensor

    from depthgauge.training.losses.loss import Loss


class Regularisation(Section):
    """The section `recipe.regularisation`; 0 is none of it."""

    label_smoothing: Annotated[float, Field(ge=0, lt=1)]
    """classes: share of the target spread over all of them (Szegedy et al. 2016)"""
    mixup: Annotated[float, Field(ge=0)]
    """alpha of the Beta from which shares of two mixed examples are drawn (Zhang et al. 2018)"""
    input_noise: Annotated[float, Field(ge=0)]
    """deviation of noise on each training batch, in those of the scaled inputs (Bishop 1995)"""
    gradient_clipping: Annotated[float, Field(ge=0)]
    """greatest norm of a replicate's gradient (Pascanu et al. 2013)"""


class Regulariser:
    """A group's training under a `Regularisation`: its draws, its loss, its gradients."""

    def __init__(self, of: Regularisation, seed: int, replicates: Sequence[int]) -> None:
        self.of = of
        self.streams = [generator(seed, Purpose.REGULARISATION, r) for r in replicates]

    def batch(
        self, inputs: "Tensor", targets: "Tensor", loss: "Loss"
    ) -> tuple["Tensor", "TrainingLoss | Loss"]:
        """What a step sees of a batch (R, B, ...), and the loss that it is trained by."""
        import torch

        of, second, share = self.of, None, None
        if of.input_noise:
            drawn = [rng.standard_normal(inputs.shape[1:], np.float32) for rng in self.streams]
            noise = torch.from_numpy(np.stack(drawn)).to(inputs)
            inputs = inputs + of.input_noise * noise
        if of.mixup:
            shares = [rng.beta(of.mixup, of.mixup) for rng in self.streams]
            orders = [rng.permutation(inputs.shape[1]) for rng in self.streams]
            share = torch.tensor(shares, device=inputs.device, dtype=inputs.dtype).view(-1, 1, 1)
            order = torch.from_numpy(np.stack(orders)).to(inputs.device)
            rows = torch.arange(len(orders), device=inputs.device)[:, None]
            inputs = share * inputs + (1 - share) * inputs[rows, order]
            second = targets[rows, order]
        if not (of.label_smoothing or of.mixup):
            return inputs, loss
        return inputs, TrainingLoss(loss, of.label_smoothing, second, share)

    def clip(self, gradient: "Tensor") -> None:
        """Gradients (R, P) no longer than the greatest norm, as torch's clip_grad_norm_ has it."""
        if self.of.gradient_clipping:
            norm = gradient.double().square().sum(1, keepdim=True).sqrt()
            factor = (self.of.gradient_clipping / (norm + 1e-6)).clamp(max=1.0)
            gradient.mul_(factor.to(gradient.dtype))


@dataclass(frozen=True)
class TrainingLoss:
    """The loss of a mixed batch with smoothed labels, as `Loss.gradient` is asked for it.

    second: targets of the examples that were mixed in, share (R, 1, 1) of the first ones; None
    where nothing is mixed.
    """

    loss: "Loss"
    smoothing: float
    second: "Tensor | None"
    share: "Tensor | None"

    def gradient(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """(R, B, K) of the mean over the B examples."""
        found = self._of(outputs, targets)
        if self.second is None or self.share is None:
            return found
        return self.share * found + (1 - self.share) * self._of(outputs, self.second)

    def _of(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        found = self.loss.gradient(outputs, targets)
        if not self.smoothing:
            return found
        # The gradient is linear in the target: (1 - s) of the class's own, s of the uniform one.
        examples, classes = outputs.shape[1:]
        uniform = (outputs.softmax(-1) - 1 / classes) / examples
        return (1 - self.smoothing) * found + self.smoothing * uniform
