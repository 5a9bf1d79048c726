"""Milliseconds a training step of a replicate, side by side with peers in one run.

Run: PYTHONPATH=src python benchmarks/speed.py [--write]

The peers and the work that all of them do are in benchmarks/peers.py. depthgauge and JAX train all
replicates, the others one. They take turns, so that whatever else the machine does hits all alike:
medians over the turns.

Of peers with several ways to run (threads, replicates at once) all ways are measured and the
fastest counts. Rates count 6 operations a parameter and example (2 forward, 4 backward).
"""

import importlib.util
import platform
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sklearn
import torch

from depthgauge.processes import cores
from peers import BATCH, INPUTS, OUTPUTS, WIDTH, Entrant, Size, entrants, mlp
from table import command_line, show

DEPTHS = (1, 4)
FULL = Size(replicates=40, rows=20 * BATCH, epochs=5, turns=9)
QUICK = Size(replicates=4, rows=2 * BATCH, epochs=1, turns=1)


def matmul_rate() -> float:
    """Float32 operations a second of a large matrix product, on all cores."""
    n, times = 1024, []
    a, b = torch.rand(2, n, n)
    before = torch.get_num_threads()
    torch.set_num_threads(cores())
    for _ in range(10):
        began = time.perf_counter()
        torch.matmul(a, b)
        times.append(time.perf_counter() - began)
    torch.set_num_threads(before)
    return 2 * n**3 / statistics.median(times)


@dataclass(frozen=True)
class Measured:
    """The fastest way of each peer: ms a step a replicate in every turn, and operations a second
    of large matrix products in every turn."""

    depth: int
    entrants: list[Entrant]
    times: list[list[float]]
    rates: list[float]

    def rows(self) -> Iterator[str]:
        """Markdown rows. A ratio is the median of the ratios within the turns."""
        network = mlp(self.depth)
        operations = 6 * network.layout((INPUTS,), OUTPUTS).count * BATCH
        for entrant, times in zip(self.entrants, self.times, strict=True):
            ratio = statistics.median(t / own for t, own in zip(times, self.times[0], strict=True))
            share = statistics.median(
                operations / (t / 1000) / rate for t, rate in zip(times, self.rates, strict=True)
            )
            yield (
                f"| {self.depth} | {entrant.name} | {entrant.way} "
                f"| {statistics.median(times):.3f} | {ratio:.2f} | {share:.0%} |"
            )


def measured(depth: int, size: Size) -> Measured:
    return measure(depth, entrants(depth, size), size)


def measure(depth: int, everybody: Sequence[Entrant], size: Size) -> Measured:
    """All of them in turns; of the ways of a peer the fastest is kept."""
    times: list[list[float]] = [[] for _ in everybody]
    rates = []
    for entrant in everybody:
        entrant.run()
    for _ in range(size.turns):
        rates.append(matmul_rate())
        for entrant, its_times in zip(everybody, times, strict=True):
            began = time.perf_counter()
            entrant.run()
            seconds = time.perf_counter() - began
            steps = size.epochs * (size.rows // BATCH) * entrant.replicates
            its_times.append(1000 * seconds / steps)
    fastest: dict[str, int] = {}
    for index, entrant in enumerate(everybody):
        best = fastest.setdefault(entrant.name, index)
        if statistics.median(times[index]) < statistics.median(times[best]):
            fastest[entrant.name] = index
    kept = list(fastest.values())
    return Measured(depth, [everybody[k] for k in kept], [times[k] for k in kept], rates)


def report(size: Size) -> Iterator[str]:
    versions = [f"PyTorch {torch.__version__}", f"scikit-learn {sklearn.__version__}"]
    if importlib.util.find_spec("jax"):
        versions.append(f"JAX {importlib.import_module('jax').__version__}")
    yield "# Speed of training"
    yield ""
    yield "`PYTHONPATH=src python benchmarks/speed.py --write`"
    yield ""
    yield f"{INPUTS} inputs, {OUTPUTS} output, width {WIDTH}, batch {BATCH}, Adam, squared error,"
    yield f"float32; depthgauge and JAX train {size.replicates} replicates, the others one. Only"
    yield "training steps: nobody measures the losses of splits. Medians of"
    yield f"{size.turns} turns, in which all run one after the other. {cores()} cores"
    yield f"({platform.machine()}), {', '.join(versions)}."
    yield ""
    yield "| depth | | fastest way | ms a step a replicate | times depthgauge's | of matmul rate |"
    yield "|---|---|---|---|---|---|"
    rates = []
    for depth in DEPTHS:
        found = measured(depth, size)
        rates += found.rates
        yield from found.rows()
    yield ""
    yield f"The machine's matmul rate on all cores: {statistics.median(rates) / 1e9:.0f} Gflop/s."


def main(arguments: Sequence[str] | None = None) -> None:
    options = command_line(__doc__, "speed").parse_args(arguments)
    show(report(QUICK if options.quick else FULL), options.write)


if __name__ == "__main__":
    main()
