"""Losses of predictors that learn next to nothing: what any network has to beat."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.core.data.prepared import SPLIT_NAMES, Prepared

Loss = Literal["mae", "mse"]
Baselines = dict[str, dict[str, float]]
Float64Array = npt.NDArray[np.float64]

_WEEK = 7


def series_baselines(prepared: Prepared, loss: Loss) -> Baselines:
    """Mean loss of naive forecasts on each split, in units of the loss: {name: {split: value}}.

    prepared: windows (N, W) of a series, oldest day first, and the next day (N, 1).
    `tomorrow_equals_today`; `tomorrow_equals_a_week_ago` if W >= 7; `constant`: the constant
    that fits the training targets best (median for "mae", mean for "mse"). "mae" is in scaled
    units, "mse" in their square. Sums are float64.
    """
    scaling = prepared.scaling
    rows = {name: prepared.splits[name][0] for name in SPLIT_NAMES}
    targets = _scaled(
        prepared.targets[:, 0], scaling.target_centre[0, 0], scaling.target_scale[0, 0]
    )

    def lag(days: int) -> Float64Array:
        centre, scale = scaling.input_centre[0, -days], scaling.input_scale[0, -days]
        return _scaled(prepared.inputs[:, -days], centre, scale)

    best = np.median if loss == "mae" else np.mean
    forecasts = {"tomorrow_equals_today": lag(1)}
    if prepared.inputs.shape[1] >= _WEEK:
        forecasts["tomorrow_equals_a_week_ago"] = lag(_WEEK)
    forecasts["constant"] = np.full_like(targets, best(targets[rows["train"]]))

    def mean_loss(errors: Float64Array) -> float:
        return float(np.mean(np.abs(errors) if loss == "mae" else errors**2))

    return {
        name: {split: mean_loss((forecast - targets)[rows[split]]) for split in SPLIT_NAMES}
        for name, forecast in forecasts.items()
    }


def class_baselines(prepared: Prepared) -> Baselines:
    """Mean over replicates of two guesses that ignore the inputs: {name: {split: value}}.

    `most_frequent_class_error`: the share of rows not of the class most frequent in training.
    `class_frequencies_cross_entropy`: cross-entropy (natural logarithm) of the training
    frequencies, so every class needs a training row (`splits.check_classes`).
    """
    splits, labels = prepared.splits, prepared.targets
    width = len(prepared.classes)
    counts = {
        split: np.stack([np.bincount(labels[rows], minlength=width) for rows in splits[split]])
        for split in SPLIT_NAMES
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


def _scaled(values: npt.NDArray[np.generic], centre: np.float32, scale: np.float32) -> Float64Array:
    scaled: Float64Array = (values.astype(np.float64) - float(centre)) / float(scale)
    return scaled
