"""A table of numbers and categories: a row an example."""

from collections import Counter
from typing import Literal

import numpy as np
from pydantic import model_validator

from depthgauge.data.classes import number_classes
from depthgauge.data.dataset import Dataset, Float32Array, IntArray, sort_examples
from depthgauge.data.kinds.columns import (
    Category,
    Number,
    fit_columns,
    name_inputs,
    read_inputs,
    require_different,
)
from depthgauge.data.kinds.kind import Encoded, Encoder, assemble
from depthgauge.data.kinds.rows import RowsSettings, RowsSplit
from depthgauge.data.labels import fit_classes
from depthgauge.data.leakage import find_leaks
from depthgauge.data.splits import check_classes, ordered_splits
from depthgauge.tables.dates import read_times
from depthgauge.tables.table import (
    Table,
    drop_absent,
    in_file,
    read_labels,
    read_numbers,
    require_columns,
)


class TableSplit(RowsSplit):
    """Counts of rows, and how the rows are chosen."""

    by: Literal["rows", "stratified", "time", "group"]
    """rows: at random | stratified: at random within each class | time | group: whole groups"""
    column: str | None
    """time: the last rows by it test"""

    @model_validator(mode="after")
    def _column_where_needed(self) -> "TableSplit":
        if self.column is not None and self.by == "group":
            raise ValueError(
                f"data.split.column: is for split.by time; the column of the groups, "
                f"{self.column!r}, is data.group now"
            )
        if (self.column is not None) != (self.by == "time"):
            right = "null" if self.column is not None else "a column"
            raise ValueError(f"data.split.column: must be {right} where split.by is {self.by}")
        return self


class TableEncoder(Encoder):
    """Inputs are the numbers, then the values of each category, each followed by its mark.

    may_miss: whether cells may be missing where none was.
    """

    kind: Literal["table"]
    numbers: tuple[Number, ...]
    categories: tuple[Category, ...]
    may_miss: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in (*self.numbers, *self.categories))

    @property
    def number_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.numbers)

    @property
    def input_names(self) -> tuple[str, ...]:
        return name_inputs((*self.numbers, *self.categories))

    def encode(self, table: Table) -> Encoded:
        inputs = read_inputs(table, (*self.numbers, *self.categories), self.may_miss)
        return Encoded(inputs, tuple(str(line) for line in table.lines))


class TableData(RowsSettings):
    """A table with a row for each example: numbers and categories predict the target."""

    ENCODER = TableEncoder

    kind: Literal["table"]
    task: Literal["regression", "classification"]
    """regression: a number | classification: a class"""
    numbers: list[str]
    """the columns used as numbers; a code written in digits belongs into categories"""
    categories: list[str]
    """the columns with one 0/1 input for each of their values"""
    missing: Literal["mean", "refuse"]
    """mean: a missing cell takes the training mean, a further 0/1 input marks it, and a row without
    a target is left out | refuse: an empty cell is an error"""
    reference: str | None
    """a column with the best possible prediction, where it is known"""
    split: TableSplit
    """examples, drawn anew for each replicate (by time: the same for each)"""

    @model_validator(mode="after")
    def _columns(self) -> "TableData":
        used = [*self.numbers, *self.categories]
        if not used:
            raise ValueError("data.numbers: name an input column here or in data.categories")
        times = Counter(used)
        for name in used:
            if times[name] > 1:
                raise ValueError(f"data.numbers, data.categories: {name!r} is named twice")
            if name in (self.target, self.reference, self.group):
                named = {self.target: "target", self.group: "group"}
                what = named.get(name, "reference")
                raise ValueError(f"data.{what}: {name!r} is also among the inputs; take it out")
        if self.task == "classification" and self.reference is not None:
            raise ValueError("data.reference: is for the task regression; use null")
        return self

    def clean(self, table: Table) -> tuple[Table, dict[str, int]]:
        named = (self.reference, self.split.column, self.group)
        further = [name for name in named if name is not None]
        require_columns(table, [self.target, *self.numbers, *self.categories, *further])
        without = 0
        if self.missing == "mean":
            table, without = drop_absent(table, [self.target])
        return table, {"rows without a target": without}

    def fit(self, table: Table) -> TableEncoder:
        may_miss = self.missing == "mean"
        numbers, categories = fit_columns(table, self.numbers, self.categories, may_miss)
        targets = read_labels(table, self.target) if self.task == "classification" else None
        with in_file(table.path):
            encoder = TableEncoder(
                kind="table",
                task=self.task,
                target=self.target,
                **fit_classes(table, self.target, targets),
                numbers=numbers,
                categories=categories,
                may_miss=may_miss,
            )
            require_different(encoder.input_names)
        return encoder

    def build(
        self, table: Table, encoder: TableEncoder, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        reference = None
        if self.reference is not None:
            reference = read_numbers(table, self.reference, False).astype(np.float32)[:, None]
        targets: Float32Array | IntArray
        labels: IntArray = np.zeros(0, dtype=np.int64)
        if encoder.classes:
            targets = labels = number_classes(read_labels(table, self.target), encoder.classes)
        else:
            targets = read_numbers(table, self.target, False).astype(np.float32)[:, None]
        counts, column, groups = self.split.counts, self.split.column, self.read_groups(table)
        order = None if column is None else read_times(table, column)
        with in_file(table.path):
            if order is not None:
                splits = ordered_splits(order, counts)
            else:
                rows = len(table.lines)
                splits = self.draw(rows, labels, encoder.classes, groups, seed, replicates)
            if encoder.classes:
                check_classes(labels[splits.train], encoder.classes)
            each: IntArray = np.arange(encoded.inputs.shape[1], dtype=np.int64)
            known = {"reference": reference, "groups": groups}
            dataset = assemble(encoder, encoded, targets, splits, each, (), None, **known)
        if order is not None:
            dataset = sort_examples(dataset, order)
        used = sum(splits.sizes.values())
        return dataset, {"rows left out": len(table.lines) - used}

    def find_doubts(self, dataset: Dataset) -> list[str]:
        return [*find_leaks(dataset), *super().find_doubts(dataset)]


ENTRY = TableData
