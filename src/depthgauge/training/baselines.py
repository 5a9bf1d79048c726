"""Losses of predictors that learn next to nothing: what any network has to beat."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float32Array, Float64Array
from depthgauge.training.losses.loss import Loss, NumberLoss

Baselines = dict[str, dict[str, float]]


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
