"""Every metric of every split, from the weights that training kept: adding one trains nothing."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from depthgauge.data.dataset import SPLIT_NAMES, Dataset
from depthgauge.training.batches import group_examples, target_scale
from depthgauge.training.engine import Group, Job
from depthgauge.training.metrics.metric import Float64Array, metrics_for
from depthgauge.training.recipe import Recipe
from depthgauge.training.threads import one_thread

Weights = Mapping[str, np.ndarray]
# {stopping: {"test_r2": (R,), ...}}, and of test examples {stopping: {"r2": (R, n), ...}}
Measured = Mapping[str, Mapping[str, Float64Array]]


def measure(
    dataset: Dataset,
    recipe: Recipe,
    weights: Mapping[str, Weights],
    replicates: Sequence[int],
    judged: Sequence[str] = (),
) -> tuple[Measured, Measured]:
    """Every metric, and the costs of each test example in those that are judged.

    weights: for each stopping, as training kept them. NaN where a metric is undefined. One
    replicate alone is measured beside a copy of itself, as training does, or its last bits would
    differ.
    """
    if len(replicates) == 1:
        twice = {
            s: {n: np.repeat(t, 2, 0) for n, t in named.items()} for s, named in weights.items()
        }
        both = measure(dataset, recipe, twice, [*replicates] * 2, judged)
        one, alone = (
            {s: {name: v[:1] for name, v in named.items()} for s, named in each.items()}
            for each in both
        )
        return one, alone
    metrics = metrics_for(len(dataset.classes), recipe.loss.name)
    found: dict[str, dict[str, Float64Array]] = {stopping: {} for stopping in weights}
    costs: dict[str, dict[str, Float64Array]] = {stopping: {} for stopping in weights}
    scale = target_scale(dataset, replicates)
    # A replicate that diverged has outputs that are no numbers.
    with np.errstate(all="ignore"):
        for stopping, split, outputs, targets in _outputs(dataset, recipe, weights, replicates):
            for name, metric in metrics.items():
                found[stopping][f"{split}_{name}"] = metric.of(outputs, targets, scale)
                if split == "test" and name in judged and metric.parts:
                    parts = metric.parts(outputs, targets, scale)
                    costs[stopping][name] = metric.costs(parts)
    order = [f"{split}_{name}" for name in metrics for split in SPLIT_NAMES]
    return {s: {key: named[key] for key in order} for s, named in found.items()}, costs


def interleave(parts: Sequence[Measured]) -> Measured:
    """What `measure` gave of S studies as one: replicate r is of study r modulo S."""

    def whole(values: Sequence[Float64Array]) -> Float64Array:
        every = np.empty((sum(map(len, values)), *values[0].shape[1:]))
        for study, own in enumerate(values):
            every[study :: len(values)] = own
        return every

    return {
        stopping: {name: whole([part[stopping][name] for part in parts]) for name in named}
        for stopping, named in parts[0].items()
    }


def _outputs(
    dataset: Dataset, recipe: Recipe, weights: Mapping[str, Weights], replicates: Sequence[int]
) -> Iterator[tuple[str, str, Float64Array, np.ndarray]]:
    """(stopping, split, outputs (R, n, K) float64, targets), as training itself measures them."""
    # Weights are measured: no seed is asked for.
    job = Job(dataset, recipe, 0, torch.device("cpu"))
    with torch.no_grad(), one_thread():
        examples = group_examples(dataset, replicates, job.device, job.dtype)
        for stopping, named in weights.items():
            state = {name: torch.from_numpy(tensor) for name, tensor in named.items()}
            group = Group.load(job, replicates, state)
            for split in SPLIT_NAMES:
                outputs = group.outputs(examples[split])
                of_split = examples[split].targets
                targets = of_split.expand(len(replicates), *of_split.shape[1:])
                wide = targets.numpy() if dataset.classes else targets.double().numpy()
                yield stopping, split, outputs.double().numpy(), wide
