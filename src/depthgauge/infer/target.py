"""What a target is: a number or a class; or one line that says why it is neither."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.classes import number_classes, order_classes
from depthgauge.errors import InputError
from depthgauge.tables.cells import has_sign, has_thousands, in_brackets, parse_numbers
from depthgauge.tables.table import Table, in_file, quote, read_numbers

if TYPE_CHECKING:
    import pandas as pd

TableTask = Literal["regression", "classification"]

LEAST_ROWS = 40
# A smaller share of cells that are no numbers are slips in a column of numbers.
_FEW_ODD = 0.2
_MOST_CLASSES = 50
# Whole numbers with at most this many values, each in many rows, are classes more often than not.
_FEW_NUMBERS = 10
# Each split must hold every class, and half of the rows do not train.
_LEAST_OF_CLASS = 8
# Words in a column of numbers, as for what was not measured.
_FEW_WORDS = 3
# A class with fewer rows than this share of the most frequent one's is rare.
_RARE = 0.25


@dataclass(frozen=True)
class Target:
    """values: (N,) numbers for regression, class numbers for classification. note: for a person."""

    task: TableTask
    values: npt.NDArray[np.generic]
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    note: str


def infer_target(table: Table, name: str, task: TableTask | None, example: str = "row") -> Target:
    """The target as classes or as numbers; task: what the person says it is, or None.

    table: its rows all have a target (`drop_absent`). example: what a row stands for.
    Raises InputError where it is neither, and says what to do.
    """
    cells = table.cells[name].str.strip()
    if len(cells) < LEAST_ROWS:
        raise InputError(
            f"{table.path}: has {len(cells)} row{'s' if len(cells) > 1 else ''}; {LEAST_ROWS} are "
            "needed to train, to validate and to test"
        )
    different = cells.nunique()
    if different == 1:
        what = f"is {quote(str(cells[0]))} in every row; there is nothing to predict"
        raise InputError(f"{table.path}: column {quote(name)}: {what}")
    values = parse_numbers(cells, table.decimal)
    odd = np.isnan(values)
    thousands, signs = has_thousands(cells) & odd, has_sign(cells) & odd

    def error(rows: npt.NDArray[np.bool_], what: str) -> InputError:
        row = int(np.flatnonzero(rows)[0])
        return table.error(row, name, f"{quote(str(cells[row]))} {what}")

    if task == "regression" or (task is None and _is_amount(values)):
        if odd.any() and not thousands.any():
            raise error(odd, "is no number; use --task classification")
        return Target("regression", read_numbers(table, name, False), (), (), "")
    if task is None and thousands.mean() > 0.5:
        # Says which row, and how to write it.
        read_numbers(table, name, False)
    if task is None and signs.mean() > 0.5 and different > _FEW_NUMBERS:
        raise error(signs, "has a sign beside its number; write the numbers of the column alone")
    brackets = in_brackets(cells) & odd
    are_numbers = (brackets | ~odd).mean() > 1 - _FEW_ODD and different > _FEW_NUMBERS
    if task is None and brackets.any() and are_numbers:
        raise error(brackets, f"stands in brackets; write what is below 0 as -1{table.decimal}2")
    if task is None and 0 < odd.mean() < _FEW_ODD and different > _MOST_CLASSES:
        raise error(odd, "is no number, and most of the column is; mend it")
    if task is None and odd.any() and are_numbers_beside(cells, values):
        much = f"is no number, and {(~odd).mean():.0%} of the column are"
        raise error(odd, f"{much}; mend the {int(odd.sum()):,} cells like it, or empty them")
    return _infer_classes(table, name, tuple(cells), not odd.any(), task, example)


def are_numbers_beside(cells: "pd.Series[str]", values: npt.NDArray[np.float64]) -> bool:
    """Whether a column is one of numbers beside a few words that come again and again.

    values: (N,) its numbers, NaN for a cell that is none.
    """
    odd = np.isnan(values)
    words, different = cells[odd].nunique(), np.unique(values[~odd]).size
    return bool(different > _MOST_CLASSES // 2 and (odd.mean() < 0.5 or words <= _FEW_WORDS))


def _is_amount(values: npt.NDArray[np.float64]) -> bool:
    different = len(np.unique(values))
    if np.isnan(values).any() or different == 2:
        return False
    few = different <= _FEW_NUMBERS and len(values) >= 10 * different
    # A number beyond the range of a double is told of when they are read.
    return not (few and np.isfinite(values).all() and np.all(values % 1 == 0))


def _infer_classes(
    table: Table,
    name: str,
    labels: tuple[str, ...],
    is_number: bool,
    task: TableTask | None,
    example: str,
) -> Target:
    counts = Counter(labels)
    where = f"{table.path}: column {quote(name)}"
    if len(counts) > _MOST_CLASSES:
        what = "numbers" if is_number else "texts"
        right = "use --task regression" if is_number else "join them into fewer, or name a number"
        raise InputError(
            f"{where}: {len(counts):,} different {what} are too many classes (at most "
            f"{_MOST_CLASSES}); {right}"
        )
    # The first of the rarest.
    rarest, count = min(counts.items(), key=lambda item: item[1])
    if count < _LEAST_OF_CLASS:
        rare = sum(count < _LEAST_OF_CLASS for count in counts.values())
        more = f" and {rare - 1} more classes like it" if rare > 1 else ""
        also = ", or use --task regression" if is_number else ""
        raise InputError(
            f"{where}: class {quote(rarest)} has {count} {example}{'s' * (count > 1)}{more}; "
            f"{_LEAST_OF_CLASS} are needed to be in every split: join it with another class or "
            f"take its {example}s out{also}"
        )
    with in_file(table.path):
        classes = order_classes(labels)
    note = ""
    if is_number and task is None and len(counts) > 2:
        note = "few whole numbers, taken as classes; --task regression takes them as amounts"
    return Target("classification", number_classes(labels, classes), classes, labels, note)


def choose_metrics(target: Target) -> list[str]:
    """The metrics that count, the one that says most of such a target first."""
    if not target.classes:
        return ["rmse", "mae", "r2"]
    counts = np.bincount(target.values.astype(np.int64))
    two, rare = len(target.classes) == 2, counts.min() < _RARE * counts.max()
    even = ["accuracy", "balanced_accuracy", *(["auc", "average_precision"] if two else [])]
    if not rare:
        return even
    # To say the frequent class always is accurate then, and finds none of the others.
    first = "average_precision" if two else "balanced_accuracy"
    return [first, *(name for name in even if name != first)]
