"""Networks of one's own for benchmarks/families.py: two families as one would write them."""

import itertools
import math

from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self, inputs: tuple[int, ...], outputs: int, depth: int, width: int) -> None:
        super().__init__()
        sizes = [math.prod(inputs), *[width] * depth]
        layers: list[nn.Module] = [nn.Flatten()]
        for before, after in itertools.pairwise(sizes):
            layers += [nn.Linear(before, after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Convolutions(nn.Module):
    """As the family cnn, of images with one channel."""

    def __init__(self, inputs: tuple[int, ...], outputs: int, depth: int, width: int) -> None:
        super().__init__()
        sizes = [1, *[width] * depth]
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(sizes):
            layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
        last = nn.Linear(sizes[-1] * math.prod(inputs), outputs)
        self.layers = nn.Sequential(*layers, nn.Flatten(), last)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x.unsqueeze(1))
