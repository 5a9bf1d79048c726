"""Which rows of X train, validate and test in each replicate: depthgauge's splits, or anybody's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES, Splits
from depthgauge.data.splits import random_splits, stratified_splits, unseen_group_splits
from depthgauge.errors import InputError
from depthgauge.infer.sizes import choose_sizes
from depthgauge.statistics.stopping import IntArray


@dataclass(frozen=True)
class Split:
    """Rows of one replicate. validation: None where those of the test stand in for them."""

    train: IntArray
    validation: IntArray | None
    test: IntArray


def own_splits(
    rows: int,
    labels: np.ndarray | None,
    groups: IntArray | None,
    sizes: Mapping[str, int] | None,
    seed: int,
    replicates: int,
) -> list[Split]:
    """As depthgauge draws them: whole groups, or each class in its proportion, or at random.

    labels: of classes, None for numbers. groups: (rows,) numbers. sizes: rows of each split; None:
    half train, a quarter validates, a quarter tests, at most 4000, 2000 and 2000. Raises ValueError
    where the data do not allow it.
    """
    counts = choose_sizes(rows).split if sizes is None else _checked(sizes)
    try:
        if groups is not None:
            found = unseen_group_splits(groups, counts, seed, replicates)
        elif labels is not None:
            names, numbers = np.unique(labels, return_inverse=True)
            classes = [str(name) for name in names]
            found = stratified_splits(numbers, classes, counts, seed, replicates)
        else:
            found = random_splits(rows, counts, seed, replicates)
    except InputError as error:
        raise ValueError(f"splits: {error}") from None
    return list(_each(found))


def given_splits(cv: Any, X: Any, y: Any, groups: Any, classifier: bool) -> list[Split]:
    """Those of scikit-learn's `cv`: a number of folds, a splitter, or (train, test) pairs of rows.

    Raises ValueError for a split that is empty, that tests what it trains on, or that is there
    twice beside others.
    """
    from sklearn.model_selection import check_cv

    rows = len(y)
    if isinstance(cv, Iterable) and not hasattr(cv, "split"):
        cv = [_rows(pair, place, rows) for place, pair in enumerate(cv)]
        if not cv:
            raise ValueError("cv: holds no (train, test) pair")
    drawn = check_cv(cv, y, classifier=classifier).split(X, y, groups)
    pairs = [_rows(pair, place, rows) for place, pair in enumerate(drawn)]
    seen: dict[tuple[bytes, bytes], int] = {}
    for place, (train, test) in enumerate(pairs):
        if np.intersect1d(train, test).size:
            raise ValueError(f"cv: split {place} tests rows that it trains on")
        seen.setdefault((train.tobytes(), test.tobytes()), place)
    if 1 < len(seen) < len(pairs):
        raise ValueError(
            "cv: some splits are the same and others are not; replicates are independent where "
            "every split is another one, or where all are the same and seeds alone differ"
        )
    return [Split(train, None, test) for train, test in pairs]


def resampled(splits: list[Split]) -> bool:
    """Whether the replicates train on different rows."""
    first = splits[0].train
    return any(not np.array_equal(first, each.train) for each in splits)


def training_share(splits: list[Split], rows: int) -> float:
    """Of all rows, what trains in each replicate where each has rows of its own; else 0."""
    if not resampled(splits):
        return 0.0
    return float(np.mean([each.train.size for each in splits])) / rows


def _rows(pair: Any, place: int, rows: int) -> tuple[IntArray, IntArray]:
    """A pair of rows as numbers, from numbers or from a mask."""
    try:
        parts = [np.asarray(part) for part in pair]
    except TypeError:
        parts = []
    if len(parts) != 2 or any(part.ndim != 1 for part in parts):
        raise ValueError(f"cv: split {place} is no (train, test) pair of row numbers")
    found = [np.flatnonzero(part) if part.dtype == bool else part for part in parts]
    for name, part in zip(("train", "test"), found, strict=True):
        if not part.size:
            raise ValueError(f"cv: split {place} has no {name} rows")
        if part.dtype.kind not in "iu" or part.min() < 0 or part.max() >= rows:
            raise ValueError(f"cv: split {place}: {name} holds no row numbers of 0 to {rows - 1}")
    return found[0].astype(np.int64), found[1].astype(np.int64)


def _checked(sizes: Mapping[str, int]) -> dict[str, int]:
    if set(sizes) != set(SPLIT_NAMES):
        raise ValueError(f"split: needs {', '.join(SPLIT_NAMES)}, not {', '.join(map(str, sizes))}")
    return {name: int(sizes[name]) for name in SPLIT_NAMES}


def _each(splits: Splits) -> Iterator[Split]:
    for rows in zip(*(splits[name] for name in SPLIT_NAMES), strict=True):
        yield Split(*rows)
