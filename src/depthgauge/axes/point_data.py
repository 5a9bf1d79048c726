"""The data of one point, where the axis is a property of the data."""

from dataclasses import replace

import numpy as np

from depthgauge.data.dataset import IntArray, Prepared, Scaling, Splits
from depthgauge.data.scaling import fit
from depthgauge.data.splits import check_classes
from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator


def at_point(prepared: Prepared, axis: str, point: int, seed: int) -> Prepared:
    """What training at a point sees of the data.

    axis `window`: the last `point` days of every column of a series, so that every point predicts
    the same days from the same scaled values. `training_size`: `point` training rows, the
    smaller sets contained in the larger, with inputs scaled by these rows alone (targets keep their
    scale, the unit of the losses); where the split is
    by time, the latest rows. Any other axis: the data as they are.

    Raises InputError for a point below 1 or greater than what there is, and for a training set
    that has lost a class or has nothing to learn from.
    """
    if axis == "window":
        return _window(prepared, point)
    if axis == "training_size":
        return _training_size(prepared, point, seed)
    return prepared


def _window(prepared: Prepared, point: int) -> Prepared:
    window = prepared.input_shape[-1]
    if not 1 <= point <= window:
        raise InputError(f"points: window {point} must be from 1 to {window}, the days prepared")
    columns = len(prepared.input_names) // window
    kept: IntArray = np.arange(columns * window).reshape(columns, window)[:, -point:].ravel()
    return replace(
        prepared,
        inputs=np.ascontiguousarray(prepared.inputs[:, kept]),
        input_names=tuple(prepared.input_names[k] for k in kept),
        scaling=replace(
            prepared.scaling,
            input_centre=prepared.scaling.input_centre[:, kept],
            input_scale=prepared.scaling.input_scale[:, kept],
        ),
        scaling_groups=prepared.scaling_groups[kept],
        input_shape=(*prepared.input_shape[:-1], point),
    )


def _training_size(prepared: Prepared, point: int, seed: int) -> Prepared:
    splits = prepared.splits
    count = splits.train.shape[1]
    if not 1 <= point <= count:
        raise InputError(
            f"points: training_size {point} must be from 1 to {count}, the training rows there are"
        )
    if _by_time(splits):
        places: IntArray = np.arange(count - point, count)[None]
    else:
        orders = [
            generator(seed, Purpose.TRAINING_SIZE, replicate).permutation(count)
            for replicate in range(splits.train.shape[0])
        ]
        places = np.sort(np.stack(orders)[:, :point], axis=1)
    train = np.take_along_axis(splits.train, places, axis=1)
    noisy = prepared.train_targets
    train_targets = None if noisy is None else np.take_along_axis(noisy, places, axis=1)
    fewer = Splits(train, splits.validation, splits.test)
    try:
        if prepared.task == "classification":
            labels = (
                prepared.targets[train].astype(np.int64) if train_targets is None else train_targets
            )
            check_classes(labels, prepared.classes)
        scaling = _fitted(prepared, fewer)
    except InputError as error:
        raise InputError(f"points: training_size {point}: {error}") from error
    return replace(prepared, splits=fewer, train_targets=train_targets, scaling=scaling)


def _fitted(prepared: Prepared, splits: Splits) -> Scaling:
    classes = prepared.task == "classification"
    targets = None if classes else prepared.targets.astype(np.float32, copy=False)
    fitted = fit(prepared.inputs, targets, prepared.scaling_groups, splits)
    # Losses are measured in the targets' scale, which must be one unit for all points.
    unit = prepared.scaling
    return replace(fitted, target_centre=unit.target_centre, target_scale=unit.target_scale)


def _by_time(splits: Splits) -> bool:
    """Whether all training rows come before all others, as no random split has it.

    The pool of such a split is in the order of time.
    """
    return bool(not splits.resampled and splits.train.max() < splits.validation.min())
