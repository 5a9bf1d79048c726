"""Losses of predictors that learn next to nothing: what any network has to beat."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float32Array, Float64Array, IntArray
from depthgauge.training.batches import target_scale
from depthgauge.training.losses.loss import Loss, NumberLoss
from depthgauge.training.metrics.metric import Metric

Baselines = dict[str, dict[str, float]]
# The same of each set of a resampled split: (S,).
OfSets = dict[str, dict[str, Float64Array]]
# Of each split and each prediction the outputs (S, n, K) and the targets, as metrics have them.
Predictions = Iterator[tuple[str, Mapping[str, tuple[Float64Array, npt.NDArray[np.generic]]]]]


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
    found: Baselines = {}
    for split, predictions in _predict_numbers(dataset, loss, guesses):
        for name, (outputs, targets) in predictions.items():
            # Set by set: so a sum has the same last bits however many sets there are.
            errors = (o - t for o, t in zip(outputs, targets, strict=True))
            mean = float(np.mean([float(loss.of(each).mean()) for each in errors]))
            found.setdefault(name, {})[split] = mean
    return found


def measure_baseline_metrics(
    dataset: Dataset, loss: Loss, guesses: Mapping[str, Float32Array], metrics: Mapping[str, Metric]
) -> dict[str, OfSets]:
    """The same predictions in metrics: {metric: {name: {split: (S,) of each set}}}.

    With classes `class_frequencies`, whose likeliest class is always the most frequent one.
    """
    found: dict[str, OfSets] = {name: {} for name in metrics}
    scale = np.ones(len(dataset.splits.train))
    if not dataset.classes:
        scale = target_scale(dataset, range(len(scale)))
        assert isinstance(loss, NumberLoss)
        predictions = _predict_numbers(dataset, loss, guesses)
    else:
        predictions = _predict_classes(dataset)
    for split, of_split in predictions:
        for name, (outputs, targets) in of_split.items():
            for called, metric in metrics.items():
                found[called].setdefault(name, {})[split] = metric.of(outputs, targets, scale)
    return found


def _predict_numbers(
    dataset: Dataset, loss: NumberLoss, guesses: Mapping[str, Float32Array]
) -> Predictions:
    """The guesses, the truth where it is known, and the best constant, scaled as in training."""
    centre, scale = dataset.scaling.target_centre[:, None], dataset.scaling.target_scale[:, None]

    def scaled(values: npt.NDArray[np.generic], rows: npt.NDArray[np.int64]) -> Float64Array:
        return np.asarray((values[rows].astype(np.float64) - centre) / scale)

    known = {} if dataset.reference is None else {"reference": dataset.reference}
    training = scaled(dataset.targets, dataset.splits.train)
    best = np.array([[loss.best_constant(column) for column in each.T] for each in training])
    for split in SPLIT_NAMES:
        rows = dataset.splits[split]
        targets = training if split == "train" else scaled(dataset.targets, rows)
        outputs = {name: scaled(values, rows) for name, values in {**guesses, **known}.items()}
        outputs["constant"] = np.broadcast_to(best[:, None], targets.shape)
        yield split, {name: (each, targets) for name, each in outputs.items()}


def _predict_classes(dataset: Dataset) -> Predictions:
    """The logarithms of the classes' frequencies in training, as logits."""
    labels = _labels(dataset)
    counts = _counts(dataset, labels["train"])
    logits = np.log(counts / counts.sum(axis=1, keepdims=True))[:, None]
    for split, seen in labels.items():
        shape = (*seen.shape, counts.shape[1])
        yield split, {"class_frequencies": (np.broadcast_to(logits, shape), seen)}


def reference_loss(dataset: Dataset, loss: Loss) -> float | None:
    """Train loss of the truth where it is known, else of the best constant.

    Far below it a network has learnt its training targets by heart, noise and all. None with
    classes, whose error rate says as much.
    """
    if dataset.classes:
        return None
    found = measure_baselines(dataset, loss, {})
    return found.get("reference", found["constant"])["train"]


def _measure_classes(dataset: Dataset) -> Baselines:
    """Mean over replicates of two guesses that ignore the inputs.

    `most_frequent_class_error`: the share of rows not of the class most frequent in training.
    `class_frequencies_cross_entropy`: cross-entropy (natural logarithm) of the training
    frequencies, so every class needs a training row (`splits.check_classes`). Training counts
    the labels that training sees, with their noise.
    """
    counts = {split: _counts(dataset, rows) for split, rows in _labels(dataset).items()}
    guess = counts["train"].argmax(axis=1)
    replicate = np.arange(len(guess))
    shares = {split: tally / tally.sum(axis=1, keepdims=True) for split, tally in counts.items()}
    surprise = -np.log(shares["train"])
    wrong = {s: float(np.mean(1 - share[replicate, guess])) for s, share in shares.items()}
    entropy = {s: float(np.mean((share * surprise).sum(axis=1))) for s, share in shares.items()}
    return {"most_frequent_class_error": wrong, "class_frequencies_cross_entropy": entropy}


def _labels(dataset: Dataset) -> dict[str, IntArray]:
    """(S, n) class numbers of each split; of training those that it sees, with their noise."""
    labels = dataset.targets.astype(np.int64, copy=False)
    found: dict[str, IntArray] = {name: labels[dataset.splits[name]] for name in SPLIT_NAMES}
    return found if dataset.train_targets is None else found | {"train": dataset.train_targets}


def _counts(dataset: Dataset, labels: IntArray) -> IntArray:
    """(S, K) how many of the (S, n) labels are of each class."""
    return np.stack([np.bincount(row, minlength=len(dataset.classes)) for row in labels])
