"""Milliseconds a training step of a replicate, side by side with peers in one run.

Run: PYTHONPATH=src python benchmarks/speed.py [--write]

Everybody does the same work: shuffle the rows of every epoch, then forward, backward and Adam for
every batch, in float32; nobody measures losses of splits, and what is done once (making networks,
compiling) is outside the clock. depthgauge and JAX train all replicates, the others one. They take
turns, so that whatever else the machine does hits all alike: medians over the turns.

Of peers with several ways to run (threads, replicates at once) all ways are measured and the
fastest counts. Rates count 6 operations a parameter and example (2 forward, 4 backward).
"""

import argparse
import importlib.util
import itertools
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sklearn
import torch
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_limits
from torch import nn

from depthgauge.core.data.prepared import Prepared, Scaling, Splits
from depthgauge.core.training import engine
from depthgauge.core.training.examples import BatchOrder, group_examples
from depthgauge.core.training.groups import group_size, make_groups
from depthgauge.core.training.network import Architecture
from depthgauge.core.training.optimizers import make_optimizer
from depthgauge.core.training.recipe import Recipe
from depthgauge.stages.machine import cores

DEPTHS = (1, 4)
INPUTS, OUTPUTS, WIDTH, BATCH, RATE = 56, 1, 100, 64, 1e-3
CPU = torch.device("cpu")

Run = Callable[[], None]


@dataclass(frozen=True)
class Size:
    """How much is measured. rows: a multiple of the batch. turns: of everybody."""

    replicates: int
    rows: int
    epochs: int
    turns: int


FULL = Size(replicates=40, rows=20 * BATCH, epochs=5, turns=9)
QUICK = Size(replicates=4, rows=2 * BATCH, epochs=1, turns=1)


@dataclass(frozen=True)
class Entrant:
    """run() trains `replicates` for the size's epochs; ways of one peer share its name."""

    name: str
    way: str
    replicates: int
    run: Run


def recipe_of(depth: int) -> Recipe:
    return Recipe(depth, WIDTH, "relu", "default", "adam", RATE, 0.0, 0.0, BATCH, "mse", 1)


def data(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, F) and targets (n, K); how fast a network trains does not depend on them."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((size.rows, INPUTS), dtype=np.float32)
    return inputs, np.abs(inputs).mean(1, keepdims=True)


def orders(size: Size, replicates: int) -> np.ndarray:
    """(R, n): the rows of an epoch in each replicate's own order."""
    rng = np.random.default_rng(0)
    return np.stack([rng.permutation(size.rows) for _ in range(replicates)])


def prepared_data(size: Size) -> Prepared:
    inputs, targets = data(size)
    rows, few = np.arange(size.rows)[None], np.arange(BATCH)[None]
    zero, one = (lambda n: np.zeros((1, n), np.float32)), (lambda n: np.ones((1, n), np.float32))
    return Prepared(
        task="regression",
        inputs=inputs,
        targets=targets,
        input_names=tuple(f"x{k}" for k in range(INPUTS)),
        row_names=tuple(str(k) for k in range(size.rows)),
        classes=(),
        splits=Splits(rows, few, few),
        scaling=Scaling(zero(INPUTS), one(INPUTS), zero(OUTPUTS), one(OUTPUTS)),
        scaling_groups=np.arange(INPUTS),
        train_targets=None,
        reference=None,
        input_shape=(INPUTS,),
        target_shape=(OUTPUTS,),
    )


def depthgauge(depth: int, size: Size) -> Iterator[Entrant]:
    """Groups and threads as in the stage `train`."""
    recipe, prepared = recipe_of(depth), prepared_data(size)
    architecture = Architecture(INPUTS, OUTPUTS, depth, WIDTH)
    workers = cores()
    groups = make_groups(range(size.replicates), group_size(architecture), workers)

    def start(group: Sequence[int]) -> Run:
        with torch.no_grad():
            train = group_examples(prepared, group, CPU, torch.float32)["train"]
            network = engine.initial_network(prepared, recipe, group, 0, CPU, torch.float32)
            optimizer = make_optimizer(recipe, network.flat)
            order = BatchOrder(0, group, train.count)

        def epochs() -> None:
            with torch.no_grad(), engine.one_thread():
                for _ in range(size.epochs):
                    engine.train_epoch(network, optimizer, train, order.next_epoch(CPU), recipe)

        return epochs

    started = [start(group) for group in groups]

    def run() -> None:
        with ThreadPoolExecutor(workers) as executor:
            for done in [executor.submit(epochs) for epochs in started]:
                done.result()

    most = max(len(group) for group in groups)
    way = f"{len(groups)} groups of up to {most}, {workers} threads"
    yield Entrant("depthgauge", way, size.replicates, run)


def plain_loop(depth: int, size: Size) -> Iterator[Entrant]:
    """nn.Sequential, autograd and torch.optim.Adam, one replicate."""
    inputs, targets = (torch.from_numpy(values) for values in data(size))
    sizes = [INPUTS, *[WIDTH] * depth, OUTPUTS]
    layers = [m for a, b in itertools.pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())][:-1]
    network, loss = nn.Sequential(*layers), nn.MSELoss()
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)

    def run(threads: int) -> None:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        for _ in range(size.epochs):
            for rows in torch.randperm(size.rows).split(BATCH):
                optimizer.zero_grad()
                loss(network(inputs[rows]), targets[rows]).backward()
                optimizer.step()
        torch.set_num_threads(before)

    for threads in (1, 2):
        yield Entrant("plain PyTorch", f"{threads} threads", 1, lambda t=threads: run(t))


