"""Losses of predictors that learn next to nothing: what any network has to beat."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import SPLIT_NAMES, FloatArray, Prepared
from depthgauge.training.losses.loss import NumberLoss

Baselines = dict[str, dict[str, float]]
Float64Array = npt.NDArray[np.float64]

_WEEK = 7


def number_baselines(
    prepared: Prepared, loss: NumberLoss, guesses: Mapping[str, FloatArray]
) -> Baselines:
    """Mean loss of naive predictions on each split, over replicates: {name: {split: value}}.

    guesses: (N, K) unscaled predictions under the names they are told by. To them come
    `constant`, for each output the constant that fits the training targets best, and `reference`
    where `prepared` knows the best possible prediction: the least loss that a model can be
    expected to reach. Targets are scaled as in training: "mae" is in scaled units, "mse" in
    their square, "huber" has its bend at 1 scaled unit. Sums are float64.
    """
    known = {} if prepared.reference is None else {"reference": prepared.reference}
    per_set = [_of_split(prepared, s, loss, {**guesses, **known}) for s in _sets(prepared)]
    return {
        name: {
            split: float(np.mean([losses[name][split] for losses in per_set]))
            for split in SPLIT_NAMES
        }
        for name in per_set[0]
    }


def series_guesses(
    prepared: Prepared, target_input: int | None, horizon: int, weeks: bool = True
) -> dict[str, FloatArray]:
    """What a forecaster without a model says of each predicted day: {name: (N, steps)}, unscaled.

    prepared: windows of a series. target_input: which of its input columns is the one that is
    predicted; without it (None) there is no guess. `persistence`: the last known value.
    `seasonal_naive`: the last known value of the same weekday, where the window holds it and the
    rows have weekdays (weeks).
    Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd ed.),
    section 5.2.
    """
    if target_input is None:
        return {}
    window, steps = prepared.input_shape[-1], prepared.target_shape[0]
    past = prepared.inputs.reshape(len(prepared.inputs), -1, window)[:, target_input]
    ahead = horizon + np.arange(steps)
    # Days before the first column from the right: 0 is the last input day.
    back = -ahead % _WEEK
    guesses = {"persistence": np.repeat(past[:, -1:], steps, axis=1)}
    if weeks and back.max() < window:
        guesses["seasonal_naive"] = past[:, window - 1 - back]
    return guesses


def image_guesses(prepared: Prepared) -> dict[str, FloatArray]:
    """What one says of an image without looking for the noise: {"noisy_image": (N, F)}."""
    return {"noisy_image": prepared.inputs}


def class_baselines(prepared: Prepared) -> Baselines:
    """Mean over replicates of two guesses that ignore the inputs: {name: {split: value}}.

    `most_frequent_class_error`: the share of rows not of the class most frequent in training.
    `class_frequencies_cross_entropy`: cross-entropy (natural logarithm) of the training
    frequencies, so every class needs a training row (`splits.check_classes`). Training counts
    the labels that training sees, with their noise.
    """
    width = len(prepared.classes)
    labels = {name: prepared.targets[prepared.splits[name]] for name in SPLIT_NAMES}
    if prepared.train_targets is not None:
        labels["train"] = prepared.train_targets
    counts = {
        split: np.stack([np.bincount(row, minlength=width) for row in rows])
        for split, rows in labels.items()
    }
    guess = counts["train"].argmax(axis=1)
    replicate = np.arange(len(guess))
    shares = {split: tally / tally.sum(axis=1, keepdims=True) for split, tally in counts.items()}
    surprise = -np.log(shares["train"])
    return {
        "most_frequent_class_error": {
            split: float(np.mean(1 - share[replicate, guess])) for split, share in shares.items()
        },
        "class_frequencies_cross_entropy": {
            split: float(np.mean((share * surprise).sum(axis=1))) for split, share in shares.items()
        },
    }


def _sets(prepared: Prepared) -> range:
    return range(prepared.splits.train.shape[0])


def _of_split(
    prepared: Prepared, s: int, loss: NumberLoss, guesses: Mapping[str, FloatArray]
) -> Baselines:
    """The losses by the split and the scaling of set `s`."""
    centre = prepared.scaling.target_centre[s].astype(np.float64)
    scale = prepared.scaling.target_scale[s].astype(np.float64)

    def scaled(values: npt.NDArray[np.generic]) -> Float64Array:
        rows: Float64Array = (values - centre) / scale
        return rows

    rows = {name: prepared.splits[name][s] for name in SPLIT_NAMES}
    targets = {name: scaled(prepared.targets[rows[name]]) for name in SPLIT_NAMES}
    best = np.array([loss.best_constant(column) for column in targets["train"].T])
    losses = {
        guess: {n: _mean(loss, scaled(values[rows[n]]) - targets[n]) for n in SPLIT_NAMES}
        for guess, values in guesses.items()
    }
    return losses | {"constant": {n: _mean(loss, best - targets[n]) for n in SPLIT_NAMES}}


def _mean(loss: NumberLoss, errors: Float64Array) -> float:
    return float(loss.of(errors).mean())
