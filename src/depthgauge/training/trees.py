"""Gradient-boosted trees, scikit-learn's with its defaults, on the splits that networks have.

Inputs are as the networks have them before scaling, which trees do not need; a missing value is one
to them too. Targets are those that training sees, scaled as in training, so that losses have one
unit. The trees minimise what is scikit-learn's default, squared error or the log loss, whatever the
recipe's loss is; they are measured in that one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES, Dataset, Float32Array, Float64Array, IntArray
from depthgauge.seeds import Purpose, generator

# Seconds on one core that a boosted sequence of 100 trees takes: at least, for each input, and for
# each number that it learns from.
SEQUENCE_S, INPUT_S, NUMBER_S = 0.03, 0.0005, 2.5e-6
# What all fits may take, and what two of them may at most.
ALL_S, TWO_S = 60.0, 600.0
# From here on scikit-learn holds a tenth of the rows out, of each class, to stop early.
ROWS_TO_STOP_EARLY, HELD_OUT = 10_000, 10


def number_of_fits(dataset: Dataset) -> int:
    """How many of the splits trees are fitted on: all, or as many as half a minute allows.

    It depends on the sizes alone, as if there were two cores. Two at least where there are two, or
    there would be no interval; none where two would take more than ten minutes of a core.
    """
    seconds = seconds_of_fit(dataset)
    if 2 * seconds > TWO_S:
        return 0
    return min(len(dataset.splits.train), max(2, int(ALL_S / seconds)))


def seconds_of_fit(dataset: Dataset) -> float:
    """About how long a fit on one split takes on one core, by the sizes alone."""
    # Two classes need one sequence of trees, more of them one each, as each output does.
    sequences = 1 if len(dataset.classes) == 2 else dataset.outputs
    inputs, rows = dataset.inputs.shape[1], dataset.splits.sizes["train"]
    seconds: float = sequences * (SEQUENCE_S + INPUT_S * inputs + NUMBER_S * rows * inputs)
    return seconds


def fit_trees(
    dataset: Dataset, number: int, seed: int, tell: Callable[[int], None]
) -> dict[str, Float64Array]:
    """Outputs (n, K) of trees fitted on the training rows of one split, on each split.

    Of numbers they are predictions, scaled as targets are in training, each output by a model of
    its own; with classes their logarithms of shares, up to a constant in each row, as the
    outputs of a network. number: which of the S splits. tell: is told 1 for each model.
    """
    rows = {name: dataset.splits[name][number] for name in SPLIT_NAMES}
    inputs = {name: dataset.inputs[own] for name, own in rows.items()}
    state = int(generator(seed, Purpose.BASELINES, number).integers(2**31))
    if dataset.classes:
        noisy = dataset.train_targets
        labels = dataset.targets[rows["train"]] if noisy is None else noisy[number]
        found = _fit_classes(inputs, labels.astype(np.int64, copy=False), state)
        tell(1)
        return found
    centre, scale = (
        values[number].astype(np.float64)
        for values in (dataset.scaling.target_centre, dataset.scaling.target_scale)
    )
    targets = (dataset.targets[rows["train"]].astype(np.float64) - centre) / scale
    columns: dict[str, list[Float64Array]] = {name: [] for name in SPLIT_NAMES}
    for column in targets.T:
        for name, predicted in _fit_numbers(inputs, column, state).items():
            columns[name].append(predicted)
        tell(1)
    return {name: np.stack(each, 1) for name, each in columns.items()}


def _fit_numbers(
    inputs: dict[str, Float32Array], targets: Float64Array, state: int
) -> dict[str, Float64Array]:
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(random_state=state)
    return _fitted(model, model.predict, inputs, targets)


def _fit_classes(
    inputs: dict[str, Float32Array], labels: IntArray, state: int
) -> dict[str, Float64Array]:
    """With every class among the labels (`splits.check_classes`), so that columns are classes."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    counts = np.bincount(labels)
    # Where a class is too rare to be held out in part, scikit-learn would refuse.
    rare = len(labels) > ROWS_TO_STOP_EARLY and (
        counts.min() < 2 or counts.size * HELD_OUT > len(labels)
    )
    stop = {"early_stopping": False} if rare else {}
    model = HistGradientBoostingClassifier(random_state=state, **stop)
    # The sums of the leaves and not the shares that they make: no logarithm of a share that has
    # been rounded to 0 is ever taken, and a loss stays finite without a floor.
    found = _fitted(model, model.decision_function, inputs, labels)
    if counts.size > 2:
        return found
    return {name: np.stack([np.zeros_like(sums), sums], 1) for name, sums in found.items()}


def _fitted(
    model: Any,
    predict: Callable[[Float32Array], Float64Array],
    inputs: dict[str, Float32Array],
    targets: Float64Array | IntArray,
) -> dict[str, Float64Array]:
    """What `predict` says of each split once the model is fitted, on one thread.

    More would add in another order, and each fit has a core of its own already.
    """
    from threadpoolctl import threadpool_limits

    # Where training knows no value nothing can be learnt, and scikit-learn would refuse.
    empty = np.isnan(inputs["train"]).all(axis=0)
    known = {name: np.where(empty, np.float32(0), values) for name, values in inputs.items()}
    with threadpool_limits(1, "openmp"):
        model.fit(known["train"], targets)
        return {name: np.asarray(predict(values), np.float64) for name, values in known.items()}
