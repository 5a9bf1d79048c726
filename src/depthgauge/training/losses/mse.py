"""The mean squared error."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from depthgauge.training.losses.loss import Float64Array, NumberLoss, Values

if TYPE_CHECKING:
    from torch import Tensor


class MeanSquaredError(NumberLoss):
    """Mean of the squared error: the best constant is the mean."""

    words: ClassVar[str] = "squared error"
    name: str = "mse"

    def of(self, errors: Values) -> Values:
        """The error's square."""
        return errors * errors

    def gradient(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """Twice the error, over B K."""
        return (outputs - targets).mul_(2 / (outputs.shape[1] * outputs.shape[2]))

    def best_constant(self, values: Float64Array) -> float:
        """The mean."""
        return float(np.mean(values))


ENTRY = MeanSquaredError
