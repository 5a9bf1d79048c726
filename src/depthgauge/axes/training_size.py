"""The number of training examples."""

from dataclasses import replace

import numpy as np

from depthgauge.axes.axis import Axis
from depthgauge.data.dataset import Dataset, IntArray, Scaling, Splits
from depthgauge.data.scaling import fit
from depthgauge.data.splits import check_classes
from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator


class _TrainingSize(Axis):
    def apply(self, dataset: Dataset, point: int, seed: int) -> Dataset:
        """`point` training rows, the smaller sets contained in the larger.

        Inputs are scaled by these rows alone; targets keep their scale, the unit of the losses.
        Where the split is by time, the latest rows. Raises InputError also for a training set that
        has lost a class or has nothing to learn from.
        """
        count = dataset.splits.sizes["train"]
        if not 1 <= point <= count:
            raise InputError(
                f"points: training_size {point} must be from 1 to {count}, the training rows there "
                "are"
            )
        places, noisy = _places(dataset.splits, point, seed), dataset.train_targets
        train = np.take_along_axis(dataset.splits.train, places, axis=1)
        fewer = replace(
            dataset,
            splits=replace(dataset.splits, train=train),
            train_targets=None if noisy is None else np.take_along_axis(noisy, places, axis=1),
        )
        try:
            return replace(fewer, scaling=_scaling(fewer))
        except InputError as error:
            raise InputError(f"points: training_size {point}: {error}") from error


def _places(splits: Splits, point: int, seed: int) -> IntArray:
    """(S, point) which of its training rows each replicate keeps, ascending."""
    count = splits.sizes["train"]
    # No random split has all training rows before all others; a pool that is split by time is in
    # the order of time.
    if not splits.resampled and splits.train.max() < splits.validation.min():
        latest: IntArray = np.arange(count - point, count)[None]
        return latest
    streams = (generator(seed, Purpose.TRAINING_SIZE, r) for r in range(splits.train.shape[0]))
    orders = [stream.permutation(count) for stream in streams]
    return np.sort(np.stack(orders)[:, :point], axis=1)


def _scaling(dataset: Dataset) -> Scaling:
    """Of inputs by the training rows; targets keep theirs, the unit of all points' losses."""
    targets = None
    if dataset.task == "classification":
        seen = dataset.train_targets
        labels = dataset.targets[dataset.splits.train] if seen is None else seen
        check_classes(labels.astype(np.int64), dataset.classes)
    else:
        targets = dataset.targets.astype(np.float32, copy=False)
    fitted = fit(dataset.inputs, targets, dataset.scaling_groups, dataset.splits)
    own = {"input_centre": fitted.input_centre, "input_scale": fitted.input_scale}
    return replace(dataset.scaling, **own)


ENTRY = _TrainingSize(
    name="training_size",
    noun="training-set size",
    plural="training-set sizes",
    label="training-set size (examples)",
    preposition="with",
    one=" training example",
    several=" training examples",
    harder=True,
)
