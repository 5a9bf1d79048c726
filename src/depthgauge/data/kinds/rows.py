"""What kinds without an order of their examples share: groups, and how examples are split."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import model_validator

from depthgauge.data.dataset import Dataset, IntArray, Splits
from depthgauge.data.kinds.kind import DataSettings
from depthgauge.data.scaling import fit
from depthgauge.data.splits import (
    check_classes,
    group_splits,
    random_splits,
    stratified_splits,
    unseen_group_splits,
)
from depthgauge.section import Count, Section
from depthgauge.tables.table import Table, in_file, quote, read_labels

# Below it, intervals over groups are wide whatever the number of rows.
FEW_GROUPS = 20


class RowsSplit(Section):
    """Counts of examples that each replicate draws for itself."""

    train: Count
    """how many train"""
    validation: Count
    """how many choose the epoch"""
    test: Count
    """how many test"""

    if TYPE_CHECKING:

        @property
        def by(self) -> str:
            """How the rows are chosen: a setting of each kind."""

    @property
    def counts(self) -> dict[str, int]:
        """How many are in each split."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def rows(self) -> int:
        """How many are in any split."""
        return self.train + self.validation + self.test


class DrawnSplit(RowsSplit):
    """Counts of rows that are drawn at random, and in what way."""

    by: Literal["rows", "stratified", "group"]
    """rows: at random | stratified: at random within each class | group: whole groups"""


class RowsSettings(DataSettings):
    """A kind whose examples are drawn for each replicate: a row each, or a sequence."""

    group: str | None
    """the column that says what rows belong together (a person, a machine), or null"""

    if TYPE_CHECKING:

        @property
        def split(self) -> RowsSplit:
            """A setting of each kind."""

    @model_validator(mode="after")
    def _group_where_needed(self) -> "RowsSettings":
        if self.group == self.target:
            raise ValueError(f"data.group: {self.group!r} is the target; name another column")
        if self.split.by == "group" and self.group is None:
            raise ValueError("data.split.by: group needs data.group, the column that names them")
        if self.split.by == "stratified" and self.task != "classification":
            raise ValueError("data.split.by: stratified needs classes; use rows")
        return self

    @property
    def drawn(self) -> int:
        return self.split.rows

    @property
    def group_column(self) -> str | None:
        return self.group

    @property
    def splits_at_random(self) -> bool:
        return self.split.by in ("rows", "stratified")

    def read_groups(self, table: Table) -> IntArray | None:
        """(N,) numbers of the groups, None where no column names them."""
        if self.group is None:
            return None
        names = np.array(read_labels(table, self.group))
        with in_file(table.path):
            return np.unique(names, return_inverse=True)[1].astype(np.int64)

    def draw(
        self,
        rows: int,
        labels: IntArray,
        classes: tuple[str, ...],
        groups: IntArray | None,
        seed: int,
        replicates: int,
    ) -> Splits:
        """Random splits as `split.by` has them. labels: (N,) of the classes, where there are any.

        Raises InputError where the rows do not allow it.
        """
        counts = self.split.counts
        if self.split.by == "group":
            assert groups is not None
            return group_splits(groups, counts, seed, replicates)
        if self.split.by == "stratified":
            return stratified_splits(labels, classes, counts, seed, replicates)
        return random_splits(rows, counts, seed, replicates)

    def labels_seen(
        self, labels: IntArray, train: IntArray, classes: int, seed: int
    ) -> IntArray | None:
        """(S, n) class numbers that training sees in place of the labels, where it does."""
        return None

    def find_doubts(self, dataset: Dataset) -> list[str]:
        if dataset.groups is None:
            return []
        count = np.unique(dataset.groups).size
        named = f"data.group: column {quote(str(self.group))} names"
        if count == len(dataset.groups):
            return [f"{named} every example anew, so that nothing belongs together; use null"]
        if count < FEW_GROUPS:
            return [
                f"{named} {count} groups; what is said of new groups rests on so few and will "
                f"rarely resolve anything: collect {FEW_GROUPS} or more"
            ]
        return []

    def keep_apart(self, dataset: Dataset, seed: int, replicates: int) -> Dataset:
        assert dataset.groups is not None
        splits = unseen_group_splits(dataset.groups, self.split.counts, seed, replicates)
        seen, targets = None, None
        if dataset.classes:
            labels = dataset.targets.astype(np.int64, copy=False)
            seen = self.labels_seen(labels, splits.train, len(dataset.classes), seed)
            check_classes(labels[splits.train] if seen is None else seen, dataset.classes)
        else:
            targets = dataset.targets.astype(np.float32, copy=False)
        scaling = fit(dataset.inputs, targets, dataset.scaling_groups, splits)
        return replace(dataset, splits=splits, train_targets=seen, scaling=scaling)
