"""What `prepare` hands to everything after it: a pool of examples and who sees which of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
# Days, or the numbers of rows where each row is a step whatever its day.
Times = npt.NDArray[np.datetime64] | IntArray

Task = Literal["regression", "classification", "structured"]
SPLIT_NAMES = ("train", "validation", "test")


@dataclass(frozen=True)
class Splits:
    """Rows of the pool in each split; each array is (S, n), ascending within a row.

    S is 1 when the split is fixed (a series, by time) and the number of replicates when each
    replicate draws its own.
    """

    train: IntArray
    validation: IntArray
    test: IntArray

    def __getitem__(self, name: str) -> IntArray:
        rows: IntArray = getattr(self, name)
        return rows

    @property
    def sizes(self) -> dict[str, int]:
        """How many rows are in each split."""
        return {name: self[name].shape[1] for name in SPLIT_NAMES}

    @property
    def resampled(self) -> bool:
        """Whether each replicate has a split of its own."""
        return bool(self.train.shape[0] > 1)

    def of_replicate(self, replicate: int) -> int:
        """The row of the arrays that belongs to a replicate."""
        return replicate if self.resampled else 0


@dataclass(frozen=True)
class Scaling:
    """Centre and scale from training rows alone: scaled = (raw - centre) / scale.

    Inputs are (S, F), targets (S, K); with classes, targets have K = 0.
    """

    input_centre: Float32Array
    input_scale: Float32Array
    target_centre: Float32Array
    target_scale: Float32Array


@dataclass(frozen=True)
class Dataset:
    """A data set ready for training.

    task: `regression` predicts one number, `classification` a class, `structured` a vector of
    numbers, which is trained as regression is. inputs: (N, F) float32, unscaled; NaN marks a
    missing value, and what lies behind the last step of a sequence; scaling turns it into 0, the
    training mean. targets: (N, K) float32, unscaled, where they are numbers; (N,) int64 class
    numbers for classification. input_names: F column names. row_names: N labels a person knows the
    rows by (a date, a line number, an id). classes: the names of the classes, empty where targets
    are numbers. scaling_groups: (F,) input columns of the same number share one centre and one
    scale. train_targets: (S, n_train) class numbers that training sees in place of `targets` (label
    noise), or None. reference: (N, K) float32, unscaled, the best possible prediction where it is
    known (simulated data), or None. input_shape and target_shape: what one example is shaped as,
    with the products F and K: (56,), (8, 8), (channels, steps), (1,) for one number; the target's
    is () with classes.
    times: (N,) of a series the time of the first value that each example predicts: its day
    (datetime64[D]), or the number of its row where rows are steps whatever their days; else None.
    groups: (N,) numbers of what the examples belong to, a person say, where that is known.
    """

    task: Task
    inputs: Float32Array
    targets: Float32Array | IntArray
    input_names: tuple[str, ...]
    row_names: tuple[str, ...]
    classes: tuple[str, ...]
    splits: Splits
    scaling: Scaling
    scaling_groups: IntArray
    train_targets: IntArray | None
    reference: Float32Array | None
    input_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    times: Times | None = None
    groups: IntArray | None = None

    @property
    def outputs(self) -> int:
        """The width of a network's last layer: classes, or target columns."""
        return len(self.classes) if self.task == "classification" else self.targets.shape[1]

    @property
    def has_several_units(self) -> bool:
        """Whether target columns are scaled each by its own deviation."""
        scale = self.scaling.target_scale
        return bool((scale != scale[:, :1]).any())


def of_first(dataset: Dataset, replicates: int) -> Dataset:
    """The same examples with the splits of the first replicates alone, where each has its own."""
    if len(dataset.splits.train) <= replicates:
        return dataset
    noisy = dataset.train_targets
    return replace(
        dataset,
        splits=Splits(**{n: rows[:replicates] for n, rows in vars(dataset.splits).items()}),
        scaling=Scaling(**{n: v[:replicates] for n, v in vars(dataset.scaling).items()}),
        train_targets=None if noisy is None else noisy[:replicates],
    )


def without_test(dataset: Dataset, replicates: Sequence[int]) -> Dataset:
    """What a search may see: the training and validation rows of these replicates.

    The test splits are empty, and every row of the pool that no such split shows is blank
    (infinity, since NaN is a missing value; class -1), as are the labels and the scaling of other
    replicates, so that a mistake could not go unnoticed.
    """
    sets = list(replicates) if dataset.splits.resampled else [0]
    train, validation = dataset.splits.train, dataset.splits.validation
    seen = np.zeros(len(dataset.inputs), dtype=bool)
    seen[train[sets].ravel()] = seen[validation[sets].ravel()] = True
    inputs, targets = dataset.inputs.copy(), dataset.targets.copy()
    inputs[~seen] = np.inf
    targets[~seen] = -1 if dataset.task == "classification" else np.inf
    reference = dataset.reference
    if reference is not None:
        reference = np.where(seen[:, None], reference, np.float32(np.inf))
    own = np.zeros((len(train), 1), dtype=bool)
    own[sets] = True
    noisy, scaling = dataset.train_targets, vars(dataset.scaling).items()
    return replace(
        dataset,
        inputs=inputs,
        targets=targets,
        reference=reference,
        train_targets=None if noisy is None else np.where(own, noisy, -1),
        scaling=Scaling(**{n: np.where(own, v, np.float32(np.inf)) for n, v in scaling}),
        splits=Splits(train, validation, np.empty((len(train), 0), dtype=np.int64)),
    )


def sort_examples(dataset: Dataset, order: npt.NDArray[np.generic]) -> Dataset:
    """The same examples with the pool's rows sorted by `order` (N,), as a series has them.

    Rows of one time keep their order. Neighbours in the pool are then neighbours in time, which
    the blocks of the bootstrap and the latest training rows count on. For targets without noise:
    `train_targets` must be None.
    """
    assert dataset.train_targets is None
    rows = np.argsort(order, kind="stable")
    place = np.argsort(rows)
    splits = {name: np.sort(place[dataset.splits[name]], axis=1) for name in SPLIT_NAMES}
    reference = dataset.reference
    return replace(
        dataset,
        inputs=dataset.inputs[rows],
        targets=dataset.targets[rows],
        row_names=tuple(dataset.row_names[row] for row in rows),
        reference=None if reference is None else reference[rows],
        groups=None if dataset.groups is None else dataset.groups[rows],
        splits=Splits(**splits),
    )
