"""A pandas frame as a raw table, so that its rows are checked as those of a file."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype

from depthgauge.errors import InputError
from depthgauge.tables.table import Table, quote, require_columns

INPUT = Path("input")


def read_frame(rows: pd.DataFrame, columns: Sequence[str], numbers: Collection[str]) -> Table:
    """The columns that are needed, with rows counted from 1.

    numbers: those of the columns that hold numbers; where the frame does too, they stay as they
    are, and everything else becomes text. Names are those that a raw table gives: without spaces
    around them, and `column 1` for what pandas calls `Unnamed: 0`. Raises InputError for a column
    that is missing or there twice and for no rows.
    """
    names = [_raw_name(name) for name in rows.columns]
    require_columns(Table(INPUT, "", ".", tuple(names), (), dict.fromkeys(names, _NONE)), columns)
    times = Counter(names)
    for name in columns:
        if times[name] > 1:
            raise InputError(f"{INPUT}: column {quote(name)} is there {times[name]} times")
    if not len(rows):
        raise InputError(f"{INPUT}: has no rows")
    cells = {}
    for name in columns:
        column = rows.iloc[:, names.index(name)].reset_index(drop=True)
        held = is_float_dtype(column.dtype) or is_integer_dtype(column.dtype)
        # A missing value of pandas' own kinds of numbers is NaN then.
        cells[name] = column.astype(np.float64) if held and name in numbers else _text(column)
    return Table(INPUT, "", ".", tuple(columns), range(1, len(rows) + 1), cells)


_NONE: "pd.Series[Any]" = pd.Series(dtype=str)


def _raw_name(name: object) -> str:
    unnamed = re.fullmatch(r"Unnamed: ([0-9]+)", str(name))
    return f"column {int(unnamed[1]) + 1}" if unnamed else str(name).strip()


def _text(cells: "pd.Series[Any]") -> "pd.Series[str]":
    """The cells as a CSV file has them, "" where one is missing."""
    known = cells.dropna()
    if is_float_dtype(cells.dtype):
        whole = np.isfinite(known) & (known == known.round()) & (known.abs() < 2**53)
        # Whole numbers that missing cells made floats of: "3", not "3.0", names a category.
        known = known.astype("Int64") if whole.all() else known
    return known.astype(str).reindex(cells.index, fill_value="")