def scikit_learn(depth: int, size: Size) -> Iterator[Entrant]:
    """MLPRegressor, an epoch a call of partial_fit; its loss is the squared error."""
    inputs, targets = data(size)
    model = MLPRegressor(
        hidden_layer_sizes=[WIDTH] * depth,
        batch_size=BATCH,
        learning_rate_init=RATE,
        alpha=0.0,
        random_state=0,
    )

    def run(threads: int) -> None:
        with threadpool_limits(threads):
            for _ in range(size.epochs):
                model.partial_fit(inputs, targets[:, 0])

    for threads in (1, 2):
        yield Entrant("scikit-learn", f"{threads} threads", 1, lambda t=threads: run(t))


def jax_peer(depth: int, size: Size) -> Iterator[Entrant]:
    """jit of a scan over steps of a vmap over replicates, Adam written out."""
    import jax
    from jax import numpy as jnp

    inputs, targets = (jnp.asarray(values) for values in data(size))
    sizes = [INPUTS, *[WIDTH] * depth, OUTPUTS]

    def loss(layers, x, y):
        for weight, bias in layers[:-1]:
            x = jax.nn.relu(x @ weight + bias)
        weight, bias = layers[-1]
        return jnp.mean((x @ weight + bias - y) ** 2)

    def step(state, rows):
        layers, first, second, count = state
        gradient = jax.grad(loss)(layers, inputs[rows], targets[rows])
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        large, small = 1 - 0.9**count, 1 - 0.999**count
        layers = jax.tree.map(
            lambda w, m, v: w - RATE * (m / large) / (jnp.sqrt(v / small) + 1e-8),
            layers,
            first,
            second,
        )
        return (layers, first, second, count), None

    @jax.jit
    def epoch(state, order):
        batches = order.reshape(order.shape[0], -1, BATCH).swapaxes(0, 1)
        return jax.lax.scan(jax.vmap(step), state, batches)[0]

    def initial(replicates: int):
        rng = np.random.default_rng(0)
        layers = [
            tuple(
                jnp.asarray(rng.uniform(-(a**-0.5), a**-0.5, (replicates, *shape)), jnp.float32)
                for shape in ((a, b), (b,))
            )
            for a, b in itertools.pairwise(sizes)
        ]
        zeros = jax.tree.map(jnp.zeros_like, layers)
        return layers, zeros, zeros, jnp.zeros(replicates)

    def train(state, replicates: int) -> None:
        for _ in range(size.epochs):
            state = epoch(state, jnp.asarray(orders(size, replicates)))
        jax.block_until_ready(state)

    def run(states: Sequence, replicates: int, threads: int) -> None:
        with ThreadPoolExecutor(threads) as executor:
            list(executor.map(lambda state: train(state, replicates), states))

    for at_once, threads in ((40, 1), (10, 1), (10, 2)):
        # Groups in parallel are depthgauge's own way to use the cores, so they stand by themselves.
        name = "JAX" if threads == 1 else "JAX, groups in threads"
        at_once = min(at_once, size.replicates)
        states = [initial(at_once) for _ in range(size.replicates // at_once)]
        way = f"{at_once} replicates at once" + (f", {threads} threads" if threads > 1 else "")
        yield Entrant(
            name,
            way,
            len(states) * at_once,
            lambda s=states, a=at_once, t=threads: run(s, a, t),
        )


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
        operations = 6 * Architecture(INPUTS, OUTPUTS, self.depth, WIDTH).parameter_count * BATCH
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
    peers = [depthgauge, plain_loop, scikit_learn]
    if importlib.util.find_spec("jax"):
        peers.append(jax_peer)
    entrants = [entrant for peer in peers for entrant in peer(depth, size)]
    times: list[list[float]] = [[] for _ in entrants]
    rates = []
    for entrant in entrants:
        entrant.run()
    for _ in range(size.turns):
        rates.append(matmul_rate())
        for entrant, its_times in zip(entrants, times, strict=True):
            began = time.perf_counter()
            entrant.run()
            seconds = time.perf_counter() - began
            steps = size.epochs * (size.rows // BATCH) * entrant.replicates
            its_times.append(1000 * seconds / steps)
    fastest: dict[str, int] = {}
    for index, entrant in enumerate(entrants):
        best = fastest.setdefault(entrant.name, index)
        if statistics.median(times[index]) < statistics.median(times[best]):
            fastest[entrant.name] = index
    kept = list(fastest.values())
    return Measured(depth, [entrants[k] for k in kept], [times[k] for k in kept], rates)


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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few steps: does it run at all?")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/speed.md")
    options = parser.parse_args(arguments)
    lines = []
    for line in report(QUICK if options.quick else FULL):
        print(line, flush=True)
        lines.append(line)
    if options.write:
        path = Path(__file__).parent / "results" / "speed.md"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
