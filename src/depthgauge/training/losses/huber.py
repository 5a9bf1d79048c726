"""Huber's loss (Huber 1964): a square near 0, a line beyond."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from depthgauge.training.losses.loss import Float64Array, NumberLoss, Values

if TYPE_CHECKING:
    from torch import Tensor


class Huber(NumberLoss):
    """As torch.nn.HuberLoss has it; delta is in standard deviations of the training targets."""

    words: ClassVar[str] = "Huber loss"
    name: str = "huber"
    delta: Annotated[float, Field(gt=0)] = 1.0
    """where the square turns into a line, in deviations of the targets"""

    def of(self, errors: Values) -> Values:
        """Half the square up to delta, beyond it the line that goes on from there."""
        size = abs(errors)
        near = size.clip(max=self.delta)
        return near * (size - near / 2)

    def gradient(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """The error, held within delta, over B K."""
        error = (outputs - targets).clamp_(-self.delta, self.delta)
        return error.div_(outputs.shape[1] * outputs.shape[2])

    def best_constant(self, values: Float64Array) -> float:
        """Between median and mean: where the slope of the mean loss is 0."""
        low, high = float(values.min()), float(values.max())
        # The slope is monotone, below 0 at the least value and above 0 at the greatest; where all
        # are equal it is 0 there, and brentq returns that end.
        # Imported here: few stages need it.
        from scipy.optimize import brentq

        bend = self.delta
        return float(brentq(lambda c: np.clip(c - values, -bend, bend).sum(), low, high))


ENTRY = Huber
