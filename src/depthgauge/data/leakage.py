"""Columns that tell a network the answer, or nothing at all."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import Dataset, Float64Array

# Fewer rows than this can be told apart by chance.
_LEAST_ROWS = 20
# More than these are judged by an even sample of them.
_MOST_ROWS = 20_000
# A correlation above this leaves nothing to learn; nor does an error below a thousandth of that
# of the most frequent class.
_SAME = 0.999


def find_number_leak(
    values: Float64Array, target: npt.NDArray[np.generic], classes: int
) -> str | None:
    """How a column of numbers gives the target away, or None.

    values: (N,), NaN where missing. target: (N,) numbers (classes = 0) or class numbers. Numbers
    are compared by Pearson's and Spearman's correlation, so that any monotone function counts;
    classes by a decision tree on this column alone, with a leaf for each class.
    """
    present = np.flatnonzero(~np.isnan(values))
    if present.size < max(_LEAST_ROWS, len(values) / 2):
        return None
    rows = present[:: -(-present.size // _MOST_ROWS)]
    column, wanted = values[rows], target[rows]
    if (column == column[0]).all() or (wanted == wanted[0]).all():
        return None
    if classes:
        return _tree_leak(column, wanted)
    # Imported here: they take longer than a table without suspects.
    from scipy.stats import rankdata

    numbers = wanted.astype(np.float64)
    if np.array_equal(column, numbers):
        return "is equal to the target"
    if abs(_correlation(column, numbers)) > _SAME:
        return "has a correlation above 0.999 with the target"
    if abs(_correlation(rankdata(column), rankdata(numbers))) > _SAME:
        return "puts the rows in the same order as the target"
    return None


def find_category_leak(
    codes: npt.NDArray[np.int64], target: npt.NDArray[np.generic], classes: int
) -> str | None:
    """How a column of categories gives the target away, or None.

    codes: (N,) numbers of the values. With classes: each value occurs with one class alone. With
    numbers: each value with one number and each number with one value. Values that occur once say
    nothing, so there must be two rows a value on average.
    """
    values = np.unique(codes).size
    if len(codes) < _LEAST_ROWS or values < 2 or 2 * values > len(codes):
        return None
    numbers = np.unique(target, return_inverse=True)[1]
    different = int(numbers.max()) + 1
    pairs = np.unique(codes.astype(np.int64) * different + numbers).size
    if different < 2 or pairs != values or (not classes and different != values):
        return None
    return "determines the target: every value of it occurs with one of the target alone"


def find_leaks(dataset: Dataset) -> list[str]:
    """A line for each input that is constant in all rows or gives the target away."""
    lines = []
    classes = len(dataset.classes)
    target = dataset.targets if classes else dataset.targets[:, 0]
    for name, column in zip(dataset.input_names, dataset.inputs.T, strict=True):
        values = column.astype(np.float64)
        if np.nanmin(values) == np.nanmax(values):
            # A category's only value, beside the mark of its missing cells, is constant too.
            lines.append(f"input {name[:60]!r} is the same in every row; it teaches nothing")
        elif reason := find_number_leak(values, target, classes):
            lines.append(
                f"input {name[:60]!r} {reason}; leave it out, unless it is known before the target"
            )
    return lines


def find_steady_leaks(dataset: Dataset) -> list[str]:
    """As `find_leaks`, of the channels that are the same at all steps of each sequence.

    dataset: of sequences, its input_shape (C, L), its inputs called "NAME step 1" and so on.
    """
    channels, length = dataset.input_shape
    cells = dataset.inputs.reshape(-1, channels, length)
    filled = ~np.isnan(cells)
    low = np.where(filled, cells, np.inf).min(axis=2)
    high = np.where(filled, cells, -np.inf).max(axis=2)
    # Without any cell, low is above high.
    steady = np.flatnonzero((low >= high).all(axis=0) & filled.any(axis=(0, 2)))
    if not steady.size:
        return []
    names = tuple(dataset.input_names[k * length].rsplit(" step ", 1)[0] for k in steady)
    values = np.where(low <= high, low, np.nan)[:, steady].astype(np.float32)
    return find_leaks(replace(dataset, inputs=values, input_names=names))


def find_extreme_classes(labels: Sequence[str]) -> tuple[str, int, str, int]:
    """The most frequent class and its rows, the rarest and its rows."""
    names, counts = np.unique(np.asarray(labels), return_counts=True)
    most, least = int(counts.argmax()), int(counts.argmin())
    return str(names[most]), int(counts[most]), str(names[least]), int(counts[least])


def _tree_leak(column: Float64Array, target: npt.NDArray[np.generic]) -> str | None:
    counts = np.unique(target, return_counts=True)[1]
    # Of as many leaves as classes, each row that is wrong can change the class along the column
    # twice: a look at that spares most columns the tree.
    along = target[np.lexsort((target, column))]
    changes = np.count_nonzero(along[1:] != along[:-1])
    if changes >= len(counts) + 2 * (1 - _SAME) * (len(target) - counts.max()):
        return None
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_leaf_nodes=len(counts), random_state=0)
    tree.fit(column[:, None], target)
    wrong = int((tree.predict(column[:, None]) != target).sum())
    if wrong > (1 - _SAME) * (len(target) - counts.max()):
        return None
    return "tells the classes apart by itself"


def _correlation(one: Float64Array, other: Float64Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    # Scaled first: the squares of great numbers would overflow.
    one, other = one / np.abs(one).max(), other / np.abs(other).max()
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))
