"""Every metric of every split, from the weights that training kept: adding one trains nothing."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from depthgauge.data.dataset import SPLIT_NAMES, Prepared
from depthgauge.entries import TRAINING, entry_names, find_entry
from depthgauge.training.batches import group_examples, target_scale
from depthgauge.training.layers import Layers
from depthgauge.training.measure import outputs_of
from depthgauge.training.metrics.metric import Float64Array, Metric
from depthgauge.training.network import Architecture, layer_views
from depthgauge.training.recipe import Recipe
from depthgauge.training.steps import one_thread

Weights = Mapping[str, np.ndarray]


def metrics_of(prepared: Prepared, recipe: Recipe) -> dict[str, Metric]:
    """The metrics that are defined for the data, by name, less the loss that is trained on."""
    package, classes = f"{TRAINING}.metrics", len(prepared.classes)
    found = {name: find_entry(package, name) for name in entry_names(package)}
    return {n: m for n, m in found.items() if n != recipe.loss and m.fits(classes)}


def measure(
    prepared: Prepared, recipe: Recipe, weights: Mapping[str, Weights], replicates: Sequence[int]
) -> dict[str, dict[str, Float64Array]]:
    """{stopping: {"test_r2": (R,), ...}}; weights: for each stopping, as training kept them.

    NaN where a metric is undefined. One replicate alone is measured beside a copy of itself, as
    training does, or its last bits would differ.
    """
    if len(replicates) == 1:
        twice = {
            stopping: {name: np.repeat(tensor, 2, 0) for name, tensor in named.items()}
            for stopping, named in weights.items()
        }
        both = measure(prepared, recipe, twice, [*replicates] * 2)
        return {s: {name: v[:1] for name, v in named.items()} for s, named in both.items()}
    metrics = metrics_of(prepared, recipe)
    found: dict[str, dict[str, Float64Array]] = {stopping: {} for stopping in weights}
    scale = target_scale(prepared, replicates, torch.device("cpu")).double().numpy()
    # A replicate that diverged has outputs that are no numbers.
    with np.errstate(all="ignore"):
        for stopping, split, outputs, targets in _outputs(prepared, recipe, weights, replicates):
            for name, metric in metrics.items():
                found[stopping][f"{split}_{name}"] = metric.of(outputs, targets, scale)
    return {
        stopping: {f"{s}_{name}": named[f"{s}_{name}"] for name in metrics for s in SPLIT_NAMES}
        for stopping, named in found.items()
    }


def _outputs(
    prepared: Prepared, recipe: Recipe, weights: Mapping[str, Weights], replicates: Sequence[int]
) -> Iterator[tuple[str, str, Float64Array, np.ndarray]]:
    """(stopping, split, outputs (R, n, K) float64, targets), as training itself measures them."""
    with torch.no_grad(), one_thread():
        examples = group_examples(prepared, replicates, torch.device("cpu"), torch.float32)
        for stopping, named in weights.items():
            layers = _layers(named)
            for split in SPLIT_NAMES:
                outputs = outputs_of(layers, examples[split], recipe)
                targets = examples[split].targets.expand(
                    len(replicates), *examples[split].targets.shape[1:]
                )
                wide = targets.numpy() if prepared.classes else targets.double().numpy()
                yield stopping, split, outputs.double().numpy(), wide


def _layers(named: Weights) -> Layers:
    """Views into one flat tensor, as training has them: copies would differ in the last bits."""
    # Named as in a torch.nn.Sequential: "0.weight" (R, out, in), "0.bias", "2.weight", ...
    numbers = sorted({int(name.partition(".")[0]) for name in named})
    weights = [torch.from_numpy(named[f"{number}.weight"]).mT for number in numbers]
    inner, last = weights[0].shape[2], weights[-1]
    shape = Architecture(weights[0].shape[1], last.shape[2], len(numbers) - 1, inner)
    layers = layer_views(torch.zeros(len(last), shape.row_length), shape)
    for number, values, (weight, bias) in zip(numbers, weights, layers, strict=True):
        weight.copy_(values)
        bias.copy_(torch.from_numpy(named[f"{number}.bias"])[:, None])
    return layers
