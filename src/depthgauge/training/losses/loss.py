"""What a loss is: one value for each example, and the gradient of their mean over a batch."""

from typing import TYPE_CHECKING, Annotated, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import SerializeAsAny

from depthgauge.entries import EntrySetting
from depthgauge.section import Section

if TYPE_CHECKING:
    from torch import Tensor

LOSSES = "depthgauge.training.losses"
Float64Array = npt.NDArray[np.float64]
Values = TypeVar("Values", "Tensor", Float64Array)


class Loss(Section):
    """A loss and its settings.

    words: what it measures, as a person says it. classes: whether targets are class numbers
    (R, B), as they are for classification, and not numbers (R, B, K).
    """

    INLINE: ClassVar[bool] = True
    words: ClassVar[str]
    classes: ClassVar[bool] = False
    name: str

    def per_example(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """(R, B) the loss of each example, from outputs (R, B, K)."""
        raise NotImplementedError

    def gradient(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """(R, B, K) of the mean over the B examples; a loss may know a faster way."""
        import torch

        with torch.enable_grad():
            leaf = outputs.detach().requires_grad_()
            total = self.per_example(leaf, targets).mean(1).sum()
            return torch.autograd.grad(total, leaf)[0]


class NumberLoss(Loss):
    """A loss of numbers: the mean over the outputs of what each error costs."""

    def of(self, errors: Values) -> Values:
        """What each error (output less target) costs, by what NumPy and torch have in common."""
        raise NotImplementedError

    def best_constant(self, values: Float64Array) -> float:
        """The constant of least mean loss for values (n,); a loss may know it exactly."""
        # Imported here: few stages need it.
        from scipy.optimize import minimize_scalar

        low, high = float(values.min()), float(values.max())

        if low == high:
            return low

        def mean(constant: float) -> float:
            return float(self.of(constant - values).mean())

        exact = {"xatol": 1e-9 * (high - low)}
        return float(minimize_scalar(mean, bounds=(low, high), method="bounded", options=exact).x)

    def per_example(self, outputs: "Tensor", targets: "Tensor") -> "Tensor":
        """(R, B) the mean over the K outputs."""
        return self.of(outputs - targets).mean(-1)


LossSetting = Annotated[SerializeAsAny[Loss], EntrySetting(LOSSES, "name")]
