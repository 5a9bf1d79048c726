"""Raw tables, read as text, so that an error can name file, row and column.

The rows of a CSV file are numbered as an editor numbers lines: the header is row 1. Those of a
Parquet file are counted from 1; those of a .ts file bear the number of their line.
"""

import contextlib
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest
from depthgauge.tables.cells import (
    NUMBER,
    Float64Array,
    has_sign,
    has_thousands,
    in_brackets,
    is_absent,
    is_missing,
    parse_numbers,
)
from depthgauge.tables.csv import check_beginning, decode, name_columns, split_rows
from depthgauge.tables.sizes import (
    read_raw,
    require_columns_fit,
    require_sequences_fit,
    require_text_fits,
)
from depthgauge.tables.ts import is_ts, parse_ts

if TYPE_CHECKING:
    from depthgauge.tables.cells import Cells

_LARGEST = float(np.finfo(np.float32).max)


# What a column holds, as pandas reads it.
Label = Literal["text", "bool", "int", "float"]


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
    messages call it by. types: what a column holds where the file says it, as Parquet does. cells:
    for each column its N cells as text, or as float64 where they come
    from a column of numbers of a pandas frame.
    """

    path: Path
    digest: str
    decimal: str
    columns: tuple[str, ...]
    lines: Sequence[int]
    cells: dict[str, "Cells"]
    types: Mapping[str, Label] = field(default_factory=dict)

    def error(self, row: int, column: str, what: str) -> InputError:
        """An error at a cell; row counts data rows from 0."""
        return InputError(f"{self.path}: row {self.lines[row]}, column {quote(column)}: {what}")


def quote(text: str) -> str:
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
    """Read a CSV file with one header row, written as `written` says, a Parquet or a .ts file.

    Empty lines are skipped. Raises InputError when the file cannot be read, is not such a table
    or has no rows.
    """
    return parse_table(path, read_raw(path), written)


def parse_table(path: Path, data: bytes, written: Format) -> Table:
    """The table in the bytes of a file. Raises InputError as `read_table` does."""
    # Imported here: settings, which know the kinds of data, are read without the second it takes.
    import pandas as pd

    if data[:4] == b"PAR1":
        from depthgauge.tables.parquet import parse_parquet

        columns, cells, types = parse_parquet(path, data)
        count = len(next(iter(cells.values())))
        if not count:
            raise InputError(f"{path}: has no rows")
        numbers = range(1, count + 1)
        return Table(path, bytes_digest(data), ".", columns, numbers, cells, types)
    check_beginning(path, data)
    if is_ts(path, data):
        require_sequences_fit(path, data)
        parsed = parse_ts(path, data, written.encoding)
        return Table(path, bytes_digest(data), ".", *parsed)
    require_text_fits(path, data, written.separator)
    rows = split_rows(path, decode(path, data, written.encoding), written.separator)
    require_columns_fit(path, rows[0].cells)
    # Everything is text here, the header too: no cell may turn into NaN, no name be changed.
    as_text: Any = {"header": None, "dtype": str, "keep_default_na": False, "na_filter": False}
    text = io.StringIO("\n".join(row.text for row in rows))
    frame = pd.read_csv(text, sep=written.separator, skip_blank_lines=False, **as_text)
    columns = name_columns(path, [str(name) for name in frame.iloc[0]])
    if len(rows) == 1:
        raise InputError(f"{path}: has a header and no rows below it")
    body = frame.iloc[1:].reset_index(drop=True)
    cells = {name: body[place] for place, name in enumerate(columns)}
    lines = tuple(row.line for row in rows[1:])
    return Table(path, bytes_digest(data), written.decimal, columns, lines, cells)


def require_columns(table: Table, names: Sequence[str]) -> None:
    """Raises InputError for the first name that is no column, with the nearest one that is."""
    lacking = next((name for name in names if name not in table.cells), None)
    if lacking is None:
        return
    folded = {column.casefold(): column for column in reversed(table.columns)}
    near = difflib.get_close_matches(lacking.casefold(), folded, n=1, cutoff=0.5)
    nearest = f"the nearest is {quote(folded[near[0]])}; " if near else ""
    present = ", ".join(quote(column) for column in table.columns[:8])
    more = f" and {len(table.columns) - 8} more" if len(table.columns) > 8 else ""
    number = re.compile(NUMBER.format(re.escape(table.decimal)))
    is_data = any(number.fullmatch(column) for column in table.columns)
    data = "; row 1 must hold the names of the columns" if is_data else ""
    raise InputError(
        f"{table.path}: column {quote(lacking)} is missing; {nearest}present are "
        f"{present}{more}{data}"
    )


def lacks_value(table: Table, column: str) -> npt.NDArray[np.bool_]:
    """(N,) whether a cell has no value: it `is_absent`, or `is_missing` in a column of numbers."""
    cells = table.cells[column]
    absent, missing = is_absent(cells), is_missing(cells)
    if (absent == missing).all():
        return absent
    numbers = parse_numbers(cells[~missing], table.decimal)
    are_numbers = not np.isnan(numbers).any() and np.unique(numbers).size > 1
    return missing if are_numbers else absent


def drop_absent(table: Table, columns: Sequence[str]) -> tuple[Table, int]:
    """The table without the rows of which a column `lacks_value`, and how many these are.

    Raises InputError where no row is left.
    """
    require_columns(table, columns)
    bad = np.any([lacks_value(table, column) for column in columns], axis=0)
    count = int(bad.sum())
    if not count:
        return table, 0
    if bad.all():
        raise InputError(f"{table.path}: column {quote(columns[0])}: is empty in every row")
    return take_rows(table, np.flatnonzero(~bad)), count


def take_rows(table: Table, rows: npt.NDArray[np.intp]) -> Table:
    """The table of some rows, in the order of their places."""
    cells = {name: column.iloc[rows].reset_index(drop=True) for name, column in table.cells.items()}
    return replace(table, lines=tuple(table.lines[int(row)] for row in rows), cells=cells)


def read_numbers(table: Table, column: str, positive: bool, missing: bool = False) -> Float64Array:
    """(N,) numbers of a column; `positive` demands values above 0, as a logarithm does.

    With `missing` a cell that `is_missing` is NaN. Raises InputError with row and column for any
    other text, infinity and anything beyond the range of float32.
    """
    require_columns(table, [column])
    cells = table.cells[column]
    values = parse_numbers(cells, table.decimal)
    bad = ~((np.abs(values) <= _LARGEST) & ((values > 0) | (not positive)))
    if missing and bad.any():
        bad &= ~is_missing(cells)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise table.error(row, column, _fault(cells, row, float(values[row]), table.decimal))
    return values


def _fault(cells: "Cells", row: int, value: float, decimal: str) -> str:
    """Why a cell is no number that can be used."""
    is_text = cells.dtype != np.float64
    cell = str(cells[row]) if is_text or not np.isnan(value) else ""
    if not cell.strip():
        return "is empty; a number is needed: fill it in, or take the row out"
    if np.isnan(value) and is_text and has_thousands(cells[row : row + 1])[0]:
        return (
            f"{quote(cell)} has separators between its thousands, or another decimal mark "
            f"than data.decimal; write it as 1234{decimal}5"
        )
    if np.isnan(value) and is_text and has_sign(cells[row : row + 1])[0]:
        return f"{quote(cell)} has a sign beside its number; write the number alone"
    if np.isnan(value) and is_text and in_brackets(cells[row : row + 1])[0]:
        return f"{quote(cell)} stands in brackets; write what is below 0 as -1{decimal}2"
    if np.isnan(value):
        example = "12.5" if decimal == "." else "12,5"
        return f"{quote(cell)} is not a finite number such as {example}"
    if not abs(value) <= _LARGEST:
        return f"{quote(cell)} is beyond the range of float32"
    return f"{quote(cell)} has no logarithm; it must be above 0"


def read_number_columns(table: Table, columns: Sequence[str]) -> Float64Array:
    """(N, F) numbers of F columns. Raises InputError as `read_numbers` does."""
    require_columns(table, columns)
    matrix = np.stack([read_numbers(table, column, False) for column in columns], axis=1)
    return np.ascontiguousarray(matrix)


def read_labels(table: Table, column: str, missing: bool = False) -> tuple[str, ...]:
    """N labels without the spaces around them; with `missing`, "" where one is missing.

    Raises InputError for an empty one otherwise.
    """
    require_columns(table, [column])
    stripped = table.cells[column].str.strip()
    empty = np.flatnonzero(stripped == "")
    if empty.size and not missing:
        raise table.error(int(empty[0]), column, "is empty; a value is needed")
    return tuple(stripped)
