"""Those that benchmarks/speed.py and families.py let train: depthgauge, PyTorch and others.

Everybody does the same work: shuffle the rows of every epoch, then forward, backward and Adam for
every batch, in float32; nobody measures losses of splits, and what is done once (making networks,
compiling) is done before `Entrant.run`.
"""

import importlib.util
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_limits
from torch import nn

from depthgauge.data.dataset import Dataset, Scaling, Splits
from depthgauge.processes import cores
from depthgauge.training.engine import Job, start_group
from depthgauge.training.groups import group_size, make_groups
from depthgauge.training.losses.mse import MeanSquaredError
from depthgauge.training.networks.mlp import MLP
from depthgauge.training.networks.network import Network
from depthgauge.training.optimizers.adam import Adam
from depthgauge.training.recipe import Recipe
from depthgauge.training.regularisation import Regularisation
from depthgauge.training.threads import one_thread

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


@dataclass(frozen=True)
class Entrant:
    """run() trains `replicates` for the size's epochs; ways of one peer share its name."""

    name: str
    way: str
    replicates: int
    run: Run


def mlp(depth: int) -> MLP:
    return MLP(depth=depth, width=WIDTH, activation="relu", initialisation="kaiming_uniform")


def recipe_of(network: Network, epochs: int = 1) -> Recipe:
    return Recipe(
        network=network,
        optimizer=Adam(learning_rate=RATE, weight_decay=0.0),
        schedule="constant",
        batch_size=BATCH,
        epochs=epochs,
        loss=MeanSquaredError(),
        regularisation=Regularisation(
            label_smoothing=0.0, mixup=0.0, input_noise=0.0, gradient_clipping=0.0
        ),
    )


def data(size: Size, features: int = INPUTS) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, F) and targets (n, K); how fast a network trains does not depend on them."""
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((size.rows, features), dtype=np.float32)
    return inputs, np.abs(inputs).mean(1, keepdims=True)


def orders(size: Size, replicates: int) -> np.ndarray:
    """(R, n): the rows of an epoch in each replicate's own order."""
    rng = np.random.default_rng(0)
    return np.stack([rng.permutation(size.rows) for _ in range(replicates)])


def make_dataset(size: Size, shape: tuple[int, ...] = (INPUTS,)) -> Dataset:
    features = math.prod(shape)
    inputs, targets = data(size, features)
    rows, few = np.arange(size.rows)[None], np.arange(BATCH)[None]
    zero, one = (lambda n: np.zeros((1, n), np.float32)), (lambda n: np.ones((1, n), np.float32))
    return Dataset(
        task="regression",
        inputs=inputs,
        targets=targets,
        input_names=tuple(f"x{k}" for k in range(features)),
        row_names=tuple(str(k) for k in range(size.rows)),
        classes=(),
        splits=Splits(rows, few, few),
        scaling=Scaling(zero(features), one(features), zero(OUTPUTS), one(OUTPUTS)),
        scaling_groups=np.arange(features),
        train_targets=None,
        reference=None,
        input_shape=shape,
        target_shape=(OUTPUTS,),
    )


def depthgauge(
    network: Network, size: Size, shape: tuple[int, ...] = (INPUTS,)
) -> Iterator[Entrant]:
    """Groups and threads as in the stage `train`."""
    recipe, dataset = recipe_of(network, size.epochs), make_dataset(size, shape)
    layout, workers = network.layout(shape, OUTPUTS), cores()
    at_once = group_size(layout, recipe.optimizer)
    groups = make_groups(range(size.replicates), at_once, workers)

    def start(replicates: Sequence[int]) -> Run:
        with torch.no_grad():
            group, examples = start_group(Job(dataset, recipe, 0, CPU), replicates)

        def epochs() -> None:
            with torch.no_grad(), one_thread():
                for _ in group.train(examples["train"]):
                    pass

        return epochs

    started = [start(group) for group in groups]

    def run() -> None:
        with ThreadPoolExecutor(workers) as executor:
            for done in [executor.submit(epochs) for epochs in started]:
                done.result()

    most = max(len(group) for group in groups)
    way = f"{len(groups)} groups of up to {most}, {workers} threads"
    yield Entrant("depthgauge", way, size.replicates, run)


def sequential(inputs: int, width: int, depth: int, outputs: int) -> nn.Sequential:
    """The network of one replicate as PyTorch's tutorials write it."""
    sizes = [inputs, *[width] * depth, outputs]
    layers = [m for a, b in itertools.pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


def plain_loop(
    network: nn.Module, size: Size, shape: tuple[int, ...] = (INPUTS,)
) -> Iterator[Entrant]:
    """Autograd and torch.optim.Adam, one replicate."""
    inputs, targets = (torch.from_numpy(values) for values in data(size, math.prod(shape)))
    inputs, loss = inputs.view(-1, *shape), nn.MSELoss()
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
            name, way, len(states) * at_once, lambda s=states, a=at_once, t=threads: run(s, a, t)
        )


def entrants(depth: int, size: Size) -> list[Entrant]:
    """Everybody who can be here, in each of their ways; depthgauge is the first."""
    found = [*depthgauge(mlp(depth), size)]
    found += plain_loop(sequential(INPUTS, WIDTH, depth, OUTPUTS), size)
    found += scikit_learn(depth, size)
    return [*found, *(jax_peer(depth, size) if importlib.util.find_spec("jax") else ())]
