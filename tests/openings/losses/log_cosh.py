"""The logarithm of the hyperbolic cosine, as one file: nothing but what an error costs."""

from typing import ClassVar

import numpy as np
import torch

from depthgauge.training.losses.loss import NumberLoss


class LogCosh(NumberLoss):
    words: ClassVar[str] = "log-cosh"
    name: str = "log_cosh"

    def of(self, errors):
        return (torch if isinstance(errors, torch.Tensor) else np).log(
            (torch if isinstance(errors, torch.Tensor) else np).cosh(errors)
        )


ENTRY = LogCosh
