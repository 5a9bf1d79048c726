"""Columns of numbers and categories as inputs, a row of the raw table each."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import Float32Array
from depthgauge.errors import InputError
from depthgauge.section import Section
from depthgauge.tables.cells import is_missing
from depthgauge.tables.table import (
    Table,
    in_file,
    quote,
    read_labels,
    read_numbers,
    require_columns,
)


class Number(Section):
    """A column of numbers. marked: whether a further input says where it is missing."""

    name: str
    marked: bool


class Category(Number):
    """A column of categories, with a 0/1 input for each of its values."""

    values: tuple[str, ...]


def fit_columns(
    table: Table, numbers: Sequence[str], categories: Sequence[str], may_miss: bool
) -> tuple[tuple[Number, ...], tuple[Category, ...]]:
    """What must be known of the columns. may_miss: whether cells may be missing.

    Raises InputError naming row and column, and for a column without any value.
    """
    require_columns(table, [*numbers, *categories])
    none = np.zeros(len(table.lines), dtype=np.bool_)
    missing = {name: is_missing(table.cells[name]) if may_miss else none for name in numbers}
    labels = {name: read_labels(table, name, may_miss) for name in categories}
    missing |= {name: np.array(cells) == "" for name, cells in labels.items()}
    with in_file(table.path):
        for name, cells in missing.items():
            if cells.all():
                raise InputError(f"column {name[:40]!r}: is empty in every row; leave it out")
    marked = {name: bool(cells.any()) for name, cells in missing.items()}
    values = {name: tuple(sorted(set(cells) - {""})) for name, cells in labels.items()}
    return (
        tuple(Number(name=n, marked=marked[n]) for n in numbers),
        tuple(Category(name=n, marked=marked[n], values=values[n]) for n in categories),
    )


def name_inputs(columns: Sequence[Number]) -> tuple[str, ...]:
    """C names: a column or its values, followed by its mark."""
    names: list[str] = []
    for column in columns:
        if isinstance(column, Category):
            names += [f"{column.name}={value}" for value in column.values]
        else:
            names.append(column.name)
        names += [f"{column.name} is missing"] if column.marked else []
    return tuple(names)


def require_different(names: Sequence[str]) -> None:
    """Raises InputError where two inputs would have one name."""
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise InputError(f"two inputs would be called {name[:80]!r}; rename a column")


def read_inputs(table: Table, columns: Sequence[Number], may_miss: bool) -> Float32Array:
    """(N, C) inputs of the rows, NaN where missing. Raises InputError naming row and column."""
    inputs: list[npt.NDArray[np.generic]] = []
    for column in columns:
        if isinstance(column, Category):
            cells = _read_category(table, column, may_miss)
            missing = cells == ""
            # A missing value is none of them, not another one: each takes its training mean.
            inputs += [np.where(missing, np.nan, cells == value) for value in column.values]
        else:
            values = read_numbers(table, column.name, False, may_miss)
            missing = np.isnan(values)
            inputs.append(values)
        inputs += [missing] if column.marked else []
    return np.stack([column.astype(np.float32) for column in inputs], 1)


def _are_same(one: str, other: str) -> bool:
    """Whether a cell of a raw table is what pandas has made of it: a truth value, a number.

    one: the cell. other: as pandas writes it; codes such as 010 are no numbers.
    """
    if other in ("True", "False"):
        return one.lower() == other.lower()
    number = r"[+-]?(0|[1-9][0-9]*)?(\.[0-9]+)?"
    numbers = all(text and re.fullmatch(number, text) for text in (one, other))
    return numbers and float(one) == float(other)


def _read_category(table: Table, column: Category, may_miss: bool) -> npt.NDArray[np.object_]:
    """(N,) values of the raw table, "" where one is missing."""
    texts = list(read_labels(table, column.name, may_miss))
    known = {*column.values, ""}
    for row, text in enumerate(texts):
        if text not in known:
            same = [value for value in column.values if _are_same(value, text)]
            if len(same) == 1:
                texts[row] = same[0]
                continue
            values = ", ".join(quote(value) for value in column.values[:8])
            more = " and more" if len(column.values) > 8 else ""
            what = f"{quote(text)} is no category of the raw table: {values}{more}"
            raise table.error(row, column.name, what)
    return np.array(texts, dtype=object)
