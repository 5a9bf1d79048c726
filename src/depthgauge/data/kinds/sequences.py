"""Sequences: several rows are an example, whose steps predict a class, a number or an image."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import model_validator

from depthgauge.data.classes import number_classes
from depthgauge.data.dataset import Dataset, Float32Array, IntArray
from depthgauge.data.kinds.columns import (
    Category,
    Number,
    fit_columns,
    name_inputs,
    read_inputs,
    require_different,
)
from depthgauge.data.kinds.kind import Encoded, Encoder, assemble
from depthgauge.data.kinds.rows import DrawnSplit, RowsSettings
from depthgauge.data.labels import as_pandas_reads, fit_classes
from depthgauge.data.leakage import find_steady_leaks
from depthgauge.data.sequences import (
    Members,
    find_members,
    find_values,
    is_blank,
    lay_out,
    require_length,
    sort_steps,
    take_sequences,
    take_values,
)
from depthgauge.data.splits import check_classes
from depthgauge.errors import InputError
from depthgauge.section import Count
from depthgauge.tables.table import (
    Table,
    in_file,
    lacks_value,
    quote,
    read_labels,
    read_numbers,
    require_columns,
    take_rows,
)

if TYPE_CHECKING:
    import pandas as pd

# The channel that says where a sequence has a step.
PRESENT = "present"


class SequencesEncoder(Encoder):
    """Inputs are channel after channel, each from its first step to its last, then missing.

    channels: columns of numbers; categories: columns with a channel for each of their values; each
    is followed by its mark. Where sequences are not equally long (`uneven`), a last channel is 1 at
    each step and 0 behind the last. length: steps of an example; of a longer sequence the last are
    taken. targets: the columns of a structured answer; image: whether they are the pixels of one.
    may_miss: whether cells may be missing where none was, and sequences shorter where none was.
    """

    kind: Literal["sequences"]
    id: str
    step: str
    channels: tuple[Number, ...]
    categories: tuple[Category, ...]
    length: int
    uneven: bool
    targets: tuple[str, ...]
    may_miss: bool
    image: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        inputs = (column.name for column in (*self.channels, *self.categories))
        return (self.id, self.step, *inputs)

    @property
    def number_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.channels)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """C names."""
        names = name_inputs((*self.channels, *self.categories))
        return (*names, PRESENT) if self.uneven else names

    @property
    def input_names(self) -> tuple[str, ...]:
        steps = range(1, self.length + 1)
        return tuple(f"{name} step {step}" for name in self.channel_names for step in steps)

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (len(self.channel_names), self.length)

    @property
    def output_names(self) -> tuple[str, ...]:
        return self.targets or (self.target,)

    @property
    def target_shape(self) -> tuple[int, ...]:
        """(8, 8) for the 64 pixels of an image; (K,) where K is no square number."""
        count = len(self.targets)
        square = self.image and math.isqrt(count) ** 2 == count
        return (math.isqrt(count),) * 2 if square else super().target_shape

    @property
    def naming_column(self) -> str:
        return self.id

    @property
    def rows_needed(self) -> str:
        return f"all steps of each sequence, of which the last {self.length} count"

    def count(self, table: Table) -> tuple[int, int]:
        return table.cells[self.id].str.strip().nunique(), math.prod(self.input_shape)

    def encode(self, table: Table) -> Encoded:
        """An example for each id, in the order of the ids, whatever that of the rows."""
        members = find_members(table, self.id)
        order = sort_steps(members, self.step)
        if not (self.uneven or self.may_miss):
            require_length(members, self.length)
        inputs = read_inputs(table, (*self.channels, *self.categories), self.may_miss)
        laid = lay_out(inputs, members, order, self.length)
        if self.uneven:
            there = np.arange(self.length) < members.lengths[:, None]
            laid = np.concatenate([laid, there[:, None].astype(np.float32)], axis=1)
        return Encoded(laid.reshape(len(laid), -1), members.names)

    def example(self, table: Table, row_names: Sequence[str]) -> "pd.DataFrame":
        """All rows of these sequences."""
        rows = table.cells[self.id].str.strip().isin(list(row_names)).to_numpy(np.bool_)
        return self.frame(take_rows(table, np.flatnonzero(rows)))

    def frame(self, table: Table) -> "pd.DataFrame":
        frame = super().frame(table)
        # As names are; but a step is a number where each is one.
        for name in (self.id, self.step):
            frame[name] = as_pandas_reads(list(frame[name]))
        return frame

    def name_answers(self, row_names: Sequence[str]) -> Sequence[object]:
        return list(as_pandas_reads(row_names))


class SequencesData(RowsSettings):
    """A long table with a row for each step of each sequence."""

    ENCODER = SequencesEncoder

    kind: Literal["sequences"]
    task: Literal["regression", "classification", "structured"]
    """regression: a number | classification: a class | structured: the columns in targets"""
    target: str
    """the column to predict, in each row of a sequence or in one alone; structured: what `targets`
    are together"""
    targets: list[str]
    """structured: the columns to predict; else []"""
    target_scaling: Literal["all", "each"] = "each"
    """centre and scale of the targets: each (by itself) | all (together, the pixels of an image)"""
    id: str
    """the column that says which sequence a row belongs to"""
    step: str
    """the column of numbers or times by which the rows of a sequence are sorted"""
    channels: list[str]
    """the columns of numbers, a channel each"""
    categories: list[str]
    """the columns with a 0/1 channel for each of their values, as letters have"""
    length: Count | None
    """steps of an example: of longer sequences the last ones count; null: those of the longest"""
    missing: Literal["mean", "refuse"]
    """mean: a missing cell takes the training mean, a further 0/1 channel marks it, and a sequence
    without a target is left out | refuse: an empty cell is an error"""
    split: DrawnSplit
    """sequences, drawn anew for each replicate; the rest is left out"""

    @model_validator(mode="after")
    def _columns(self) -> "SequencesData":
        used = [*self.channels, *self.categories]
        if not used:
            raise ValueError("data.channels: name an input column here or in data.categories")
        if len(self.targets) == 1:
            raise ValueError(
                f"data.targets: {self.targets} must name two columns or more; for one column use []"
            )
        if (self.task == "structured") != bool(self.targets):
            right = "must name columns" if not self.targets else "must be []"
            raise ValueError(f"data.targets: {right} where data.task is {self.task}")
        single = self.targets or [self.target]
        for name in (named := [self.id, self.step, *used, *single]):
            if named.count(name) > 1:
                raise ValueError(
                    f"data: {name!r} has two places in id, step, channels, categories and "
                    f"{'targets' if self.targets else 'target'}; it may have one"
                )
        if self.group in (*self.targets, *used, self.step):
            raise ValueError(f"data.group: {self.group!r} is also an input or target; take it out")
        return self

    @property
    def has_channels(self) -> bool:
        return True

    @property
    def _targets(self) -> list[str]:
        return self.targets or [self.target]

    def clean(self, table: Table) -> tuple[Table, dict[str, int]]:
        """Without the sequences that have no target, where targets may be missing."""
        named = [self.id, self.step, *self.channels, *self.categories, *self._targets]
        require_columns(table, [*named, *([] if self.group is None else [self.group])])
        members = find_members(table, self.id)
        kept = np.ones(len(members.names), dtype=np.bool_)
        if self.missing == "mean":
            for name in self._targets:
                kept &= find_values(members, name, self._is_empty(table, name)) >= 0
        without = int((~kept).sum())
        if without == len(kept):
            raise InputError(
                f"{table.path}: column {quote(self._targets[0])}: no sequence has a target"
            )
        return take_sequences(members, kept), {"sequences without a target": without}

    def fit(self, table: Table) -> SequencesEncoder:
        may_miss = self.missing == "mean"
        channels, categories = fit_columns(table, self.channels, self.categories, may_miss)
        members = find_members(table, self.id)
        length = self.length or int(members.lengths.max())
        named = self._read_one(members, self.target) if self.task == "classification" else None
        labels = None if named is None else read_labels(named, self.target)
        with in_file(table.path):
            encoder = SequencesEncoder(
                kind="sequences",
                task=self.task,
                target=self.target,
                **fit_classes(table, self.target, labels),
                id=self.id,
                step=self.step,
                channels=channels,
                categories=categories,
                length=length,
                uneven=bool(members.lengths.min() < length),
                targets=tuple(self.targets),
                may_miss=may_miss,
                image=bool(self.targets) and self.target_scaling == "all",
            )
            require_different(encoder.channel_names)
        return encoder

    def _read_one(self, members: Members, column: str) -> Table:
        """A table of one column with a row for each sequence."""
        return take_values(members, column, self._is_empty(members.table, column))

    def _is_empty(self, table: Table, column: str) -> npt.NDArray[np.bool_]:
        return lacks_value(table, column) if self.missing == "mean" else is_blank(table, column)

    def build(
        self, table: Table, encoder: SequencesEncoder, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        members = find_members(table, self.id)
        of_each = {name: self._read_one(members, name) for name in self._targets}
        targets: Float32Array | IntArray
        labels: IntArray = np.zeros(0, dtype=np.int64)
        if encoder.classes:
            targets = labels = number_classes(
                read_labels(of_each[self.target], self.target), encoder.classes
            )
        else:
            numbers = [read_numbers(table, name, False) for name, table in of_each.items()]
            targets = np.stack(numbers, axis=1).astype(np.float32)
        groups, count = None, len(members.names)
        if self.group is not None:
            # A group may be called NA.
            named = take_values(members, self.group, is_blank(table, self.group))
            groups = self.read_groups(named)
        with in_file(table.path):
            splits = self.draw(count, labels, encoder.classes, groups, seed, replicates)
            if encoder.classes:
                check_classes(labels[splits.train], encoder.classes)
            names = encoder.channel_names
            each: IntArray = np.repeat(np.arange(len(names)), encoder.length)
            shared = encoder.image or not self.targets
            apart = None if shared else np.arange(len(self.targets), dtype=np.int64)
            dataset = assemble(encoder, encoded, targets, splits, each, names, apart, groups=groups)
        cut = np.maximum(members.lengths - encoder.length, 0).sum()
        used = sum(splits.sizes.values())
        return dataset, {"sequences left out": count - used, "steps cut off": int(cut)}

    def find_doubts(self, dataset: Dataset) -> list[str]:
        return [*find_steady_leaks(dataset), *super().find_doubts(dataset)]


ENTRY = SequencesData
