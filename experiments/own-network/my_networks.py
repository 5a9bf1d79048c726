"""Blocks that begin as the identity: each has a gate, which begins shut."""

import torch
from torch import nn


class Block(nn.Module):
    """h + gate * relu(linear(h)), after ReZero (Bachlechner et al. 2021)."""

    def __init__(self, width, gate):
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.gate = nn.Parameter(torch.tensor(gate))

    def forward(self, h):
        return h + self.gate * self.linear(h).relu()


class Net(nn.Module):
    """`depth` blocks between two linear layers; without blocks it is a linear model."""

    def __init__(self, inputs, outputs, depth, width=64, gate=0.0):
        super().__init__()
        pixels = inputs[0] * inputs[1]
        blocks = [Block(width, gate) for _ in range(depth)]
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, width), *blocks, nn.Linear(width, outputs)
        )

    def forward(self, x):
        return self.layers(x)
