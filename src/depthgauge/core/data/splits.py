"""Random splits: who trains, validates and tests in each replicate."""

from collections.abc import Mapping, Sequence

import numpy as np

from depthgauge.core.data.prepared import SPLIT_NAMES, IntArray, Splits
from depthgauge.core.seeds import Purpose, generator
from depthgauge.errors import InputError


def random_splits(n: int, counts: Mapping[str, int], seed: int, replicates: int) -> Splits:
    """Disjoint random rows for each replicate, drawn without replacement from `n` rows.

    counts: rows of "train", "validation" and "test"; rows beyond their sum are in no split.
    Each array is (replicates, count), ascending. A replicate's split depends on `n`, `counts`,
    `seed` and its own number alone, not on how many replicates there are. Test rows do not
    depend on the other counts, and a larger training set contains the smaller one.

    Raises InputError when a count or `replicates` is below 1 or the counts exceed `n`.
    """
    for name, count in (
        *((name, counts[name]) for name in SPLIT_NAMES),
        ("replicates", replicates),
    ):
        if count < 1:
            raise InputError(f"{name}: {count} is too few; use 1 or more")
    total = sum(counts[name] for name in SPLIT_NAMES)
    if total > n:
        parts = " + ".join(f"{name} {counts[name]}" for name in SPLIT_NAMES)
        raise InputError(f"{parts} = {total} rows are asked for; the table has {n}")

    drawn: dict[str, IntArray] = {
        name: np.empty((replicates, counts[name]), dtype=np.int64) for name in SPLIT_NAMES
    }
    for replicate in range(replicates):
        order = generator(seed, Purpose.SPLIT, replicate).permutation(n)
        start = 0
        # Test first and train last: a change of the training size then moves no other row.
        for name in reversed(SPLIT_NAMES):
            drawn[name][replicate] = np.sort(order[start : start + counts[name]])
            start += counts[name]
    return Splits(**drawn)


def check_classes(splits: Splits, labels: IntArray, classes: Sequence[str]) -> None:
    """Every replicate must train on every class.

    labels: (N,) class numbers. Raises InputError with the first replicate and class at fault.
    """
    for replicate, rows in enumerate(splits.train):
        seen = np.bincount(labels[rows], minlength=len(classes))
        if not seen.all():
            name = classes[int(np.argmin(seen > 0))]
            raise InputError(
                f"replicate {replicate}: none of its {rows.size} training rows is of class "
                f"{name[:40]!r}; use more training rows, or leave rare classes out"
            )
