"""Activations: a line of the table each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from torch import Tensor, nn

Activation = Literal["relu", "tanh", "sigmoid", "hardsigmoid", "gelu", "identity"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)


@dataclass(frozen=True)
class ActivationFunction:
    """An activation, its backward pass from (gradient, what it kept), and its torch module.

    It keeps its output, and `forward` may then work in place, or its input where `keeps_input`.
    """

    forward: Callable[["Tensor"], "Tensor"]
    backward: Callable[["Tensor", "Tensor"], "Tensor"]
    module: "type[nn.Module]"
    keeps_input: bool = False


@cache
def activations() -> dict[Activation, ActivationFunction]:
    """Every activation by its name; made when it is asked for, since it needs torch."""
    import torch
    from torch import nn

    of, aten = ActivationFunction, torch.ops.aten
    # hardsigmoid is a line of slope 1/6 through (0, 1/2), between 0 and 1. The lecture's has
    # other slopes, which the weights before it can make.
    return {
        "relu": of(torch.relu_, lambda g, h: aten.threshold_backward(g, h, 0), nn.ReLU),
        "tanh": of(torch.tanh_, aten.tanh_backward, nn.Tanh),
        "sigmoid": of(torch.sigmoid_, aten.sigmoid_backward, nn.Sigmoid),
        "hardsigmoid": of(aten.hardsigmoid, aten.hardsigmoid_backward, nn.Hardsigmoid, True),
        "gelu": of(aten.gelu, aten.gelu_backward, nn.GELU, True),
        "identity": of(lambda x: x, lambda g, h: g, nn.Identity),
    }
