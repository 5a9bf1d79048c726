"""Activations: a line of the table each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from torch import Tensor, nn

Activation = Literal["relu", "tanh", "sigmoid", "hardsigmoid", "gelu", "identity"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)

# Elements: whole vector registers of any processor.
REGISTERS = 64


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

    of, aten, whole = ActivationFunction, torch.ops.aten, _in_whole_registers
    # hardsigmoid is a line of slope 1/6 through (0, 1/2), between 0 and 1. The lecture's has
    # other slopes, which the weights before it can make.
    return {
        "relu": of(torch.relu_, lambda g, h: aten.threshold_backward(g, h, 0), nn.ReLU),
        "tanh": of(whole(torch.tanh_), whole(aten.tanh_backward), nn.Tanh),
        "sigmoid": of(whole(torch.sigmoid_), whole(aten.sigmoid_backward), nn.Sigmoid),
        "hardsigmoid": of(aten.hardsigmoid, aten.hardsigmoid_backward, nn.Hardsigmoid, True),
        "gelu": of(whole(aten.gelu), whole(aten.gelu_backward), nn.GELU, True),
        "identity": of(lambda x: x, lambda g, h: g, nn.Identity),
    }


@cache
def differentiable(name: Activation) -> Callable[["Tensor"], "Tensor"]:
    """The activation for autograd, with the bits that `activations` gives."""
    import torch

    of = activations()[name]

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, x: "Tensor") -> "Tensor":
            # It may work in place.
            entering = x.clone()
            found = of.forward(entering)
            context.save_for_backward(entering if of.keeps_input else found)
            return found

        @staticmethod
        def backward(context: Any, gradient: "Tensor") -> "Tensor":
            return of.backward(gradient.clone(), *context.saved_tensors)

    return Function.apply


def _in_whole_registers(function: Callable[..., "Tensor"]) -> Callable[..., "Tensor"]:
    """An elementwise function by which every element meets the same instructions.

    The last elements of a tensor, too few for a vector register, are computed one by one, by
    another exponential that may differ in the last bit; which elements these are depends on who
    shares the group. So tensors are padded. They go in as one row each, in the order in which they
    lie in memory, since other ways through the library are open to rows than to transposed tensors.
    """
    import torch

    def padded(first: "Tensor", *others: "Tensor") -> "Tensor":
        count = first.numel()
        tensors = [first]
        for other in others:
            alike = other.stride() == first.stride()
            tensors.append(other if alike else torch.empty_like(first).copy_(other))
        if count % REGISTERS == 0 and first.is_contiguous():
            return function(*tensors)
        rows = (t.as_strided((count,), (1,), t.storage_offset()) for t in tensors)
        missing = (0, -count % REGISTERS)
        result = function(*(torch.nn.functional.pad(row, missing) for row in rows))
        return result.as_strided(first.size(), first.stride())

    return padded
