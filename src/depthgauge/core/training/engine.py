"""Train a group of replicates of one point, all at once, as one batched tensor program."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from depthgauge.core.data.prepared import SPLIT_NAMES, Prepared
from depthgauge.core.training.examples import Examples, group_examples, target_scale
from depthgauge.core.training.layers import Layers
from depthgauge.core.training.measure import (
    losses_of,
    mean_over_examples,
    measure,
    outputs_of,
)
from depthgauge.core.training.metrics import class_metrics, regression_metrics
from depthgauge.core.training.network import layer_views, sequential_tensors
from depthgauge.core.training.recipe import Recipe
from depthgauge.core.training.steps import Network, initial_network, one_thread, trained_epochs
from depthgauge.core.training.trained import STOPPINGS, Trained


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
        least = torch.full((len(replicates),), torch.inf, dtype=torch.float64, device=device)
        kept = network.flat.clone()
        for epoch in trained_epochs(network, examples["train"], recipe, replicates, seed, device):
            _measure_epoch(network.layers, examples, recipe, curves, epoch)
            validation = torch.from_numpy(curves["validation_loss"][:, epoch]).to(device)
            improved = validation < least
            kept[improved] = network.flat[improved]
            least = torch.where(improved, validation, least)
            on_epoch(epoch + 1, {name: curve[:, : epoch + 1] for name, curve in curves.items()})
        never = torch.isinf(least)
        kept[never] = network.flat[never]
        scale = target_scale(prepared, replicates, device)
        return _trained(network, kept, examples, scale, recipe, replicates, curves)


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
    scale: Tensor,
    recipe: Recipe,
    replicates: Sequence[int],
    curves: dict[str, np.ndarray],
) -> Trained:
    weights, test_losses, metrics = {}, {}, {}
    for stopping, flat in zip(STOPPINGS, (network.flat, kept), strict=True):
        tensors = sequential_tensors(flat, network.architecture)
        weights[stopping] = {name: tensor.cpu().numpy() for name, tensor in tensors.items()}
        layers = layer_views(flat, network.architecture)
        test_losses[stopping] = losses_of(layers, examples["test"], recipe).cpu().numpy()
        metrics[stopping] = {
            f"{split}_{name}": values.cpu().numpy()
            for split in SPLIT_NAMES
            for name, values in _metrics(layers, examples[split], scale, recipe).items()
        }
    return Trained(np.asarray(replicates), curves, weights, test_losses, metrics)


def _metrics(
    layers: Layers, examples: Examples, scale: Tensor, recipe: Recipe
) -> dict[str, Tensor]:
    outputs = outputs_of(layers, examples, recipe)
    if recipe.loss == "cross_entropy":
        return class_metrics(outputs, examples.targets.expand(outputs.shape[:2]))
    return regression_metrics(outputs, examples.targets, scale)
