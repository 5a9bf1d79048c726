"""The rows of a CSV text with the lines on which they start, before pandas cuts them into cells.

pandas fills short rows up and knows no line numbers: that is what this module is for.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from depthgauge.errors import InputError


@dataclass(frozen=True)
class Row:
    """A row that is not empty. line: where it starts, from 1. text: without its line end."""

    line: int
    text: str
    cells: int


def decoded(path: Path, data: bytes) -> str:
    """UTF-8 text, less a byte order mark. Raises InputError naming the row that is none."""
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise InputError(f"{path}: row {line}: holds a NUL byte; save the table as UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: row {line}: is not UTF-8; save the table as UTF-8") from error


def csv_rows(path: Path, text: str) -> list[Row]:
    """The rows, which all have as many cells as the first.

    Raises InputError naming the row at fault, and for a text without any.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if '"' in text or max(map(len, lines)) > csv.field_size_limit():
        rows = list(_walked(path, text))
    else:
        # Without quotes a line is a row and every comma ends a cell.
        rows = [Row(k, line, line.count(",") + 1) for k, line in enumerate(lines, 1) if line]
    if not rows:
        raise InputError(f"{path}: is empty; a header and rows below it are needed")
    for row in rows:
        if row.cells != rows[0].cells:
            raise InputError(
                f"{path}: row {row.line}: has {row.cells} cells; the header has {rows[0].cells}"
            )
    return rows


def _walked(path: Path, text: str) -> Iterator[Row]:
    """Rows that may hold line ends within quotes."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, strict=True)
    while True:
        start = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"{path}: row {start + 1}: is no row of a CSV file: {error}"
            ) from error
        if cells:
            yield Row(start + 1, "".join(lines[start : reader.line_num]).rstrip("\r\n"), len(cells))
