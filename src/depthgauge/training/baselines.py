"""Losses and metrics of predictors that learn next to nothing, and of any other predictor."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float32Array, Float64Array
from depthgauge.training.losses.loss import Loss, NumberLoss
from depthgauge.training.metrics.metric import Metric

# The known truth of simulated data, which no model can be expected to beat.
REFERENCE = "reference"
TREES = "gradient_boosted_trees"

# Of each split what a baseline gives out, (S, n, K) as a network's outputs are.
Outputs = Mapping[str, Float64Array]
# {quantity: {split: (S,)}}: the quantities are "loss" and metrics by their names.
OfSplits = dict[str, dict[str, Float64Array]]
Baselines = dict[str, OfSplits]


def measure_baselines(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array], metrics: Mapping[str, Metric]
) -> Baselines:
    """What naive predictions reach on each of the S splits: {name: {quantity: {split: (S,)}}}.

    guesses: (N, K) unscaled predictions under the names they are told by (`Encoder.guesses`). To
    them come `constant`, for each output the constant that fits the training targets best, and
    `reference` where the data set knows the best possible prediction: the least loss that a model
    can be expected to reach. With classes there is `class_frequencies` alone, the shares of the
    classes among the labels that training sees, whose likeliest class is always the most frequent
    one; every class needs a training row (`splits.check_classes`).
    """
    if dataset.classes:
        found = {"class_frequencies": _class_frequencies(dataset)}
    else:
        found = _predict_numbers(dataset, loss, guesses)
    return {name: measure_outputs(dataset, loss, own, metrics) for name, own in found.items()}


def measure_outputs(
    dataset: Dataset, loss: Loss, outputs: Outputs, metrics: Mapping[str, Metric]
) -> OfSplits:
    """The loss and the metrics of outputs on the first S splits, whose number the outputs have.

    Outputs of numbers and their targets are scaled as in training: "mae" is in scaled units, "mse"
    in their square. Metrics are in the target's own unit. Everything is float64.
    """
    # Imported here: whoever reads what was measured needs no torch.
    from depthgauge.training.batches import target_scale

    found: OfSplits = {"loss": {}, **{name: {} for name in metrics}}
    for split, of_split in outputs.items():
        count = len(of_split)
        targets = scaled_targets(dataset, split)[:count]
        scale = target_scale(dataset, range(count))
        # Set by set: so a sum has the same last bits however many sets there are.
        pairs = zip(of_split, targets, strict=True)
        found["loss"][split] = np.array([_mean_loss(loss, *pair) for pair in pairs])
        for name, metric in metrics.items():
            found[name][split] = metric.of(of_split, targets, scale)
    return found


def scaled_targets(dataset: Dataset, split: str) -> npt.NDArray:
    """(S, n, K) scaled as in training; with classes (S, n) numbers, of training with the noise."""
    rows = dataset.splits[split]
    if not dataset.classes:
        return _scaled(dataset, dataset.targets, split)
    noisy = dataset.train_targets
    labels = dataset.targets[rows] if noisy is None or split != "train" else noisy
    return labels.astype(np.int64, copy=False)


def reference_loss(dataset: Dataset, loss: Loss) -> float | None:
    """Train loss of the truth where it is known, else of the best constant; mean over splits.

    Far below it a network has learnt its training targets by heart, noise and all. None with
    classes, whose error rate says as much.
    """
    if dataset.classes:
        return None
    found = measure_baselines(dataset, loss, {}, {})
    return float(found.get(REFERENCE, found["constant"])["loss"]["train"].mean())


def _mean_loss(loss: Loss, outputs: Float64Array, targets: npt.NDArray) -> float:
    """Of one set: outputs (n, K)."""
    if isinstance(loss, NumberLoss):
        return float(loss.of(outputs - targets).mean())
    # Imported here: losses of numbers need no torch.
    import torch

    from depthgauge.training.threads import one_thread

    with torch.no_grad(), one_thread():
        one = (torch.from_numpy(np.array(values))[None] for values in (outputs, targets))
        return float(loss.per_example(*one).numpy().mean())


def _scaled(dataset: Dataset, values: npt.NDArray, split: str) -> Float64Array:
    """(S, n, K) of values (N, K), as targets are scaled in training."""
    centre, scale = dataset.scaling.target_centre[:, None], dataset.scaling.target_scale[:, None]
    return np.asarray((values[dataset.splits[split]].astype(np.float64) - centre) / scale)


def _predict_numbers(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array]
) -> dict[str, Outputs]:
    """The guesses, the truth where it is known, and the best constant, scaled as in training."""
    assert isinstance(loss, NumberLoss)
    known = {} if dataset.reference is None else {REFERENCE: dataset.reference}
    found: dict[str, Outputs] = {
        name: {split: _scaled(dataset, values, split) for split in SPLIT_NAMES}
        for name, values in {**guesses, **known}.items()
    }
    training = scaled_targets(dataset, "train")
    best = np.array([[loss.best_constant(column) for column in each.T] for each in training])
    found["constant"] = _everywhere(dataset, best)
    return found


def _class_frequencies(dataset: Dataset) -> Outputs:
    """The logarithms of the classes' shares in training, as logits."""
    labels, classes = scaled_targets(dataset, "train"), len(dataset.classes)
    counts = np.stack([np.bincount(row, minlength=classes) for row in labels])
    return _everywhere(dataset, np.log(counts / counts.sum(axis=1, keepdims=True)))


def _everywhere(dataset: Dataset, outputs: Float64Array) -> Outputs:
    """The same outputs (S, K) for every example of each set."""
    sets, width = outputs.shape
    return {
        split: np.broadcast_to(outputs[:, None], (sets, count, width))
        for split, count in dataset.splits.sizes.items()
    }
