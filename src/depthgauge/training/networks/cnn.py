"""A convolutional network: over the pixels of an image, or the steps of a series or sequence."""

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from depthgauge.section import Count, Counted, refuse
from depthgauge.training.networks.layers import apply_linear, dropout, linear
from depthgauge.training.networks.network import Depth, Network, Noise, Parameter, Tensors, uniform

if TYPE_CHECKING:
    from torch import Tensor, nn


class CNN(Network):
    """`depth` layers of `width` channels, each an odd kernel, zeros around it, and ReLU, then a
    linear layer from all that they give. Depth 0 is a linear model.

    In one dimension an example is (steps,) or (channels, steps); in two, (rows, columns) or
    (channels, rows, columns).
    """

    COUNTED: ClassVar = {
        "depth": Counted(
            "convolutional layer", "convolutional layers", "no convolution, a linear model"
        ),
        "width": Counted("channel in each layer", "channels in each layer"),
    }

    family: str = "cnn"
    depth: Depth
    """convolutional layers, 0 is a linear model; not used where the axis is depth"""
    width: Count
    """channels of each layer; not used where the axis is width"""
    kernel: Count
    """steps or pixels across a kernel, an odd number"""
    dimensions: Literal[1, 2] = 2
    """2: over the pixels of an image | 1: over the steps of a series or sequence"""
    dropout: Annotated[float, Field(ge=0, lt=1)]
    """share of what enters the last layer set to 0 in a training step"""

    @field_validator("kernel")
    @classmethod
    def _odd(cls, kernel: int) -> int:
        if kernel % 2 == 0:
            raise refuse(f"must be odd, so that it has a middle, not {kernel}")
        return kernel

    @property
    def _last(self) -> str:
        """The name of the linear layer: behind a Flatten, and a Dropout where there is one."""
        return str(2 * self.depth + 1 + (self.dropout > 0))

    def seen_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """(channels, steps) or (channels, rows, columns)."""
        sizes = input_shape[-self.dimensions :]
        return (math.prod(input_shape) // math.prod(sizes), *sizes)

    def parameters(self, input_shape: tuple[int, ...], outputs: int) -> tuple[Parameter, ...]:
        """Named and drawn as those of torch.nn.Conv1d or Conv2d and torch.nn.Linear."""
        found: list[Parameter] = []
        channels, *sizes = self.seen_shape(input_shape)
        kernel = (self.kernel,) * len(sizes)
        for k in range(self.depth):
            init = uniform((channels * math.prod(kernel)) ** -0.5)
            found.append(Parameter(f"{2 * k}.weight", (self.width, channels, *kernel), init))
            found.append(Parameter(f"{2 * k}.bias", (self.width,), init))
            channels = self.width
        return (*found, *linear(self._last, channels * math.prod(sizes), outputs))

    def forward(self, p: Tensors, x: "Tensor", noise: Noise) -> "Tensor":
        """(R, B, K) from x (R, B, channels, steps) or (R, B, channels, rows, columns).

        Between the layers the channels of all replicates lie beside each other, (B, R * C, ...):
        one convolution in R groups is measured two to six times as fast as products of unfolded
        inputs.
        """
        from torch.nn import functional

        replicates, examples, channels, *sizes = x.shape
        convolve = functional.conv1d if len(sizes) == 1 else functional.conv2d
        x = x.transpose(0, 1).flatten(1, 2)
        for k in range(self.depth):
            weight, bias = p[f"{2 * k}.weight"], p[f"{2 * k}.bias"]
            # With few channels the convolution goes ways whose last bits depend on the groups.
            if k == 0 or channels == 1:
                seen = x.reshape(examples, replicates, channels, *sizes)
                x = self._product(seen, weight, bias)
            else:
                half = self.kernel // 2
                x = convolve(x, weight.flatten(0, 1), bias.flatten(), 1, half, 1, replicates)
            x, channels = x.relu(), self.width
        flat = x.reshape(examples, replicates, -1).transpose(0, 1)
        return apply_linear(p, self._last, dropout(flat, self.dropout, noise))

    def _product(self, x: "Tensor", weight: "Tensor", bias: "Tensor") -> "Tensor":
        """(B, R * width, *sizes) of (B, R, C, *sizes): each kernel times what it sees."""
        import torch
        from torch.nn import functional

        examples, replicates, _, *sizes = x.shape
        half = self.kernel // 2
        pieces = [functional.pad(x, (half, half) * len(sizes))]
        for axis, size in enumerate(sizes, start=3):
            pieces = [
                piece.narrow(axis, shift, size) for piece in pieces for shift in range(self.kernel)
            ]
        # (R, width, C x kernel) and (R, C x kernel, B x places): the many places lie last.
        seen = torch.stack([piece.movedim(0, 2).flatten(2) for piece in pieces], 2).flatten(1, 2)
        found = bias.mT.baddbmm(weight.flatten(2), seen)
        found = found.view(replicates, self.width, examples, *sizes)
        return found.movedim(2, 0).flatten(1, 2).contiguous()

    def module(self, input_shape: tuple[int, ...], outputs: int) -> "nn.Module":
        """A torch.nn.Sequential."""
        from torch import nn

        channels, *sizes = seen = self.seen_shape(input_shape)
        made = nn.Conv1d if len(sizes) == 1 else nn.Conv2d
        layers: list[nn.Module] = []
        for _ in range(self.depth):
            layers += [made(channels, self.width, self.kernel, padding="same"), nn.ReLU()]
            channels = self.width
        between = [nn.Dropout(self.dropout)] if self.dropout else []
        last = nn.Linear(channels * math.prod(sizes), outputs)
        return _of_shape(seen, *layers, nn.Flatten(), *between, last)

    def unfit(self, directions: int) -> str | None:
        """A kernel goes in the directions that an example has, and in no others."""
        if self.dimensions == directions:
            return None
        if directions == 2:
            return "dimensions: 1 is for steps; these data are images: use 2"
        return "dimensions: 2 is for images; an example of these data is a row of steps: use 1"

    def without_effect(self) -> frozenset[str]:
        """A linear model has no width and no kernel."""
        return frozenset() if self.depth else frozenset({"width", "kernel"})


def _of_shape(seen: tuple[int, ...], *layers: "nn.Module") -> "nn.Module":
    """A torch.nn.Sequential that shapes its examples first, so that they have channels."""
    from torch import nn

    class Module(nn.Sequential):
        def forward(self, x: "Tensor") -> "Tensor":
            outputs: Tensor = nn.Sequential.forward(self, x.reshape(-1, *seen))  # type: ignore[no-untyped-call]
            return outputs

    return Module(*layers)


ENTRY = CNN
