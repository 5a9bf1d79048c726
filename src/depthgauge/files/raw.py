"""Raw tables: CSV files kept as text, so that an error can name file, row and column.

Rows are numbered as an editor numbers lines: the header is row 1.
"""

import contextlib
import csv
import difflib
import io
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What a number may be written with. float() alone also takes "1_000", "nan" and "infinity".
_NUMBER_CHARACTERS = frozenset("0123456789+-.eE \t")
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
    cells: dict[str, tuple[str, ...]]

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


def read_bytes(path: Path) -> bytes:
    """The contents of a file. Raises InputError when it is missing, no file or not readable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a folder" if path.is_dir() else "a device or pipe"
            raise InputError(f"{_named(path)}: is {what}; a file is needed")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{_named(path)}: no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{_named(path)}: cannot be read: {reason}") from error


def read_table(path: Path) -> Table:
    """Read a CSV file: UTF-8 (a byte order mark is skipped), comma-separated, one header row.

    Empty lines are skipped. Raises InputError when the file cannot be read, is not such a table
    or has no rows.
    """
    data = read_bytes(path)
    text = _decoded(path, data)
    records = _records(path, text)
    _, header = next(records, (0, []))
    columns = tuple(name.strip() for name in header)
    if not columns:
        raise InputError(f"{path}: is empty; a header and rows below it are needed")
    _check_header(path, columns)

    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in records:
        if len(row) != len(columns):
            raise InputError(
                f"{path}: row {line}: has {len(row)} cells; the header has {len(columns)}"
            )
        lines.append(line)
        rows.append(row)
    if not rows:
        raise InputError(f"{path}: has a header and no rows below it")
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True))
    return Table(path, bytes_digest(data), columns, tuple(lines), cells)


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
    values = np.empty(len(table.lines))
    for row, cell in enumerate(table.cells[column]):
        if not _NUMBER_CHARACTERS.issuperset(cell):
            raise table.error(row, column, _not_a_number(cell))
        try:
            value = float(cell)
        except ValueError as error:
            raise table.error(row, column, _not_a_number(cell)) from error
        if abs(value) > _LARGEST:
            raise table.error(row, column, f"{shown(cell)} is beyond the range of float32")
        if positive and value <= 0:
            raise table.error(row, column, f"{shown(cell)} has no logarithm; it must be above 0")
        values[row] = value
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
    days: list[date] = []
    for row, cell in enumerate(table.cells[column]):
        text = cell.strip()
        if not text:
            raise table.error(row, column, "is empty; a day such as 2024-01-31 is needed")
        if not _ISO_DAY.fullmatch(text):
            raise table.error(row, column, f"{shown(cell)} is no day such as 2024-01-31")
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise table.error(row, column, f"{shown(cell)} is not in the calendar") from error
        if days and day <= days[-1]:
            before = table.lines[row - 1]
            what = (
                f"{text} is already in row {before}; each day may have one row"
                if day == days[-1]
                else f"{text} comes after {days[-1]} in row {before}; sort the rows by day"
            )
            raise table.error(row, column, what)
        days.append(day)
    return np.array(days, dtype="datetime64[D]")


def labels(table: Table, column: str) -> tuple[str, ...]:
    """N class labels without the spaces around them. Raises InputError for an empty one."""
    require_columns(table, [column])
    stripped = tuple(cell.strip() for cell in table.cells[column])
    for row, label in enumerate(stripped):
        if not label:
            raise table.error(row, column, "is empty; a class is needed")
    return stripped


def _named(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:97]}...{text[-100:]}"


def _decoded(path: Path, data: bytes) -> str:
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise InputError(f"{path}: row {line}: holds a NUL byte; save the table as UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: row {line}: is not UTF-8; save the table as UTF-8") from error


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not an empty line, with the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{path}: row {line}: is no row of a CSV file: {error}") from error
        if record:
            yield line, record


def _check_header(path: Path, columns: tuple[str, ...]) -> None:
    if "" in columns:
        raise InputError(f"{path}: row 1: column {columns.index('') + 1} has no name")
    name, count = Counter(columns).most_common(1)[0]
    if count > 1:
        raise InputError(f"{path}: row 1: column {shown(name)} occurs {count} times")


def _not_a_number(cell: str) -> str:
    if not cell.strip():
        return "is empty; a number is needed"
    return f"{shown(cell)} is not a finite number such as 12.5"
