"""A linear model that sees its examples in their shape: rows and columns of an image."""

from torch import nn

from depthgauge.training.networks.network import Network, Parameter, uniform


class Pixels(Network):
    family: str = "pixels"

    def parameters(self, input_shape, outputs):
        rows, columns = input_shape
        init = uniform((rows * columns) ** -0.5)
        return (
            Parameter("1.weight", (rows * columns, outputs), init, transposed=True),
            Parameter("1.bias", (outputs,), init),
        )

    def forward(self, p, x, noise):
        assert x.ndim == 4
        return p["1.bias"].baddbmm(x.flatten(2), p["1.weight"])

    def module(self, input_shape, outputs):
        return nn.Sequential(nn.Flatten(), nn.Linear(input_shape[0] * input_shape[1], outputs))


ENTRY = Pixels
