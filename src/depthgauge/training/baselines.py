"""Losses of predictors that learn next to nothing: what any network has to beat."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float32Array, Float64Array
from depthgauge.training.losses.loss import Loss, NumberLoss
from depthgauge.training.metrics.metric import Metric

Baselines = dict[str, dict[str, float]]
# The same of each set of a resampled split: (S,).
OfSets = dict[str, dict[str, Float64Array]]


def measure_baselines(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array]
) -> Baselines:
    """Mean loss of naive predictions on each split, over replicates: {name: {split: value}}.

    guesses: (N, K) unscaled predictions under the names they are told by (`Encoder.guesses`). To
    them come `constant`, for each output the constant that fits the training targets best, and
    `reference` where the data set knows the best possible prediction: the least loss that a model
    can be expected to reach. Targets are scaled as in training: "mae" is in scaled units, "mse" in
    their square. Sums are float64. With classes the loss is not asked: see `_measure_classes`.
    """
    if dataset.classes:
        return _measure_classes(dataset)
    assert isinstance(loss, NumberLoss)
    known = {} if dataset.reference is None else {"reference": dataset.reference}
    sets = range(dataset.splits.train.shape[0])
    per_set = [_measure_set(dataset, s, loss, {**guesses, **known}) for s in sets]

    def mean(name: str, split: str) -> float:
        return float(np.mean([losses[name][split] for losses in per_set]))

    return {name: {split: mean(name, split) for split in SPLIT_NAMES} for name in per_set[0]}


def measure_baseline_metrics(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array], metrics: Mapping[str, Metric]
) -> dict[str, OfSets]:
    """The same predictions in metrics: {metric: {name: {split: (S,) of each set}}}.

    With classes `class_frequencies`, whose likeliest class is always the most frequent one.
    """
    found: dict[str, OfSets] = {name: {} for name in metrics}
    scale = np.ones(len(dataset.splits.train))
    if not dataset.classes:
        scale = dataset.scaling.target_scale[:, 0].astype(np.float64)
    for split in SPLIT_NAMES:
        for name, (outputs, targets) in _guess(dataset, loss, guesses, split).items():
            for called, metric in metrics.items():
                found[called].setdefault(name, {})[split] = metric.of(outputs, targets, scale)
    return found


def _guess(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array], split: str
) -> dict[str, tuple[Float64Array, npt.NDArray[np.generic]]]:
    """Of each prediction the outputs (S, n, K) on a split and the targets, as metrics have them."""
    rows, train = dataset.splits[split], dataset.splits.train
    if dataset.classes:
        labels = dataset.targets[rows]
        seen = dataset.targets[train] if dataset.train_targets is None else dataset.train_targets
        if split == "train":
            labels = seen
        counts = np.stack([np.bincount(each, minlength=len(dataset.classes)) for each in seen])
        outputs = np.log(counts / counts.sum(1, keepdims=True))[:, None]
        shape = (*labels.shape, counts.shape[1])
        return {"class_frequencies": (np.broadcast_to(outputs, shape), labels)}
    assert isinstance(loss, NumberLoss)
    centre, scale = dataset.scaling.target_centre[:, None], dataset.scaling.target_scale[:, None]

    def scaled(values: npt.NDArray[np.generic], of: npt.NDArray[np.int64]) -> Float64Array:
        return np.asarray((values[of].astype(np.float64) - centre) / scale)

    targets = scaled(dataset.targets, rows)
    known = {} if dataset.reference is None else {"reference": dataset.reference}
    found = {name: scaled(values, rows) for name, values in {**guesses, **known}.items()}
    best = [[loss.best_constant(c) for c in each.T] for each in scaled(dataset.targets, train)]
    constant = np.broadcast_to(np.array(best)[:, None], targets.shape)
    return {name: (outputs, targets) for name, outputs in {**found, "constant": constant}.items()}


def reference_loss(dataset: Dataset, loss: Loss) -> float | None:
    """Train loss of the truth where it is known, else of the best constant.

    Far below it a network has learnt its training targets by heart, noise and all. None with
    classes, whose error rate says as much.
    """
    if dataset.classes:
        return None
    found = measure_baselines(dataset, loss, {})
    return found.get("reference", found["constant"])["train"]


def _measure_set(
    dataset: Dataset, s: int, loss: NumberLoss, guesses: Mapping[str, Float32Array]
) -> Baselines:
    """The losses by the split and the scaling of set `s`."""
    centre = dataset.scaling.target_centre[s].astype(np.float64)
    scale = dataset.scaling.target_scale[s].astype(np.float64)

    def scaled(values: npt.NDArray[np.generic]) -> Float64Array:
        return np.asarray((values - centre) / scale)

    def mean(errors: Float64Array) -> float:
        return float(loss.of(errors).mean())

    rows = {name: dataset.splits[name][s] for name in SPLIT_NAMES}
    targets = {name: scaled(dataset.targets[rows[name]]) for name in SPLIT_NAMES}
    best = np.array([loss.best_constant(column) for column in targets["train"].T])
    losses = {
        guess: {n: mean(scaled(values[rows[n]]) - targets[n]) for n in SPLIT_NAMES}
        for guess, values in guesses.items()
    }
    return losses | {"constant": {n: mean(best - targets[n]) for n in SPLIT_NAMES}}


def _measure_classes(dataset: Dataset) -> Baselines:
    """Mean over replicates of two guesses that ignore the inputs.

    `most_frequent_class_error`: the share of rows not of the class most frequent in training.
    `class_frequencies_cross_entropy`: cross-entropy (natural logarithm) of the training
    frequencies, so every class needs a training row (`splits.check_classes`). Training counts
    the labels that training sees, with their noise.
    """
    labels = {name: dataset.targets[dataset.splits[name]] for name in SPLIT_NAMES}
    if dataset.train_targets is not None:
        labels["train"] = dataset.train_targets
    counts = {
        split: np.stack([np.bincount(row, minlength=len(dataset.classes)) for row in rows])
        for split, rows in labels.items()
    }
    guess = counts["train"].argmax(axis=1)
    replicate = np.arange(len(guess))
    shares = {split: tally / tally.sum(axis=1, keepdims=True) for split, tally in counts.items()}
    surprise = -np.log(shares["train"])
    wrong = {s: float(np.mean(1 - share[replicate, guess])) for s, share in shares.items()}
    entropy = {s: float(np.mean((share * surprise).sum(axis=1))) for s, share in shares.items()}
    return {"most_frequent_class_error": wrong, "class_frequencies_cross_entropy": entropy}
