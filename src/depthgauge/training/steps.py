"""A group of replicates on its way: their parameters, and the steps that train them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from depthgauge.data.dataset import Prepared
from depthgauge.training.batches import BatchOrder, Examples
from depthgauge.training.layers import Layers, backward, forward
from depthgauge.training.losses import LOSSES
from depthgauge.training.network import Architecture, initial_parameters, layer_views
from depthgauge.training.optimizers import Step, learning_rates, make_step
from depthgauge.training.recipe import Recipe

# Shuffled inputs are gathered for several steps at once, but no more bytes than the caches hold.
GATHER_BYTES = 2**21


@dataclass(frozen=True)
class Network:
    """The replicates' parameters and gradients, flat (R, P), with a view of each layer."""

    architecture: Architecture
    flat: Tensor
    layers: Layers
    gradients: Layers


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


def trained_epochs(
    network: Network,
    train: Examples,
    recipe: Recipe,
    replicates: Sequence[int],
    seed: int,
    device: torch.device,
) -> Iterator[int]:
    """Train, and stop after each epoch (0, 1, ...) for whoever wants to look."""
    take_step = make_step(recipe, network.flat)
    order = BatchOrder(seed, replicates, train.count)
    steps = recipe.epochs * -(-train.count // recipe.batch_size)
    rates = iter(learning_rates(recipe, steps))
    for epoch in range(recipe.epochs):
        train_epoch(network, take_step, rates, train, order.next_epoch(device), recipe)
        yield epoch


def train_epoch(
    network: Network,
    take_step: Step,
    rates: Iterator[float],
    train: Examples,
    order: Tensor,
    recipe: Recipe,
) -> None:
    """One pass over the training rows in each replicate's own order (R, n).

    rates: the learning rate of each step to come.
    """
    replicates, count = order.shape
    size, gradient_of = recipe.batch_size, LOSSES[recipe.loss].gradient
    row_bytes = replicates * train.inputs.shape[2] * train.inputs.element_size()
    gathered = max(1, GATHER_BYTES // (row_bytes * size)) * size
    for first in range(0, count, gathered):
        piece = train.shuffled(order[:, first : first + gathered])
        # `shuffled` has given every replicate rows of its own.
        batches = zip(
            torch.split(piece.inputs, size, 1), torch.split(piece.targets, size, 1), strict=True
        )
        for inputs, targets in batches:
            passed = forward(network.layers, inputs, recipe.activation)
            gradient = gradient_of(passed.outputs, targets)
            backward(network.layers, network.gradients, passed, gradient, recipe.activation)
            take_step(next(rates))
