"""What a module of one's own does that would depend on who shares its group, done for itself."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

DROPOUTS = (functional.dropout, functional.dropout1d, functional.dropout2d, functional.dropout3d)
# Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators": splitmix64.
GOLDEN, FIRST, SECOND = (
    c - 2**64 for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
CALLS = 2**32


class OfReplicate(TorchFunctionMode):
    """What would depend on who shares the group, of the replicate alone.

    Masks of dropout come from a key (of seed, replicate and step) in place of torch's one stream;
    the sums of batch normalisation are taken in an order that is always the same.
    """

    def __init__(self, key: Tensor) -> None:
        super().__init__()
        self.key, self.calls = key, 0

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        named = kwargs or {}
        if func in DROPOUTS:
            return self._drop(func, *args, **named)
        return (_batch_norm if func is functional.batch_norm else func)(*args, **named)

    def _drop(
        self, func: Any, x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> Tensor:
        if not training or p == 0:
            return x
        # Whole channels are dropped by the variants for images and series.
        shape = x.shape if func is functional.dropout else (*x.shape[:2], *[1] * (x.ndim - 2))
        count = int(torch.Size(shape).numel())
        self.calls += 1
        places = torch.arange(count, device=x.device) + self.calls * CALLS
        kept = (_uniform(self.key + places * GOLDEN) >= p).view(shape)
        dropped: Tensor = x * kept / (1 - p) if p < 1 else x * 0
        return dropped


def _batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """torch.nn.functional.batch_norm of (B, C, ...), written out."""
    others, shape = [0, *range(2, x.ndim)], (-1, *[1] * (x.ndim - 2))
    count = x.numel() // x.shape[1]
    if training or running_mean is None or running_var is None:
        mean = x.mean(others)
        variance = (x - mean.view(shape)).square().mean(others)
        if training and running_mean is not None and running_var is not None:
            with torch.no_grad():
                unbiased = variance.detach() * (count / max(1, count - 1))
                running_mean.mul_(1 - momentum).add_(momentum * mean.detach())
                running_var.mul_(1 - momentum).add_(momentum * unbiased)
    else:
        mean, variance = running_mean, running_var
    scale = torch.rsqrt(variance + eps)
    x = (x - mean.view(shape)) * scale.view(shape)
    x = x if weight is None else x * weight.view(shape)
    return x if bias is None else x + bias.view(shape)


def _uniform(z: Tensor) -> Tensor:
    """Numbers in [0, 1) of 24 bits from whole numbers, by the mixing of splitmix64."""
    z = (z ^ _shifted(z, 30)) * FIRST
    z = (z ^ _shifted(z, 27)) * SECOND
    z = z ^ _shifted(z, 31)
    found: Tensor = _shifted(z, 40).to(torch.float32) * 2**-24
    return found


def _shifted(z: Tensor, bits: int) -> Tensor:
    """As of numbers without a sign."""
    found: Tensor = (z >> bits) & (2 ** (64 - bits) - 1)
    return found
