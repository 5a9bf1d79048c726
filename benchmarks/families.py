"""Milliseconds a training step of a replicate of every family, beside a plain loop in PyTorch.

Run: PYTHONPATH=src python benchmarks/families.py [--write]

The loop trains the family's module, what its users would write, by autograd and torch.optim.Adam,
at its fastest number of threads; measured as in benchmarks/speed.py. `own` is a module of
benchmarks/own.py, of which depthgauge knows nothing.
"""

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from depthgauge.processes import cores
from depthgauge.training.networks.cnn import CNN
from depthgauge.training.networks.mlp import MLP
from depthgauge.training.networks.network import Network
from depthgauge.training.networks.own import Own
from depthgauge.training.networks.resnet import ResNet
from depthgauge.training.networks.transformer import Transformer
from peers import BATCH, INPUTS, OUTPUTS, WIDTH, Size, depthgauge, mlp, plain_loop
from speed import measure
from table import command_line, show

DEPTHS = (1, 4)
FULL = Size(replicates=20, rows=10 * BATCH, epochs=2, turns=7)
QUICK = Size(replicates=4, rows=BATCH, epochs=1, turns=1)
TABLE, IMAGE = (INPUTS,), (8, 8)
CHANNELS, TOKEN = 16, 32


def families(depth: int) -> Iterator[tuple[str, Network, tuple[int, ...]]]:
    """Each in words, and the shape of an example."""
    yield "mlp", mlp(depth), TABLE
    regular = MLP(
        depth=depth,
        width=WIDTH,
        activation="relu",
        initialisation="kaiming_uniform",
        normalisation="batch",
        dropout=0.1,
    )
    yield "mlp, batch norm and dropout", regular, TABLE
    resnet = ResNet(
        depth=depth, width=WIDTH, normalisation="layer", dropout=0.1, residual_dropout=0.0
    )
    yield "resnet, layer norm and dropout", resnet, TABLE
    yield (
        f"cnn, {CHANNELS} channels",
        CNN(depth=depth, width=CHANNELS, kernel=3, dropout=0.0),
        IMAGE,
    )
    transformer = Transformer(depth=depth, width=TOKEN, heads=4, dropout=0.0)
    yield f"transformer, {IMAGE[1]} tokens of {TOKEN}", transformer, IMAGE
    for words, name, width, shape in (
        ("own, as mlp", "Net", WIDTH, TABLE),
        ("own, as cnn", "Convolutions", CHANNELS, IMAGE),
    ):
        own = Own(class_path=f"own.py:{name}", depth=depth, width=width)
        own.locate(Path(__file__).parent)
        yield words, own, shape


def report(size: Size) -> Iterator[str]:
    yield "# Speed of the families"
    yield ""
    yield "`PYTHONPATH=src python benchmarks/families.py --write`"
    yield ""
    yield f"Width {WIDTH} where nothing else is said, batch {BATCH}, Adam, squared error, float32,"
    yield f"1 output; {INPUTS} inputs, or images of 8 x 8. depthgauge trains {size.replicates}"
    yield "replicates, the plain loop one, without measuring losses. Medians of"
    yield f"{size.turns} turns, in which all run one after the other. {cores()} cores, PyTorch"
    yield f"{torch.__version__}."
    yield ""
    yield "| network | depth | parameters | ms a step a replicate | plain loop | times |"
    yield "|---|---|---|---|---|---|"
    for depth in DEPTHS:
        for words, network, shape in families(depth):
            everybody = [*depthgauge(network, size, shape)]
            everybody += plain_loop(network.module(shape, OUTPUTS), size, shape)
            own, loop = measure(depth, everybody, size).times
            ratio = statistics.median(t / mine for t, mine in zip(loop, own, strict=True))
            yield (
                f"| {words} | {depth} | {network.layout(shape, OUTPUTS).count:,} "
                f"| {statistics.median(own):.3f} | {statistics.median(loop):.3f} | {ratio:.1f} |"
            )


def main(arguments: Sequence[str] | None = None) -> None:
    options = command_line(__doc__, "families").parse_args(arguments)
    show(report(QUICK if options.quick else FULL), options.write)


if __name__ == "__main__":
    main()
