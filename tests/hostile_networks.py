"""Networks of one's own that break a rule each, or seem to (training/test_own_rules.py)."""

import random
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BUILT = []


class Plain(nn.Module):
    """Breaks none."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        sizes = [torch.Size(inputs).numel(), *[width] * depth]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(sizes))
        self.head = nn.Linear(sizes[-1], outputs)

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x)


class Autoencoder(Plain):
    """U-shaped: its outputs are images, with a channel."""

    def forward(self, x):
        return super().forward(x).view(len(x), 1, -1)


class Pair(Plain):
    def forward(self, x):
        return super().forward(x), x


class Vector(Plain):
    def forward(self, x):
        return super().forward(x)[:, 0]


class Doubles(Plain):
    def forward(self, x):
        return super().forward(x).double()


class Labels(Plain):
    def forward(self, x):
        return super().forward(x).argmax(1, keepdim=True).expand(-1, 2)


class Detached(Plain):
    def forward(self, x):
        return super().forward(x).detach()


class Spoilt(Plain):
    """What the backward pass needs is overwritten."""

    def forward(self, x):
        return super().forward(x).sigmoid().mul_(2)


class FixedBatch(Plain):
    def forward(self, x):
        return super().forward(x).view(5, -1)


class Squeezed(Plain):
    def forward(self, x):
        return super().forward(x).squeeze(0)


class Cuda(Plain):
    def forward(self, x):
        return super().forward(x.to("cuda:77"))


class TiedModule(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.again = self.head


class TiedMemory(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.again = nn.Linear(self.head.in_features, outputs)
        self.again.weight = nn.Parameter(self.head.weight.data)


class Complex(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.phase = nn.Parameter(torch.ones(outputs, dtype=torch.complex64))

    def forward(self, x):
        return (super().forward(x) * self.phase).abs()


class Double(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.double()


class Meta(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.head.to("meta")


class Large(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.register_buffer("places", torch.tensor([1, 2**24 + 1]))


class ComplexBuffer(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.register_buffer("waves", torch.ones(2, dtype=torch.complex64))


class Frozen(Plain):
    """The head is not trained."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.head.requires_grad_(False)


class AllFrozen(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.requires_grad_(False)


class Clamps(Plain):
    def forward(self, x):
        with torch.no_grad():
            self.head.weight.clamp_(-0.01, 0.01)
        return super().forward(x)


class ClampsInTraining(Plain):
    def forward(self, x):
        if self.training:
            self.head.weight.data.clamp_(-0.01, 0.01)
        return super().forward(x)


class ChangesInputs(Plain):
    def forward(self, x):
        return super().forward(x.mul_(2))


class Counts(Plain):
    calls = 0

    def forward(self, x):
        self.calls += 1
        return super().forward(x) / self.calls


class CountsInTraining(Counts):
    def forward(self, x):
        return super().forward(x) if self.training else Plain.forward(self, x)


class Draws(Plain):
    def forward(self, x):
        return super().forward(x) + np.random.rand()


class DrawsItsWeights(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        nn.init.constant_(self.head.bias, random.random())


class CountsItself(Plain):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        BUILT.append(1)
        nn.init.constant_(self.head.bias, float(len(BUILT)))


class Mask(Plain):
    """Drawn for each replicate, and no buffer."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.mask = torch.rand(outputs)

    def forward(self, x):
        return super().forward(x) * self.mask


class Leaves(nn.Module):
    def __init__(self, inputs, outputs, depth, width):
        raise SystemExit(3)


class Third(Plain):
    def __init__(self, inputs, outputs, depth, width):
        if depth == 3:
            raise ValueError("three is one too many")
        super().__init__(inputs, outputs, depth, width)


class NoDepth(nn.Module):
    def __init__(self, inputs, outputs, width):
        super().__init__()


class NoWidth(nn.Module):
    """Which is none: `width: null`."""

    def __init__(self, inputs, outputs, depth):
        super().__init__()
        size = torch.Size(inputs).numel()
        layers = [nn.Linear(size, size) for _ in range(depth)]
        self.body = nn.Sequential(nn.Flatten(), *layers, nn.Linear(size, outputs))

    def forward(self, x):
        return self.body(x)


class NoModule:
    def __init__(self, inputs, outputs, depth, width):
        pass


class Lazy(nn.Module):
    """Layers that know their sizes once they are called."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        layers = [nn.Flatten()]
        for _ in range(depth):
            layers += [nn.LazyLinear(width), nn.LazyBatchNorm1d(), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.LazyLinear(outputs))

    def forward(self, x):
        return self.body(x)


class Drops(Plain):
    """By a layer, by a function, and by one that torch alone knows how to draw."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.drop, self.alpha = nn.Dropout(0.2), nn.AlphaDropout(0.2)

    def forward(self, x):
        x = functional.dropout(self.drop(x), 0.2, self.training)
        return super().forward(self.alpha(x))


class Buffers(Plain):
    """Of whole numbers, of words that are true or not, of doubles; and one that is none."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.register_buffer("places", torch.tensor([1, 0]))
        self.register_buffer("kept", torch.tensor([True, False]))
        self.register_buffer("scale", torch.ones(2).double(), persistent=False)
        self.register_buffer("nothing", None)

    def forward(self, x):
        return super().forward(x)[:, self.places] * self.scale + self.kept.float()


class NoNumbers(Plain):
    """Its outputs are none from the first step on: a training that diverges."""

    def forward(self, x):
        return super().forward(x) * float("nan")
