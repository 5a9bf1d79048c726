"""The residual network for tables of Gorishniy et al. 2021, arXiv:2106.11959, section 3.2."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from depthgauge.section import Count, Counted
from depthgauge.training.networks.layers import (
    apply_linear,
    apply_norm,
    dropout,
    linear,
    norm,
    norm_module,
)
from depthgauge.training.networks.network import Depth, Network, Noise, Parameter, Tensors

if TYPE_CHECKING:
    from torch import Tensor, nn

# Of the hidden layer of a block, in widths.
HIDDEN = 2
Share = Annotated[float, Field(ge=0, lt=1)]


class ResNet(Network):
    """Linear, then `depth` blocks x + Dropout(Linear(Dropout(ReLU(Linear(Norm(x)))))), then
    Linear(ReLU(Norm(x))). Depth 0 is the first layer and the head alone.
    """

    COUNTED: ClassVar = {
        "depth": Counted("residual block", "residual blocks", "no block, a layer and the head"),
        "width": Counted("unit between the blocks", "units between the blocks"),
    }

    family: str = "resnet"
    depth: Depth
    """residual blocks, 0 is a layer and the head; not used where the axis is depth"""
    width: Count
    """units between the blocks, half as many as within; not used where the axis is width"""
    normalisation: Literal["layer", "batch"]
    """layer | batch (the paper's)"""
    dropout: Share
    """share of a block's hidden units set to 0 in a training step"""
    residual_dropout: Share
    """share of what a block adds set to 0 in a training step"""

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """Named as in `module`."""
        found = [*linear("first", math.prod(input_shape), self.width)]
        for k in range(self.depth):
            block = f"blocks.{k}"
            found += norm(f"{block}.norm", self.width, self.normalisation)
            found += linear(f"{block}.inner", self.width, HIDDEN * self.width)
            found += linear(f"{block}.outer", HIDDEN * self.width, self.width)
        found += norm("norm", self.width, self.normalisation)
        return (*found, *linear("head", self.width, outputs))

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """(R, B, K) from x (R, B, F)."""
        training = noise is not None
        x = apply_linear(p, "first", x)
        for k in range(self.depth):
            block = f"blocks.{k}"
            h = apply_norm(p, f"{block}.norm", x, self.normalisation, training)
            h = dropout(apply_linear(p, f"{block}.inner", h).relu(), self.dropout, noise)
            x = x + dropout(apply_linear(p, f"{block}.outer", h), self.residual_dropout, noise)
        return apply_linear(
            p, "head", apply_norm(p, "norm", x, self.normalisation, training).relu()
        )

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """As rtdl's ResNet has it."""
        from torch import nn

        width, of = self.width, self

        class Block(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.norm = norm_module(width, of.normalisation)
                self.inner = nn.Linear(width, HIDDEN * width)
                self.outer = nn.Linear(HIDDEN * width, width)
                self.dropout = nn.Dropout(of.dropout)
                self.residual_dropout = nn.Dropout(of.residual_dropout)

            def forward(self, x: "Tensor") -> "Tensor":
                h = self.dropout(self.inner(self.norm(x)).relu())
                added: Tensor = self.residual_dropout(self.outer(h))
                return x + added

        class Module(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.first = nn.Linear(math.prod(input_shape), width)
                self.blocks = nn.ModuleList(Block() for _ in range(of.depth))
                self.norm, self.head = (
                    norm_module(width, of.normalisation),
                    nn.Linear(width, outputs),
                )

            def forward(self, x: "Tensor") -> "Tensor":
                x = self.first(x)
                for block in self.blocks:
                    x = block(x)
                found: Tensor = self.head(self.norm(x).relu())
                return found

        return Module()

    def seen_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Flat, whatever the inputs are shaped as."""
        return (math.prod(input_shape),)

    def without_effect(self) -> frozenset[str]:
        """Without a block nothing is dropped."""
        return frozenset() if self.depth else frozenset({"dropout", "residual_dropout"})


ENTRY = ResNet
