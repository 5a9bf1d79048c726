"""Train a group of replicates of one point, all at once, as one batched tensor program."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from depthgauge.core.data.prepared import SPLIT_NAMES, Prepared
from depthgauge.core.training.examples import BatchOrder, Examples, group_examples
from depthgauge.core.training.layers import Layers, backward, forward
from depthgauge.core.training.losses import LOSSES
from depthgauge.core.training.measure import mean_over_examples, measure
from depthgauge.core.training.network import (
    Architecture,
    initial_parameters,
    layer_views,
    sequential_tensors,
)
from depthgauge.core.training.optimizers import make_optimizer
from depthgauge.core.training.recipe import Recipe
from depthgauge.core.training.trained import STOPPINGS, Trained

# Shuffled inputs are gathered for several steps at once, but no more bytes than the caches hold.
GATHER_BYTES = 2**21


@dataclass(frozen=True)
class Network:
    """The replicates' parameters and gradients, flat (R, P), with a view of each layer."""

    architecture: Architecture
    flat: Tensor
    layers: Layers
    gradients: Layers


def train_group(
    prepared: Prepared,
    recipe: Recipe,
    replicates: Sequence[int],
    seed: int,
    device: torch.device,
    dtype: torch.dtype,
    on_epoch: Callable[[int, dict[str, np.ndarray]], None],
) -> Trained:
    """Train `replicates` of `recipe` and measure every split after every epoch.

    on_epoch(epoch, curves so far (R, epoch)) is called after each epoch, counted from 1. Stopping
    `last` keeps the weights after the last epoch; `validation` keeps, for each replicate, those of
    the epoch of least validation loss (the first of equals; the last where none is finite).

    One replicate alone would take another path through the matrix library and differ in the last
    bits, so it is trained beside a copy of itself.
    """
    if len(replicates) == 1:
        both = train_group(prepared, recipe, [*replicates] * 2, seed, device, dtype, on_epoch)
        return both.first(1)
    with torch.no_grad(), one_thread():
        examples = group_examples(prepared, replicates, device, dtype)
        network = initial_network(prepared, recipe, replicates, seed, device, dtype)
        optimizer = make_optimizer(recipe, network.flat)
        order = BatchOrder(seed, replicates, examples["train"].count)
        curves = _empty_curves(recipe, len(replicates))
        least = torch.full((len(replicates),), torch.inf, dtype=torch.float64, device=device)
        kept = network.flat.clone()
        for epoch in range(recipe.epochs):
            train_epoch(network, optimizer, examples["train"], order.next_epoch(device), recipe)
            _measure_epoch(network.layers, examples, recipe, curves, epoch)
            validation = torch.from_numpy(curves["validation_loss"][:, epoch]).to(device)
            improved = validation < least
            kept[improved] = network.flat[improved]
            least = torch.where(improved, validation, least)
            on_epoch(epoch + 1, {name: curve[:, : epoch + 1] for name, curve in curves.items()})
        never = torch.isinf(least)
        kept[never] = network.flat[never]
        return _trained(network, kept, examples["test"], recipe, replicates, curves)


@contextmanager
def one_thread() -> Iterator[None]:
    """Run on one core: on two, matrix products are cut elsewhere and differ in the last bits.

    The setting belongs to the calling thread, so groups may train in parallel threads.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def initial_network(
    prepared: Prepared,
    recipe: Recipe,
    replicates: Sequence[int],
    seed: int,
    device: torch.device,
    dtype: torch.dtype,
) -> Network:
    """The replicates of a group before their first step."""
    architecture = Architecture(
        prepared.inputs.shape[1], prepared.outputs, recipe.depth, recipe.width
    )
    rows = [initial_parameters(architecture, recipe.initialisation, seed, r) for r in replicates]
    flat = torch.from_numpy(np.stack(rows)).to(device=device, dtype=dtype)
    flat.grad = torch.zeros_like(flat)
    return Network(
        architecture, flat, layer_views(flat, architecture), layer_views(flat.grad, architecture)
    )


def train_epoch(
    network: Network,
    optimizer: torch.optim.Optimizer,
    train: Examples,
    order: Tensor,
    recipe: Recipe,
) -> None:
    """One pass over the training rows in each replicate's own order (R, n)."""
    replicates, count = order.shape
    size, gradient_of = recipe.batch_size, LOSSES[recipe.loss].gradient
    row_bytes = replicates * train.inputs.shape[2] * train.inputs.element_size()
    gathered = max(1, GATHER_BYTES // (row_bytes * size)) * size
    for first in range(0, count, gathered):
        piece = train.shuffled(order[:, first : first + gathered])
        for start in range(0, piece.count, size):
            inputs, targets = piece.rows(start, start + size, replicates)
            entering = forward(network.layers, inputs, recipe.activation)
            gradient = gradient_of(entering[-1], targets)
            backward(network.layers, network.gradients, entering, gradient, recipe.activation)
            optimizer.step()


def _empty_curves(recipe: Recipe, replicates: int) -> dict[str, np.ndarray]:
    measured = ["loss", "error"] if recipe.loss == "cross_entropy" else ["loss"]
    return {
        f"{split}_{quantity}": np.full((replicates, recipe.epochs), np.nan)
        for quantity in measured
        for split in SPLIT_NAMES
    }


def _measure_epoch(
    layers: Layers,
    examples: dict[str, Examples],
    recipe: Recipe,
    curves: dict[str, np.ndarray],
    epoch: int,
) -> None:
    for split in SPLIT_NAMES:
        losses, errors = measure(layers, examples[split], recipe)
        curves[f"{split}_loss"][:, epoch] = mean_over_examples(losses).cpu().numpy()
        if errors is not None:
            curves[f"{split}_error"][:, epoch] = mean_over_examples(errors).cpu().numpy()


def _trained(
    network: Network,
    kept: Tensor,
    test: Examples,
    recipe: Recipe,
    replicates: Sequence[int],
    curves: dict[str, np.ndarray],
) -> Trained:
    weights, test_losses = {}, {}
    for stopping, flat in zip(STOPPINGS, (network.flat, kept), strict=True):
        tensors = sequential_tensors(flat, network.architecture)
        weights[stopping] = {name: tensor.cpu().numpy() for name, tensor in tensors.items()}
        losses, _ = measure(layer_views(flat, network.architecture), test, recipe)
        test_losses[stopping] = losses.cpu().numpy()
    return Trained(np.asarray(replicates), curves, weights, test_losses)
