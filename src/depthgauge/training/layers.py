"""Forward and backward passes of all replicates at once, written out.

Networks this small are bound by the number of operations, not by arithmetic; writing the backward
pass by hand and reusing its buffers halves that number against automatic differentiation. Tests
hold it against torch.autograd.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from depthgauge.training.recipe import Activation

Layers = list[tuple[Tensor, Tensor]]

# The matrix library works along the last axis of a product: one with fewer columns than this is
# two to five times faster as the product's transpose.
NARROW = 16


@dataclass(frozen=True)
class ActivationPair:
    """An activation, and its backward pass from (gradient, what it kept).

    It keeps its output, and may then work in place, or its input where `keeps_input`.
    """

    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor], Tensor]
    keeps_input: bool = False


# hard_sigmoid is PyTorch's: a line of slope 1/6 through (0, 1/2), between 0 and 1. The lecture's
# has other slopes, which the weights before it can make.
ACTIVATIONS: dict[Activation, ActivationPair] = {
    "relu": ActivationPair(torch.relu_, lambda g, h: torch.ops.aten.threshold_backward(g, h, 0)),
    "tanh": ActivationPair(torch.tanh_, torch.ops.aten.tanh_backward),
    "sigmoid": ActivationPair(torch.sigmoid_, torch.ops.aten.sigmoid_backward),
    "hard_sigmoid": ActivationPair(
        torch.ops.aten.hardsigmoid, torch.ops.aten.hardsigmoid_backward, keeps_input=True
    ),
    "gelu": ActivationPair(torch.ops.aten.gelu, torch.ops.aten.gelu_backward, keeps_input=True),
    "identity": ActivationPair(lambda x: x, lambda g, h: g),
}


@dataclass(frozen=True)
class Pass:
    """What a forward pass leaves behind.

    entering: what enters each layer, (R, B, in), and last the network's outputs (R, B, K). kept:
    for each layer what the activation before it kept; of the first, nothing but the inputs.
    """

    entering: list[Tensor]
    kept: list[Tensor]

    @property
    def outputs(self) -> Tensor:
        """(R, B, K)."""
        return self.entering[-1]


def forward(layers: Layers, inputs: Tensor, activation: Activation) -> Pass:
    """Send inputs (R, B, F) through the network."""
    pair, entering, kept = ACTIVATIONS[activation], [inputs], [inputs]
    for weight, bias in layers[:-1]:
        hidden = _affine(entering[-1], weight, bias)
        entering.append(pair.forward(hidden))
        kept.append(hidden if pair.keeps_input else entering[-1])
    weight, bias = layers[-1]
    entering.append(_affine(entering[-1], weight, bias))
    return Pass(entering, kept)


def _affine(inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if weight.shape[2] < NARROW:
        return torch.baddbmm(bias.mT, weight.mT, inputs.mT).mT
    return torch.baddbmm(bias, inputs, weight)


def backward(
    layers: Layers,
    gradients: Layers,
    passed: Pass,
    output_gradient: Tensor,
    activation: Activation,
) -> None:
    """Fill `gradients` (views like `layers`) from the loss gradient (R, B, K) at the outputs."""
    gradient, entering = output_gradient, passed.entering
    for k in range(len(layers) - 1, -1, -1):
        weight_gradient, bias_gradient = gradients[k]
        if gradient.shape[2] < NARROW:
            weight_gradient.copy_(torch.bmm(gradient.mT, entering[k]).mT)
        else:
            torch.bmm(entering[k].mT, gradient, out=weight_gradient)
        torch.sum(gradient, 1, keepdim=True, out=bias_gradient)
        if k > 0:
            weight = layers[k][0].mT
            # With one output this is an outer product, which needs no matrix library.
            one = gradient.shape[2] == 1
            gradient = gradient * weight if one else torch.bmm(gradient, weight)
            gradient = ACTIVATIONS[activation].backward(gradient, passed.kept[k])
