"""What a target is: a number or a class; or one line that says why it is neither."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.classes import number_classes, order_classes
from depthgauge.errors import InputError
from depthgauge.tables.table import (
    Table,
    has_sign,
    has_thousands,
    in_file,
    parse_numbers,
    quote,
    read_numbers,
)

TableTask = Literal["regression", "classification"]

LEAST_ROWS = 40
# A smaller share of cells that are no numbers are slips in a column of numbers.
_FEW_ODD = 0.2
_MOST_CLASSES = 50
# Whole numbers with at most this many values, each in many rows, are classes more often than not.
_FEW_NUMBERS = 10
# Each split must hold every class, and half of the rows do not train.
_LEAST_OF_CLASS = 8


@dataclass(frozen=True)
class Target:
    """values: (N,) numbers for regression, class numbers for classification. note: for a person."""

    task: TableTask
    values: npt.NDArray[np.generic]
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    note: str


def judged_target(table: Table, name: str, task: TableTask | None) -> Target:
    """The target as classes or as numbers; task: what the person says it is, or None.

    table: its rows all have a target (`raw.drop_absent`).
    Raises InputError where it is neither, and says what to do.
    """
    cells = table.cells[name].str.strip()
    if len(cells) < LEAST_ROWS:
        raise InputError(
            f"{table.path}: has {len(cells)} row{'s' if len(cells) > 1 else ''}; {LEAST_ROWS} are "
            "needed to train, to validate and to test"
        )
    if cells.nunique() == 1:
        raise InputError(
            f"{table.path}: column {quote(name)}: is {quote(str(cells[0]))} in every row; there is "
            "nothing to predict"
        )
    values = parse_numbers(cells, table.decimal)
    is_number = not np.isnan(values).any()
    if task == "regression" or (task is None and _amount(values)):
        if not is_number and not has_thousands(cells).any():
            row = int(np.flatnonzero(np.isnan(values))[0])
            raise table.error(
                row, name, f"{quote(cells[row])} is no number; use --task classification"
            )
        return Target("regression", read_numbers(table, name, False), (), (), "")
    spread = has_thousands(cells) & np.isnan(values)
    if task is None and spread.mean() > 0.5:
        # Says which row, and how to write it.
        read_numbers(table, name, False)
    signed = has_sign(cells) & np.isnan(values)
    if task is None and signed.mean() > 0.5 and cells.nunique() > _FEW_NUMBERS:
        row = int(np.flatnonzero(signed)[0])
        what = "has a sign beside its number; write the numbers of the column alone"
        raise table.error(row, name, f"{quote(cells[row])} {what}")
    odd = np.isnan(values)
    if task is None and 0 < odd.mean() < _FEW_ODD and cells.nunique() > _MOST_CLASSES:
        row = int(np.flatnonzero(odd)[0])
        raise table.error(
            row, name, f"{quote(str(cells[row]))} is no number, and most of the column is; mend it"
        )
    return _classes(table, name, tuple(cells), is_number, task)


def _amount(values: npt.NDArray[np.float64]) -> bool:
    if np.isnan(values).any():
        return False
    different = len(np.unique(values))
    if different == 2:
        return False
    many = len(values) >= 10 * different
    return not (np.all(values % 1 == 0) and different <= _FEW_NUMBERS and many)


def _classes(
    table: Table, name: str, labels: tuple[str, ...], is_number: bool, task: TableTask | None
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
    rare = [label for label, count in counts.items() if count < _LEAST_OF_CLASS]
    if rare:
        first = min(rare, key=lambda label: counts[label])
        more = f" and {len(rare) - 1} more classes like it" if len(rare) > 1 else ""
        also = ", or use --task regression" if is_number else ""
        raise InputError(
            f"{where}: class {quote(first)} has {counts[first]} "
            f"row{'s' if counts[first] > 1 else ''}{more}; {_LEAST_OF_CLASS} are "
            "needed to be in every split: join it with another class or take its rows out" + also
        )
    with in_file(table.path):
        classes = order_classes(labels)
    numeric = is_number and task is None and len(counts) > 2
    note = "few whole numbers, taken as classes; --task regression takes them as amounts"
    return Target(
        "classification",
        number_classes(labels, classes),
        classes,
        labels,
        note if numeric else "",
    )
