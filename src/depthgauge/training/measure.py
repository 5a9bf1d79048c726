"""The one function by which every loss of every split is measured."""

from collections.abc import Iterator

import torch
from torch import Tensor

from depthgauge.training.batches import Examples
from depthgauge.training.layers import Layers, forward
from depthgauge.training.losses import LOSSES, misclassified
from depthgauge.training.recipe import Recipe

# Rows go through the network in pieces of this size, to stay in the caches. It is part of the
# result's last bits, so it depends on nothing.
ROWS_AT_ONCE = 256


def measure(layers: Layers, examples: Examples, recipe: Recipe) -> tuple[Tensor, Tensor | None]:
    """The loss (R, n) of each example and, with classes, whether it is misclassified (R, n).

    A split without rows, as a search's test split is, gives (R, 0).
    """
    of_loss = LOSSES[recipe.loss].per_example
    if recipe.loss != "cross_entropy":
        return losses_of(layers, examples, recipe), None
    losses, errors = zip(
        *(
            (of_loss(outputs, targets), misclassified(outputs, targets))
            for outputs, targets in _pieces(layers, examples, recipe)
        ),
        strict=True,
    )
    return torch.cat(losses, 1), torch.cat(errors, 1)


def losses_of(layers: Layers, examples: Examples, recipe: Recipe) -> Tensor:
    """The loss (R, n) of each example."""
    of_loss = LOSSES[recipe.loss].per_example
    pieces = _pieces(layers, examples, recipe)
    return torch.cat([of_loss(outputs, targets) for outputs, targets in pieces], 1)


def outputs_of(layers: Layers, examples: Examples, recipe: Recipe) -> Tensor:
    """The network's outputs (R, n, K)."""
    return torch.cat([outputs for outputs, _ in _pieces(layers, examples, recipe)], 1)


def _pieces(layers: Layers, examples: Examples, recipe: Recipe) -> Iterator[tuple[Tensor, Tensor]]:
    """Outputs and targets of the examples, some at a time."""
    replicates = layers[0][0].shape[0]
    for start in range(0, max(1, examples.count), ROWS_AT_ONCE):
        inputs, targets = examples.rows(start, start + ROWS_AT_ONCE, replicates)
        yield forward(layers, inputs, recipe.activation).outputs, targets


def mean_over_examples(values: Tensor) -> Tensor:
    """(R, n) -> (R,) in float64, so that the mean adds no rounding of its own; NaN for n = 0."""
    return values.double().mean(1)
