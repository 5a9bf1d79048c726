"""Train a group of replicates of one point, all at once, as one batched tensor program."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from depthgauge.data.dataset import SPLIT_NAMES, Prepared
from depthgauge.statistics.stopping import STOPPINGS, BestEpoch, stopped
from depthgauge.training.batches import Examples, group_examples
from depthgauge.training.layers import Layers
from depthgauge.training.measure import (
    losses_of,
    mean_over_examples,
    measure,
)
from depthgauge.training.network import layer_views, sequential_tensors
from depthgauge.training.recipe import Recipe
from depthgauge.training.runs import Trained
from depthgauge.training.steps import Network, initial_network, one_thread, trained_epochs


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
        curves = _empty_curves(recipe, len(replicates))
        best = BestEpoch(len(replicates))
        kept = network.flat.clone()
        for epoch in trained_epochs(network, examples["train"], recipe, replicates, seed, device):
            _measure_epoch(network.layers, examples, recipe, curves, epoch)
            improved = best.update(epoch, curves["validation_loss"][:, epoch])
            better = torch.from_numpy(improved).to(device)
            kept[better] = network.flat[better]
            on_epoch(epoch + 1, {name: curve[:, : epoch + 1] for name, curve in curves.items()})
        return _trained(network, kept, examples, recipe, replicates, curves)


def train_for_losses(
    prepared: Prepared,
    recipe: Recipe,
    replicates: Sequence[int],
    seed: int,
    device: torch.device,
    dtype: torch.dtype,
    split: str,
    on_epoch: Callable[[int, np.ndarray], None],
) -> None:
    """Train as `train_group` does, but measure the losses of one split and keep nothing else.

    on_epoch(epoch, losses so far (R, epoch)) is called after each epoch, counted from 1. A search
    asks for no more, and measuring is a third of the work of networks this small.
    """
    asked = [*replicates] * 2 if len(replicates) == 1 else replicates
    with torch.no_grad(), one_thread():
        examples = group_examples(prepared, asked, device, dtype)
        network = initial_network(prepared, recipe, asked, seed, device, dtype)
        losses = np.full((len(asked), recipe.epochs), np.nan)
        for epoch in trained_epochs(network, examples["train"], recipe, asked, seed, device):
            of_examples = losses_of(network.layers, examples[split], recipe)
            losses[:, epoch] = mean_over_examples(of_examples).cpu().numpy()
            on_epoch(epoch + 1, losses[: len(replicates), : epoch + 1])


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
    examples: dict[str, Examples],
    recipe: Recipe,
    replicates: Sequence[int],
    curves: dict[str, np.ndarray],
) -> Trained:
    weights, test_losses = {}, {}
    for stopping, flat in zip(STOPPINGS, (network.flat, kept), strict=True):
        tensors = sequential_tensors(flat, network.architecture)
        weights[stopping] = {name: tensor.cpu().numpy() for name, tensor in tensors.items()}
        layers = layer_views(flat, network.architecture)
        test_losses[stopping] = losses_of(layers, examples["test"], recipe).cpu().numpy()
    return Trained(np.asarray(replicates), curves, stopped(curves), weights, test_losses)
