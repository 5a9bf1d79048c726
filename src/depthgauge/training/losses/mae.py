"""The mean absolute error."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from depthgauge.training.losses.loss import Float64Array, NumberLoss, Values

if TYPE_CHECKING:
    from torch import Tensor


class MeanAbsoluteError(NumberLoss):
    """Mean of |error|: the best constant is the median."""

    words: ClassVar[str] = "absolute error"
    name: str = "mae"

    def of(self, errors: Values) -> Values:
        """|error|."""
        return abs(errors)

    def gradient(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """Its sign, over B K."""
        return (outputs - targets).sign_().div_(outputs.shape[1] * outputs.shape[2])

    def best_constant(self, values: Float64Array) -> float:
        """The median."""
        return float(np.median(values))


ENTRY = MeanAbsoluteError
