"""A table of numbers and categories as examples: a row an example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import FloatArray, IntArray, Prepared, Splits, in_order
from depthgauge.data.kinds.images import class_names, class_numbers
from depthgauge.data.scaling import as_float32, fit
from depthgauge.data.splits import (
    check_classes,
    group_splits,
    ordered_splits,
    random_splits,
    stratified_splits,
)
from depthgauge.errors import InputError

Float64Array = npt.NDArray[np.float64]
By = Literal["rows", "stratified", "time", "group"]


@dataclass(frozen=True)
class SplitRule:
    """How a table is split. order: (N,) when each row was, for `time`. groups: N names, `group`."""

    by: By
    counts: Mapping[str, int]
    order: Float64Array | npt.NDArray[np.datetime64] | None
    groups: Sequence[str] | None


def prepare_table(
    numbers: Float64Array,
    number_names: Sequence[str],
    categories: Mapping[str, Sequence[str]],
    target: Float64Array | Sequence[str],
    reference: Float64Array | None,
    row_names: Sequence[str],
    rule: SplitRule,
    seed: int,
    replicates: int,
) -> Prepared:
    """A table as a pool of examples, with the splits of `rule` and a scaling for each of them.

    numbers: (N, C), NaN where a cell is missing. categories: for each column its N values, ""
    where one is missing. target: (N,) numbers for regression, N class names for classification.
    reference: (N,) the best possible prediction, where it is known. Inputs are the numbers, then
    one 0/1 input for each value of each category ("colour=red"), each followed by a 0/1 input
    that marks its missing cells, where there are any ("age is missing"). Every input has a centre
    and a scale of its own.

    Raises InputError as `encoded`, `images.class_names`, the functions of `splits` and
    `scaling.fit` do.
    """
    inputs, names = encoded(numbers, number_names, categories)
    groups: IntArray = np.arange(inputs.shape[1], dtype=np.int64)
    classes: tuple[str, ...] = ()
    targets: FloatArray | IntArray
    if isinstance(target, np.ndarray):
        targets = as_float32(target[:, None])
        splits = _splits(rule, len(inputs), None, classes, seed, replicates)
        scaling = fit(inputs, targets, groups, splits, names)
    else:
        classes = class_names(target)
        targets = class_numbers(target, classes)
        splits = _splits(rule, len(inputs), targets, classes, seed, replicates)
        check_classes(targets[splits.train], classes)
        scaling = fit(inputs, None, groups, splits, names)
    prepared = Prepared(
        task="classification" if classes else "regression",
        inputs=inputs,
        targets=targets,
        input_names=names,
        row_names=tuple(row_names),
        classes=classes,
        splits=splits,
        scaling=scaling,
        scaling_groups=groups,
        train_targets=None,
        reference=None if reference is None else as_float32(reference[:, None]),
        input_shape=(inputs.shape[1],),
        target_shape=() if classes else (1,),
    )
    if rule.by == "time" and rule.order is not None:
        return in_order(prepared, rule.order)
    return prepared


def encoded(
    numbers: Float64Array, number_names: Sequence[str], categories: Mapping[str, Sequence[str]]
) -> tuple[FloatArray, tuple[str, ...]]:
    """Inputs (N, F) and their names, as `prepare_table` says.

    Raises InputError without any column, for a column that is empty in all rows, and where two
    inputs would have one name.
    """
    columns: list[FloatArray] = []
    names: list[str] = []

    def add(name: str, values: Float64Array) -> None:
        columns.append(values.astype(np.float32))
        names.append(name)

    def mark(name: str, missing: npt.NDArray[np.bool_]) -> None:
        if missing.all():
            raise InputError(f"column {name[:40]!r}: is empty in every row; leave it out")
        if missing.any():
            add(f"{name} is missing", missing.astype(np.float64))

    for name, values in zip(number_names, numbers.T, strict=True):
        missing = np.isnan(values)
        as_float32(values[~missing])
        add(name, values)
        mark(name, missing)
    for name, cells in categories.items():
        values = np.asarray(cells, dtype=object)
        missing = values == ""
        for value in sorted(set(cells) - {""}):
            # A missing value is none of them, not another one: each takes its training mean.
            add(f"{name}={value}", np.where(missing, np.nan, values == value))
        mark(name, missing)
    if not columns:
        raise InputError("no input columns: name one or more in numbers or categories")
    if len(set(names)) < len(names):
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise InputError(f"two inputs would be called {twice[:80]!r}; rename a column")
    return np.stack(columns, axis=1), tuple(names)


def _splits(
    rule: SplitRule,
    n: int,
    labels: IntArray | None,
    classes: Sequence[str],
    seed: int,
    replicates: int,
) -> Splits:
    if rule.by == "stratified":
        if labels is None:
            raise InputError("split.by: stratified needs classes; use rows")
        return stratified_splits(labels, classes, rule.counts, seed, replicates)
    if rule.by == "time":
        if rule.order is None:
            raise InputError("split.by: time needs the column that says when each row was")
        return ordered_splits(rule.order, rule.counts)
    if rule.by == "group":
        if rule.groups is None:
            raise InputError("split.by: group needs the column that names each row's group")
        numbers = np.unique(np.asarray(rule.groups), return_inverse=True)[1]
        return group_splits(numbers.astype(np.int64), rule.counts, seed, replicates)
    return random_splits(n, rule.counts, seed, replicates)
