"""The one function by which every loss of every split is measured."""

import torch
from torch import Tensor

from depthgauge.core.training.examples import Examples
from depthgauge.core.training.layers import Layers, forward
from depthgauge.core.training.losses import LOSSES, misclassified
from depthgauge.core.training.recipe import Recipe

# Rows go through the network in pieces of this size, to stay in the caches. It is part of the
# result's last bits, so it depends on nothing.
ROWS_AT_ONCE = 256


def measure(layers: Layers, examples: Examples, recipe: Recipe) -> tuple[Tensor, Tensor | None]:
    """The loss (R, n) of each example and, with classes, whether it is misclassified (R, n).

    A split without rows, as a search's test split is, gives (R, 0).
    """
    replicates, pair = layers[0][0].shape[0], LOSSES[recipe.loss]
    losses, errors = [], []
    for start in range(0, max(1, examples.count), ROWS_AT_ONCE):
        inputs, targets = examples.rows(start, start + ROWS_AT_ONCE, replicates)
        outputs = forward(layers, inputs, recipe.activation)[-1]
        losses.append(pair.per_example(outputs, targets))
        if recipe.loss == "cross_entropy":
            errors.append(misclassified(outputs, targets))
    return torch.cat(losses, 1), torch.cat(errors, 1) if errors else None


def mean_over_examples(values: Tensor) -> Tensor:
    """(R, n) -> (R,) in float64, so that the mean adds no rounding of its own; NaN for n = 0."""
    return values.double().mean(1)
