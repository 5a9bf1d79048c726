"""Raw tables, read as text, so that an error can name file, row and column.

The rows of a CSV file are numbered as an editor numbers lines: the header is row 1. Those of a
Parquet file are counted from 1.
"""

import contextlib
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.files.digests import bytes_digest
from depthgauge.tables.csv_rows import csv_rows, decoded
from depthgauge.tables.header import column_names
from depthgauge.tables.no_table import check_beginning
from depthgauge.tables.parquet import parquet_cells

# pandas alone would also take "nan", "infinity" and "True" for numbers.
_NUMBER = r"[ \t]*[+-]?([0-9]+{0}?[0-9]*|{0}[0-9]+)([eE][+-]?[0-9]+)?[ \t]*"
_THOUSANDS = r"[ \t]*[+-]?[0-9]{1,3}([., '\u00a0\u202f\u2019_][0-9]{3})+([.,][0-9]*)?[ \t]*"
# How people and programs write that a number is not there, in small letters.
_ABSENT = frozenset(("", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "null"))
_MISSING = _ABSENT | {"none", "?", "-", "--", "."}
# A sign of a currency or of percent before or behind a number, whatever its decimal mark is.
_SIGN = r"[$€£¥]"
_SIGNED = rf"[+-]?({_SIGN} ?[+-]?[0-9][0-9., ]*|[0-9][0-9., ]*({_SIGN}|%))"
_LARGEST = float(np.finfo(np.float32).max)


class Format(NamedTuple):
    """How a CSV file is written."""

    separator: str
    encoding: str
    decimal: str


PLAIN = Format(",", "utf-8", ".")


@dataclass(frozen=True)
class Table:
    """A raw file as text.

    path: as the person gave it. digest: SHA-256 of the bytes that were read. decimal: the decimal
    mark of its numbers. columns: names in file order. lines: for each data row the number that
    messages call it by. cells: for each column its N cells.
    """

    path: Path
    digest: str
    decimal: str
    columns: tuple[str, ...]
    lines: Sequence[int]
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


def read_table(path: Path, written: Format = PLAIN) -> Table:
    """Read a CSV file with one header row, written as `written` says, or a Parquet file.

    Empty lines are skipped. Raises InputError when the file cannot be read, is not such a table
    or has no rows.
    """
    return table_of(path, read_bytes(path), written)


def table_of(path: Path, data: bytes, written: Format) -> Table:
    """The table in the bytes of a file. Raises InputError as `read_table` does."""
    if data[:4] == b"PAR1":
        columns, cells = parquet_cells(path, data)
        count = len(next(iter(cells.values())))
        if not count:
            raise InputError(f"{path}: has no rows")
        return Table(path, bytes_digest(data), ".", columns, range(1, count + 1), cells)
    check_beginning(path, data)
    rows = csv_rows(path, decoded(path, data, written.encoding), written.separator)
    # Everything is text here, the header too: no cell may turn into NaN, no name be changed.
    frame = pd.read_csv(
        io.StringIO("\n".join(row.text for row in rows)),
        sep=written.separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
    )
    columns = column_names(path, [str(name) for name in frame.iloc[0]])
    if len(rows) == 1:
        raise InputError(f"{path}: has a header and no rows below it")
    body = frame.iloc[1:].reset_index(drop=True)
    cells = {name: body[place] for place, name in enumerate(columns)}
    lines = tuple(row.line for row in rows[1:])
    return Table(path, bytes_digest(data), written.decimal, columns, lines, cells)


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
        spelled = spelled_numbers(pd.Series(table.columns, dtype=str), table.decimal)
        data = "; row 1 must hold the names of the columns" if not np.isnan(spelled).all() else ""
        raise InputError(
            f"{table.path}: column {shown(name)} is missing; {nearest}present are "
            f"{present}{more}{data}"
        )


def spelled_numbers(cells: "pd.Series[str]", decimal: str) -> npt.NDArray[np.float64]:
    """(N,) numbers, NaN for a cell that is no number; infinite beyond the range of a double."""
    spelled = cells.str.fullmatch(_NUMBER.format(re.escape(decimal))).to_numpy(np.bool_)
    plain = cells if decimal == "." else cells.str.replace(decimal, ".", regex=False)
    values = pd.to_numeric(plain.where(spelled, ""), errors="coerce").to_numpy(np.float64)
    return np.where(spelled, values, np.nan)


