"""Does torch.compile pay? Seconds to compile, at first and from its cache, and what a step gains.

Run: PYTHONPATH=src python benchmarks/compiling.py [--write]

Each case runs in processes of its own, one after the other: one that compiles into an empty cache,
one that finds its kernels there. `pays after` is how many replicate-steps it takes until the time
of a start from the cache is won back. Needs a C++ compiler.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from os import environ

import numpy as np
import torch

from depthgauge.training.losses.mse import MeanSquaredError
from depthgauge.training.networks.network import Network
from depthgauge.training.threads import one_thread
from families import DEPTHS, families
from peers import BATCH, OUTPUTS
from table import command_line, show

REPLICATES, STEPS, TURNS = 10, 20, 7


def step(network: Network, shape: tuple[int, ...]) -> tuple[torch.Tensor, ...]:
    """What a step of a network needs: parameters, inputs and targets."""
    layout = network.layout(shape, OUTPUTS)
    rows = np.stack([layout.initial_row(0, r) for r in range(REPLICATES)])
    flat, source = torch.from_numpy(rows).float(), torch.Generator().manual_seed(0)
    seen = network.seen_shape(shape)
    x = torch.randn(REPLICATES, BATCH, *seen, generator=source)
    return flat, x, torch.randn(REPLICATES, BATCH, OUTPUTS, generator=source)


def measure(number: int, depth: int) -> dict[str, float]:
    """Seconds of the first compiled step, and ms a step a replicate with and without."""
    _, network, shape = list(families(depth))[number]
    layout, loss = network.layout(shape, OUTPUTS), MeanSquaredError()
    program = network.program(shape, OUTPUTS)

    # AOTAutograd compiles the backward pass with it.
    forward = torch.compile(lambda p, x: program.forward(p, x, None), dynamic=False)

    def compiled(flat: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        leaves = {n: view.detach().requires_grad_() for n, view in layout.trained(flat).items()}
        outputs = forward({**layout.views(flat), **leaves}, x)
        given = 2 * (outputs - y).detach() / y[0].numel()
        found = torch.autograd.grad(outputs, [*leaves.values()], given)
        return torch.cat([each.flatten(1) for each in found], 1)

    def own(flat: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> None:
        grads = torch.zeros_like(flat)
        with torch.no_grad():
            program.backward(layout.views(flat), layout.trained(grads), x, y, loss, None)

    inputs = step(network, shape)
    with one_thread():
        began = time.perf_counter()
        whole = compiled(*inputs)
        seconds = time.perf_counter() - began
        half = compiled(*(t[:4] for t in inputs))
        found = {"first": seconds, "same_bits": bool(torch.equal(whole[:4], half))}
        times: dict[str, list[float]] = {"own": [], "compiled": []}
        for _ in range(TURNS):
            for name, run in (("own", own), ("compiled", compiled)):
                began = time.perf_counter()
                for _ in range(STEPS):
                    run(*inputs)
                times[name].append((time.perf_counter() - began) / STEPS / REPLICATES)
    return found | {name: statistics.median(values) for name, values in times.items()}


def apart(number: int, depth: int, cache: str) -> dict[str, float]:
    """`measure` in a process of its own, that keeps its kernels in `cache`."""
    command = [sys.executable, __file__, "--one", str(number), str(depth)]
    own = {**environ, "TORCHINDUCTOR_CACHE_DIR": cache}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(quick: bool) -> Iterator[str]:
    yield "# Does compiling pay?"
    yield ""
    yield "`PYTHONPATH=src python benchmarks/compiling.py --write`"
    yield ""
    yield f"A training step's gradient of {REPLICATES} replicates on one thread, batch {BATCH}, as"
    yield "depthgauge computes it and by torch.compile of the forward pass and autograd. `same"
    yield "bits`: whether a group of 4 has those of a group of 10."
    yield f"PyTorch {torch.__version__}."
    yield ""
    yield (
        "| network | depth | compiling, s | from its cache, s | ms a step a replicate | compiled "
        "| times | same bits | pays after |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for depth in DEPTHS[:1] if quick else DEPTHS:
        for number, (words, *_) in enumerate(families(depth)):
            with tempfile.TemporaryDirectory() as cache:
                cold, warm = (apart(number, depth, cache) for _ in range(2))
            won = warm["own"] - warm["compiled"]
            pays = f"{warm['first'] / won:,.0f} replicate-steps" if won > 0 else "never"
            yield (
                f"| {words} | {depth} | {cold['first']:.0f} | {warm['first']:.1f} "
                f"| {1000 * warm['own']:.3f} | {1000 * warm['compiled']:.3f} "
                f"| {warm['own'] / warm['compiled']:.1f} "
                f"| {'yes' if warm['same_bits'] else 'no'} | {pays} |"
            )
            if quick:
                return


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "compiling")
    parser.add_argument("--one", nargs=2, type=int, help="measure one case and print it as JSON")
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(measure(*options.one)))
        return
    show(report(options.quick), options.write)


if __name__ == "__main__":
    main()
