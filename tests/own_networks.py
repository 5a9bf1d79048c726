"""Networks of one's own, good and bad, as an experiment's folder may hold them."""

from pathlib import Path

SOURCE = '''
import os
import signal

import torch
from torch import nn

from beside import halved


class Good(nn.Module):
    """Batch norm, dropout and a helper from the folder."""

    def __init__(self, inputs, outputs, depth, width, slope=0.1):
        super().__init__()
        layers, size = [nn.Flatten()], torch.Size(inputs).numel()
        for _ in range(depth):
            layers += [nn.Linear(size, width), nn.BatchNorm1d(width), nn.LeakyReLU(slope)]
            layers += [nn.Dropout(0.3)]
            size = width
        self.body = nn.Sequential(*layers, nn.Linear(size, outputs))

    def forward(self, x):
        return halved(self.body(x))


class Gru(nn.Module):
    """torch cannot batch it."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        self.gru = nn.GRU(1, width, num_layers=max(1, depth), batch_first=True)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.gru(x.unsqueeze(-1))[0][:, -1])


class Asks(nn.Module):
    """An `if` on the data."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        sizes = [inputs[0], *[width] * depth, outputs]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
            if x.mean() > 0:
                x = x / 2
        return x


class Places(nn.Module):
    """A buffer of whole numbers, one that counts, and draws of its own."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        self.register_buffer("places", torch.arange(inputs[0]))
        self.register_buffer("steps", torch.zeros(()))
        self.embedding = nn.Embedding(inputs[0], 1)
        sizes = [inputs[0], *[width] * depth]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(sizes, sizes[1:]))
        self.head = nn.Linear(sizes[-1], outputs)

    def forward(self, x):
        x = x + self.embedding(self.places)[:, 0]
        if self.training:
            self.steps += 1
            x = x + 0.1 * torch.randn_like(x)
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x)


class Ignores(nn.Module):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        self.head = nn.Linear(inputs[0], outputs)

    def forward(self, x):
        return self.head(x)


class Raises(Asks):
    """After some steps."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, x):
        self.steps += self.training
        if self.steps > 7:
            raise ValueError("seven steps are enough")
        return super().forward(x)


class Dies(Asks):
    """Its process is killed after some steps."""

    def __init__(self, inputs, outputs, depth, width):
        super().__init__(inputs, outputs, depth, width)
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, x):
        self.steps += self.training
        if self.steps > 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().forward(x)


class Tied(nn.Module):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__()
        self.first, self.last = nn.Linear(inputs[0], inputs[0]), nn.Linear(inputs[0], outputs)
        self.again = nn.Linear(inputs[0], inputs[0])
        self.again.weight = self.first.weight

    def forward(self, x):
        return self.last(self.again(self.first(x)))


class Narrow(Ignores):
    def forward(self, x):
        return super().forward(x)[:, :1].squeeze(1)


class Wrong(Ignores):
    def forward(self, x):
        return self.head(x[:, 1:])


class Unbuilt(nn.Module):
    def __init__(self, inputs, outputs, depth, width):
        raise RuntimeError("no such\\nsize")


class Elsewhere(Ignores):
    def forward(self, x):
        return super().forward(x).to("meta")


class Empty(nn.Module):
    def __init__(self, inputs, outputs, depth, width):
        super().__init__()

    def forward(self, x):
        return x


Number = 3
'''


def write_networks(folder: Path) -> None:
    """Put the file and what it imports into a folder."""
    (folder / "networks.py").write_text(SOURCE)
    (folder / "beside.py").write_text("def halved(x):\n    return x / 2\n")
