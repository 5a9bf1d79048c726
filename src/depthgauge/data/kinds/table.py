"""A table of numbers and categories: a row an example."""

from collections import Counter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from depthgauge.data.classes import number_classes, order_classes
from depthgauge.data.dataset import Dataset, Float32Array, IntArray, sort_examples
from depthgauge.data.kinds.kind import Encoded, Encoder, assemble
from depthgauge.data.kinds.rows import RowsSettings, RowsSplit
from depthgauge.data.leakage import find_leaks
from depthgauge.data.splits import check_classes, ordered_splits
from depthgauge.errors import InputError
from depthgauge.section import Section
from depthgauge.tables.dates import read_times
from depthgauge.tables.table import (
    Table,
    drop_absent,
    in_file,
    is_missing,
    quote,
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


class Number(Section):
    """A column of numbers. marked: whether a further input says where it is missing."""

    name: str
    marked: bool


class Category(Number):
    """A column of categories, with a 0/1 input for each of its values."""

    values: tuple[str, ...]


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
        names: list[str] = []
        for column in (*self.numbers, *self.categories):
            if isinstance(column, Category):
                names += [f"{column.name}={value}" for value in column.values]
            else:
                names.append(column.name)
            names += [f"{column.name} is missing"] if column.marked else []
        return tuple(names)

    def encode(self, table: Table) -> Encoded:
        inputs: list[npt.NDArray[np.generic]] = []
        for column in self.numbers:
            values = read_numbers(table, column.name, False, self.may_miss)
            inputs += [values, np.isnan(values)] if column.marked else [values]
        for category in self.categories:
            cells = self._read_category(table, category)
            missing = cells == ""
            # A missing value is none of them, not another one: each takes its training mean.
            inputs += [np.where(missing, np.nan, cells == value) for value in category.values]
            inputs += [missing] if category.marked else []
        names = tuple(str(line) for line in table.lines)
        return Encoded(np.stack([column.astype(np.float32) for column in inputs], 1), names)

    def _read_category(self, table: Table, column: Category) -> npt.NDArray[np.object_]:
        """(N,) values of the raw table, "" where one is missing."""
        texts = read_labels(table, column.name, self.may_miss)
        known = {*column.values, ""}
        for row, text in enumerate(texts):
            if text not in known:
                values = ", ".join(quote(value) for value in column.values[:8])
                more = " and more" if len(column.values) > 8 else ""
                what = f"{quote(text)} is no category of the raw table: {values}{more}"
                raise table.error(row, column.name, what)
        return np.array(texts, dtype=object)


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
        for name in used:
            if used.count(name) > 1:
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
        missing = {name: may_miss & is_missing(table.cells[name]) for name in self.numbers}
        labels = {name: read_labels(table, name, may_miss) for name in self.categories}
        missing |= {name: np.array(cells) == "" for name, cells in labels.items()}
        targets = read_labels(table, self.target) if self.task == "classification" else None
        with in_file(table.path):
            for name, cells in missing.items():
                if cells.all():
                    raise InputError(f"column {name[:40]!r}: is empty in every row; leave it out")
            marked = {name: bool(cells.any()) for name, cells in missing.items()}
            values = {name: tuple(sorted(set(cells) - {""})) for name, cells in labels.items()}
            encoder = TableEncoder(
                kind="table",
                task=self.task,
                target=self.target,
                classes=() if targets is None else order_classes(targets),
                numbers=tuple(Number(name=n, marked=marked[n]) for n in self.numbers),
                categories=tuple(
                    Category(name=n, marked=marked[n], values=values[n]) for n in self.categories
                ),
                may_miss=may_miss,
            )
            name, count = Counter(encoder.input_names).most_common(1)[0]
            if count > 1:
                raise InputError(f"two inputs would be called {name[:80]!r}; rename a column")
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
            further: dict[str, Any] = {"reference": reference, "groups": groups}
            dataset = assemble(encoder, encoded, targets, splits, each, **further)
        if order is not None:
            dataset = sort_examples(dataset, order)
        used = sum(splits.sizes.values())
        return dataset, {"rows left out": len(table.lines) - used}

    def find_doubts(self, dataset: Dataset) -> list[str]:
        return [*find_leaks(dataset), *super().find_doubts(dataset)]


ENTRY = TableData
