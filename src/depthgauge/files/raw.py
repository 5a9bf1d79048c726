"""Raw tables: CSV files read by pandas as text, so that an error can name file, row and column.

Rows are numbered as an editor numbers lines: the header is row 1.
"""

import contextlib
import difflib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.files.csv_rows import csv_rows, decoded
from depthgauge.files.digests import bytes_digest

_ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# pandas alone would also take "nan", "infinity" and "True" for numbers.
_NUMBER = r"[ \t]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t]*"
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Table:
    """A CSV file as text.

    path: as the person gave it. digest: SHA-256 of the bytes that were read. columns: names in
    file order. lines: for each data row the line of the file on which it starts. cells: for each
    column its N cells.
    """

    path: Path
    digest: str
    columns: tuple[str, ...]
    lines: tuple[int, ...]
    cells: dict[str, "pd.Series[str]"]

    def error(self, row: int, column: str, what: str) -> InputError:
        """An error at a cell; row counts data rows from 0."""
        return InputError(f"{self.path}: row {self.lines[row]}, column {shown(column)}: {what}")


def shown(text: str) -> str:
    """A name or cell as a message shows it: quoted, control characters escaped, 40 at most."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


@contextlib.contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Put the file's name before the message of an InputError that knows no file."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read_table(path: Path) -> Table:
    """Read a CSV file: UTF-8 (a byte order mark is skipped), comma-separated, one header row.

    Empty lines are skipped. Raises InputError when the file cannot be read, is not such a table
    or has no rows.
    """
    data = read_bytes(path)
    rows = csv_rows(path, decoded(path, data))
    # Everything is text here, the header too: no cell may turn into NaN, no name be changed.
    frame = pd.read_csv(
        io.StringIO("\n".join(row.text for row in rows)),
        header=None,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
    )
    columns = tuple(name.strip() for name in frame.iloc[0])
    _check_header(path, columns)
    if len(rows) == 1:
        raise InputError(f"{path}: has a header and no rows below it")
    body = frame.iloc[1:].reset_index(drop=True)
    cells = {name: body[place] for place, name in enumerate(columns)}
    return Table(path, bytes_digest(data), columns, tuple(row.line for row in rows[1:]), cells)


def require_columns(table: Table, names: Sequence[str]) -> None:
    """Raises InputError for the first name that is no column, with the nearest one that is."""
    for name in names:
        if name in table.cells:
            continue
        folded = {column.casefold(): column for column in reversed(table.columns)}
        near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
        nearest = f"the nearest is {shown(folded[near[0]])}; " if near else ""
        present = ", ".join(shown(column) for column in table.columns[:8])
        more = f" and {len(table.columns) - 8} more" if len(table.columns) > 8 else ""
        raise InputError(
            f"{table.path}: column {shown(name)} is missing; {nearest}present are {present}{more}"
        )


def numbers(table: Table, column: str, positive: bool) -> npt.NDArray[np.float64]:
    """(N,) numbers of a column; `positive` demands values above 0, as a logarithm does.

    Raises InputError with row and column for an empty cell, text, NaN, infinity and anything
    beyond the range of float32.
    """
    require_columns(table, [column])
    cells = table.cells[column]
    values = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64)
    spelled = cells.str.fullmatch(_NUMBER).to_numpy(np.bool_)
    bad = np.flatnonzero(
        ~(spelled & (np.abs(values) <= _LARGEST) & ((values > 0) | (not positive)))
    )
    if bad.size:
        row = int(bad[0])
        cell = str(cells[row])
        if not cell.strip():
            what = "is empty; a number is needed"
        elif not spelled[row]:
            what = f"{shown(cell)} is not a finite number such as 12.5"
        elif not abs(values[row]) <= _LARGEST:
            what = f"{shown(cell)} is beyond the range of float32"
        else:
            what = f"{shown(cell)} has no logarithm; it must be above 0"
        raise table.error(row, column, what)
    return values


def number_columns(table: Table, columns: Sequence[str]) -> npt.NDArray[np.float64]:
    """(N, F) numbers of F columns. Raises InputError as `numbers` does."""
    require_columns(table, columns)
    matrix = np.empty((len(table.lines), len(columns)))
    for place, column in enumerate(columns):
        matrix[:, place] = numbers(table, column, positive=False)
    return matrix


def dates(table: Table, column: str) -> npt.NDArray[np.datetime64]:
    """(N,) datetime64[D] of a column of ISO days (2024-01-31), each later than the one before.

    Raises InputError with row and column for anything else.
    """
    require_columns(table, [column])
    cells = table.cells[column].str.strip()
    days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    spelled = cells.str.fullmatch(_ISO_DAY).to_numpy(np.bool_)
    # pandas knows a year 0, which no calendar has.
    real = (days.dt.year >= 1).to_numpy(np.bool_)
    after = ~(days.diff() <= pd.Timedelta(0)).to_numpy(np.bool_)
    bad = np.flatnonzero(~(spelled & real & after))
    if bad.size:
        row = int(bad[0])
        cell = str(table.cells[column][row])
        if not cells[row]:
            what = "is empty; a day such as 2024-01-31 is needed"
        elif not spelled[row]:
            what = f"{shown(cell)} is no day such as 2024-01-31"
        elif not real[row]:
            what = f"{shown(cell)} is not in the calendar"
        elif cells[row] == cells[row - 1]:
            what = (
                f"{cells[row]} is already in row {table.lines[row - 1]}; each day may have one row"
            )
        else:
            what = (
                f"{cells[row]} comes after {cells[row - 1]} in row {table.lines[row - 1]}; "
                "sort the rows by day"
            )
        raise table.error(row, column, what)
    return days.to_numpy("datetime64[D]")


def labels(table: Table, column: str) -> tuple[str, ...]:
    """N class labels without the spaces around them. Raises InputError for an empty one."""
    require_columns(table, [column])
    stripped = table.cells[column].str.strip()
    empty = np.flatnonzero(stripped == "")
    if empty.size:
        raise table.error(int(empty[0]), column, "is empty; a class is needed")
    return tuple(stripped)


def _check_header(path: Path, columns: tuple[str, ...]) -> None:
    if "" in columns:
        raise InputError(f"{path}: row 1: column {columns.index('') + 1} has no name")
    name, count = Counter(columns).most_common(1)[0]
    if count > 1:
        raise InputError(f"{path}: row 1: column {shown(name)} occurs {count} times")
