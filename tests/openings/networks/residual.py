"""A residual network with layer norm and dropout, as one file: no backward pass by hand."""

from torch import nn
from torch.nn import functional

from depthgauge.section import Count
from depthgauge.training.networks.network import Network, Parameter, constant, uniform

DROPPED = 0.2


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm, self.linear = nn.LayerNorm(width), nn.Linear(width, width)

    def forward(self, x):
        return x + self.linear(self.norm(x)).relu()


class Residual(Network):
    family: str = "residual"
    depth: Count
    width: Count

    def parameters(self, input_shape, outputs):
        def linear(name, fan_in, fan_out):
            init = uniform(fan_in**-0.5)
            yield Parameter(f"{name}.weight", (fan_in, fan_out), init, transposed=True)
            yield Parameter(f"{name}.bias", (fan_out,), init)

        found = [*linear("0", input_shape[0], self.width)]
        for block in range(1, self.depth + 1):
            found += [
                Parameter(f"{block}.norm.weight", (self.width,), constant(1.0)),
                Parameter(f"{block}.norm.bias", (self.width,), constant(0.0)),
                *linear(f"{block}.linear", self.width, self.width),
            ]
        return (*found, *linear(str(self.depth + 1), self.width, outputs))

    def forward(self, p, x, noise):
        def linear(name, h):
            return p[f"{name}.bias"].baddbmm(h, p[f"{name}.weight"])

        x = linear("0", x)
        for block in range(1, self.depth + 1):
            h = functional.layer_norm(x, (self.width,)) * p[f"{block}.norm.weight"]
            h = linear(f"{block}.linear", h + p[f"{block}.norm.bias"]).relu()
            if noise is not None:
                h = h * (noise(tuple(h.shape[1:])) >= DROPPED) / (1 - DROPPED)
            x = x + h
        return linear(str(self.depth + 1), x)

    def module(self, input_shape, outputs):
        blocks = [Block(self.width) for _ in range(self.depth)]
        return nn.Sequential(
            nn.Linear(input_shape[0], self.width), *blocks, nn.Linear(self.width, outputs)
        )


ENTRY = Residual