def missing_numbers(cells: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell says that its number is not there: it is empty, NA, NaN, null, ?."""
    return cells.str.strip().str.lower().isin(_MISSING).to_numpy(np.bool_)


def with_thousands(cells: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell looks like a number with separators between its thousands: 1,234."""
    return cells.str.fullmatch(_THOUSANDS).to_numpy(np.bool_)


def with_signs(cells: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell looks like a number with the sign of a currency or of percent: 5 %."""
    return cells.str.strip().str.fullmatch(_SIGNED).to_numpy(np.bool_)


def absent(cells: "pd.Series[str]") -> npt.NDArray[np.bool_]:
    """(N,) whether a cell says that there is nothing, be it a number or a name: it is empty, NA."""
    return cells.str.strip().str.lower().isin(_ABSENT).to_numpy(np.bool_)


def with_value(table: Table, columns: Sequence[str]) -> tuple[Table, int]:
    """The table without the rows of which a column is `absent`, and how many these are.

    Raises InputError where no row is left.
    """
    require_columns(table, columns)
    bad = np.any([absent(table.cells[column]) for column in columns], axis=0)
    count = int(bad.sum())
    if not count:
        return table, 0
    if bad.all():
        raise InputError(f"{table.path}: column {shown(columns[0])}: is empty in every row")
    return at_rows(table, np.flatnonzero(~bad)), count


def at_rows(table: Table, rows: npt.NDArray[np.intp]) -> Table:
    """The table of some rows, in the order of their places."""
    cells = {name: column.iloc[rows].reset_index(drop=True) for name, column in table.cells.items()}
    return replace(table, lines=tuple(table.lines[int(row)] for row in rows), cells=cells)


def numbers(
    table: Table, column: str, positive: bool, missing: bool = False
) -> npt.NDArray[np.float64]:
    """(N,) numbers of a column; `positive` demands values above 0, as a logarithm does.

    With `missing` a cell that `missing_numbers` knows is NaN. Raises InputError with row and
    column for any other text, infinity and anything beyond the range of float32.
    """
    require_columns(table, [column])
    cells = table.cells[column]
    values = spelled_numbers(cells, table.decimal)
    spelled = ~np.isnan(values)
    bad = ~(spelled & (np.abs(values) <= _LARGEST) & ((values > 0) | (not positive)))
    if missing and bad.any():
        bad &= ~missing_numbers(cells)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        cell = str(cells[row])
        if not cell.strip():
            what = "is empty; a number is needed: fill it in, or take the row out"
        elif not spelled[row] and with_thousands(cells[row : row + 1])[0]:
            what = (
                f"{shown(cell)} has separators between its thousands, or another decimal mark "
                "than data.decimal; write it as 1234.5"
            )
        elif not spelled[row] and with_signs(cells[row : row + 1])[0]:
            what = f"{shown(cell)} has a sign beside its number; write the number alone"
        elif not spelled[row]:
            example = "12.5" if table.decimal == "." else "12,5"
            what = f"{shown(cell)} is not a finite number such as {example}"
        elif not abs(values[row]) <= _LARGEST:
            what = f"{shown(cell)} is beyond the range of float32"
        else:
            what = f"{shown(cell)} has no logarithm; it must be above 0"
        raise table.error(row, column, what)
    return values


def number_columns(
    table: Table, columns: Sequence[str], missing: bool = False
) -> npt.NDArray[np.float64]:
    """(N, F) numbers of F columns. Raises InputError as `numbers` does."""
    require_columns(table, columns)
    matrix = np.empty((len(table.lines), len(columns)))
    for place, column in enumerate(columns):
        matrix[:, place] = numbers(table, column, False, missing)
    return matrix


def categories(table: Table, column: str, missing: bool) -> list[str]:
    """N values without the spaces around them; "" where one is missing.

    Raises InputError for an empty cell unless `missing` allows them.
    """
    return list(labels(table, column)) if not missing else _stripped(table, column)


def _stripped(table: Table, column: str) -> list[str]:
    require_columns(table, [column])
    return [str(cell) for cell in table.cells[column].str.strip()]


def labels(table: Table, column: str) -> tuple[str, ...]:
    """N class labels without the spaces around them. Raises InputError for an empty one."""
    require_columns(table, [column])
    stripped = table.cells[column].str.strip()
    empty = np.flatnonzero(stripped == "")
    if empty.size:
        raise table.error(int(empty[0]), column, "is empty; a value is needed")
    return tuple(stripped)
