"""Layers that several families share, of many replicates at once: x is (R, B, F) or more."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from depthgauge.training.networks.network import Init, Noise, Parameter, Tensors, constant, uniform

if TYPE_CHECKING:
    from torch import Tensor, nn

Normalisation = Literal["none", "layer", "batch"]
# The defaults of torch.nn.LayerNorm and torch.nn.BatchNorm1d.
EPSILON, MOMENTUM = 1e-5, 0.1
# The matrix library works along the last axis of a product: one with fewer columns than this is
# two to five times faster as the product's transpose.
NARROW = 16


def linear(
    name: str, fan_in: int, fan_out: int, weight: Init | None = None
) -> tuple[Parameter, ...]:
    """Weight and bias of a torch.nn.Linear, drawn as it draws them, or the weight otherwise."""
    init = uniform(fan_in**-0.5)
    return (
        Parameter(f"{name}.weight", (fan_in, fan_out), init, transposed=True),
        Parameter(f"{name}.bias", (fan_out,), init),
    )


def apply_linear(p: Tensors, name: str, x: "Tensor") -> "Tensor":
    """(R, B, out) of (R, B, in)."""
    weight, bias = p[f"{name}.weight"], p[f"{name}.bias"]
    if weight.shape[2] < NARROW:
        # Imported here: it needs torch.
        from depthgauge.training.narrow import narrow_affine

        return narrow_affine(x, weight, bias)
    return bias.baddbmm(x, weight)


def norm(name: str, width: int, kind: Normalisation) -> Iterator[Parameter]:
    """What a normalisation of `width` features has, named as in its module."""
    if kind == "none":
        return
    yield Parameter(f"{name}.weight", (width,), constant(1.0))
    yield Parameter(f"{name}.bias", (width,), constant(0.0))
    if kind == "batch":
        yield Parameter(f"{name}.running_mean", (width,), constant(0.0), trained=False)
        yield Parameter(f"{name}.running_var", (width,), constant(1.0), trained=False)
        yield Parameter(f"{name}.num_batches_tracked", (), constant(0.0), trained=False)


def apply_norm(p: Tensors, name: str, x: "Tensor", kind: Normalisation, training: bool) -> "Tensor":
    """(R, B, F). layer: of each example (Ba et al. 2016). batch: over a replicate's own batch
    (Ioffe and Szegedy 2015), for which running means stand in where nothing is trained.
    """
    import torch
    from torch.nn import functional

    if kind == "none":
        return x
    weight, bias = p[f"{name}.weight"], p[f"{name}.bias"]
    if kind == "layer":
        return functional.layer_norm(x, x.shape[-1:], eps=EPSILON) * weight + bias
    mean, variance = p[f"{name}.running_mean"], p[f"{name}.running_var"]
    if training:
        # Over one example there is no variance: then the running one stands in.
        count = x.shape[1]
        if count > 1:
            of_batch = x.mean(1, keepdim=True)
            spread = (x - of_batch).square().mean(1, keepdim=True)
            with torch.no_grad():
                mean.lerp_(of_batch, MOMENTUM)
                variance.lerp_(spread * (count / (count - 1)), MOMENTUM)
                p[f"{name}.num_batches_tracked"].add_(1)
            mean, variance = of_batch, spread
    return (x - mean) * torch.rsqrt(variance + EPSILON) * weight + bias


def norm_module(width: int, kind: Normalisation) -> "nn.Module":
    """The same as a module of torch."""
    from torch import nn

    made = {"none": nn.Identity, "layer": nn.LayerNorm, "batch": nn.BatchNorm1d}
    return nn.Identity() if kind == "none" else made[kind](width)


def dropout(x: "Tensor", share: float, noise: Noise) -> "Tensor":
    """Elements set to 0 with chance `share` in a training step, the others scaled up (Srivastava et
    al. 2014). A mask is drawn by the replicate itself: it is the same whoever shares the group.
    """
    if noise is None or share == 0:
        return x
    # In place and of the numbers' own type: a mask of truth values costs five times as much.
    return x * noise(tuple(x.shape[1:])).ge_(share).mul_(1 / (1 - share))
