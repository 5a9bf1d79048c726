"""A pandas frame as a raw table, so that its rows are read and checked as those of a file."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from depthgauge.errors import InputError
from depthgauge.tables.table import PLAIN, Table, require_columns, quote, parse_table

INPUT = Path("input")


def table_of_frame(rows: pd.DataFrame, columns: Sequence[str]) -> Table:
    """The columns that are needed, with rows counted from 1.

    Names are those that a raw table gives: without spaces around them, and `column 1` for what
    pandas calls `Unnamed: 0`. Raises InputError for a column that is missing or there twice, for no
    rows and for what has no text.
    """
    names = [_raw_name(name) for name in rows.columns]
    require_columns(
        Table(INPUT, "", ".", tuple(names), (), dict.fromkeys(names, _NO_CELLS)), columns
    )
    for name in columns:
        if names.count(name) > 1:
            raise InputError(f"{INPUT}: column {quote(name)} is there {names.count(name)} times")
    if not len(rows):
        raise InputError(f"{INPUT}: has no rows")
    held = {name: rows.iloc[:, names.index(name)] for name in columns}
    # Whole numbers that missing cells made floats of: "3", not "3.0", names a category.
    frame = pd.DataFrame(
        {
            name: cells.astype("Int64") if _whole_floats(cells) else cells
            for name, cells in held.items()
        }
    )
    data = io.BytesIO()
    try:
        frame.to_parquet(data, index=False)
    except (ValueError, TypeError) as error:
        raise InputError(f"{INPUT}: cannot be read as a table: {error}") from error
    return parse_table(INPUT, data.getvalue(), PLAIN)


_NO_CELLS = pd.Series(dtype=str)


def _raw_name(name: object) -> str:
    unnamed = re.fullmatch(r"Unnamed: ([0-9]+)", str(name))
    return f"column {int(unnamed[1]) + 1}" if unnamed else str(name).strip()


def _whole_floats(cells: pd.Series) -> bool:
    if not pd.api.types.is_float_dtype(cells.dtype):
        return False
    known = cells.dropna()
    return bool((np.isfinite(known) & (known == known.round()) & (known.abs() < 2**53)).all())


def as_read(values: Sequence[str], missing: bool) -> dict[str, str]:
    """What `pandas.read_csv` may make of the values, where that is no value itself: text -> value.

    It takes 01067 for 1067, True for a truth and NA for nothing, by what else is in the column. A
    text that may come of two values is left out. missing: whether empty cells are values too.
    """
    known = [*values, *([""] if missing else [])]
    made: dict[str, set[str]] = {}
    for cells in ([*known], *([value] for value in known)):
        frame = pd.read_csv(io.StringIO(_quoted(cells)), skip_blank_lines=False)
        for value, text in zip(cells, table_of_frame(frame, ["c"]).cells["c"], strict=True):
            made.setdefault(text, set()).add(value)
    return {
        text: next(iter(of))
        for text, of in made.items()
        if len(of) == 1 and text not in {*values, next(iter(of))}
    }


def _quoted(cells: Sequence[str]) -> str:
    return pd.DataFrame({"c": cells}).to_csv(index=False)
