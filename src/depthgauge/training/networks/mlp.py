"""A fully connected network of any depth (multilayer perceptron).

Networks this small are bound by the number of operations, not by arithmetic; writing the backward
pass by hand and reusing its buffers halves that number against automatic differentiation. Tests
hold it against torch.autograd.
"""

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from depthgauge.section import Count, Counted
from depthgauge.training.networks.activations import (
    ACTIVATIONS,
    Activation,
    activations,
    differentiable,
)
from depthgauge.training.networks.layers import (
    NARROW,
    Normalisation,
    apply_linear,
    apply_norm,
    dropout,
    norm,
    norm_module,
)
from depthgauge.training.networks.network import (
    Depth,
    Network,
    Noise,
    Parameter,
    Tensors,
    constant,
    normal,
    uniform,
)

if TYPE_CHECKING:
    from torch import Tensor, nn

    from depthgauge.training.losses.loss import Loss
    from depthgauge.training.regularisation import TrainingLoss


class MLP(Network):
    """Inputs -> depth hidden layers of `width` units -> outputs; Linear, activation, Linear, ..."""

    COUNTED: ClassVar = {
        "depth": Counted("hidden layer", "hidden layers", "no hidden layer, a linear model"),
        "width": Counted("unit in each hidden layer", "units in each hidden layer"),
    }

    family: str = "mlp"
    depth: Depth
    """hidden layers, 0 is a linear model; not used where the axis is depth"""
    width: Count
    """units in each hidden layer; not used where the axis is width"""
    activation: Activation = Field(description=" | ".join(ACTIVATIONS))
    initialisation: Literal["kaiming_uniform", "kaiming_normal"]
    """kaiming_uniform (what torch.nn.Linear does) | kaiming_normal (He et al. 2015)"""
    normalisation: Normalisation = "none"
    """none | layer | batch: of what enters each activation"""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """share of each hidden layer's units set to 0 in a training step"""

    @property
    def stride(self) -> int:
        """Modules of a hidden layer: Linear, normalisation, activation, dropout."""
        return 2 + (self.normalisation != "none") + (self.dropout > 0)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but Linear and activation."""
        return self.stride == 2

    def sizes(self, input_shape: tuple[int, ...], outputs: int) -> list[tuple[int, int]]:
        """(in, out) of each of the depth + 1 layers of weights."""
        return list(pairwise([math.prod(input_shape), *[self.width] * self.depth, outputs]))

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """Weight and bias of each layer, named as in a torch.nn.Sequential.

        `kaiming_uniform`: weight and bias uniform in +-1/sqrt(in). `kaiming_normal` is He et al.
        2015, equation 10: weights normal with variance 2/in, biases zero.
        """
        found = []
        for k, (fan_in, fan_out) in enumerate(self.sizes(input_shape, outputs)):
            weight = bias = uniform(1.0 / math.sqrt(fan_in))
            if self.initialisation == "kaiming_normal":
                weight, bias = normal(math.sqrt(2.0 / fan_in)), constant(0.0)
            name = self.stride * k
            found.append(Parameter(f"{name}.weight", (fan_in, fan_out), weight, transposed=True))
            found.append(Parameter(f"{name}.bias", (fan_out,), bias))
            if k < self.depth:
                found += norm(f"{name + 1}", fan_out, self.normalisation)
        return tuple(found)

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """(R, B, K) from x (R, B, F)."""
        if self.is_plain:
            return self._forward(_layers(p), x)[0][-1]
        activate = differentiable(self.activation)
        for k in range(self.depth):
            name, training = self.stride * k, noise is not None
            h = apply_norm(
                p, f"{name + 1}", apply_linear(p, f"{name}", x), self.normalisation, training
            )
            x = dropout(activate(h), self.dropout, noise)
        return apply_linear(p, f"{self.stride * self.depth}", x)

    def backward(
        self,
        p: Tensors,
        grads: Tensors,
        x: "Tensor",
        targets: "Tensor",
        loss: "Loss | TrainingLoss",
        noise: Noise,
    ) -> None:
        """As the network's own, written out."""
        import torch

        if not self.is_plain:
            super().backward(p, grads, x, targets, loss, noise)
            return

        layers, of_activation = _layers(p), activations()[self.activation]
        entering, kept = self._forward(layers, x)
        gradient = loss.gradient(entering[-1], targets)
        for k, (weight_gradient, bias_gradient) in reversed(list(enumerate(_layers(grads)))):
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
                gradient = of_activation.backward(gradient, kept[k])

    def _forward(
        self, layers: list[tuple["Tensor", "Tensor"]], x: "Tensor"
    ) -> tuple[list["Tensor"], list["Tensor"]]:
        """What enters each layer, and last the outputs; what the activation before each kept."""
        of_activation = activations()[self.activation]
        entering, kept = [x], [x]
        for weight, bias in layers[:-1]:
            hidden = _affine(entering[-1], weight, bias)
            entering.append(of_activation.forward(hidden))
            kept.append(hidden if of_activation.keeps_input else entering[-1])
        entering.append(_affine(entering[-1], *layers[-1]))
        return entering, kept

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """A torch.nn.Sequential."""
        from torch import nn

        make = activations()[self.activation].module
        sizes = self.sizes(input_shape, outputs)
        layers: list[nn.Module] = []
        for fan_in, fan_out in sizes[:-1]:
            between = [norm_module(fan_out, self.normalisation)] * (self.normalisation != "none")
            after = [nn.Dropout(self.dropout)] * (self.dropout > 0)
            layers += [nn.Linear(fan_in, fan_out), *between, make(), *after]
        return nn.Sequential(*layers, nn.Linear(*sizes[-1]))

    def seen_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Flat, whatever the inputs are shaped as."""
        return (math.prod(input_shape),)

    def without_effect(self) -> frozenset[str]:
        """A linear model has no width and nothing of a hidden layer."""
        hidden = frozenset({"width", "activation", "normalisation", "dropout"})
        return frozenset() if self.depth else hidden


def _layers(p: Tensors) -> list[tuple["Tensor", "Tensor"]]:
    """(weight (R, in, out), bias (R, 1, out)) of each layer."""
    tensors = iter(p.values())
    return list(zip(tensors, tensors, strict=True))


def _affine(inputs: "Tensor", weight: "Tensor", bias: "Tensor") -> "Tensor":
    if weight.shape[2] < NARROW:
        from depthgauge.training.narrow import narrow_product

        return narrow_product(inputs, weight, bias)
    return bias.baddbmm(inputs, weight)


ENTRY = MLP
