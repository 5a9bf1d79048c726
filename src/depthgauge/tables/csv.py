"""CSV text as rows that know the lines on which they start, and what is no table at all.

pandas fills short rows up and knows no line numbers: that is what this module is for.
"""

import codecs
import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from depthgauge.errors import InputError

# Ctrl-Z, which ends a text of DOS, and what may follow it.
_END = re.compile(r"\x1a[\s\x1a]*\Z")
_PICTURE = "a picture; a table in CSV or Parquet is needed"
# What such files begin with, what they are and what to do.
_BEGINNINGS = (
    (rb"PK\x03\x04", "a workbook or an archive; save the sheet as CSV, or unpack the archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a workbook; save the sheet as CSV"),
    (rb"\x1f\x8b|BZh[1-9]1AY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd", "compressed; unpack it"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a", _PICTURE),
    (rb"%PDF-", "a PDF; save the table in it as CSV"),
    (rb"SQLite format 3\x00", "a database; save a table of it as CSV"),
    (rb"\x89HDF|ARROW1|FEA1", "of another kind; save the table as CSV or Parquet"),
    (rb"\s*(\{\s*\"|\[\s*[\[{])", "JSON; save the table as CSV or Parquet"),
    (rb"\s*<(\?xml|!doctype|html|table)", "HTML or XML; save the table as CSV"),
)


@dataclass(frozen=True)
class Row:
    """A row that is not empty. line: where it starts, from 1. text: without its line end."""

    line: int
    text: str
    cells: int


def check_beginning(path: Path, data: bytes) -> None:
    """Raises InputError for the bytes of a workbook, an archive, a picture and the like."""
    first = data[:256].removeprefix(b"\xef\xbb\xbf")
    for beginning, what in _BEGINNINGS:
        if re.match(beginning, first, re.IGNORECASE if b"<" in beginning else 0):
            raise InputError(f"{path}: is {what}")


def decode(path: Path, data: bytes, encoding: str) -> str:
    """The text, less a byte order mark. Raises InputError naming the row that is none."""
    name = codecs.lookup(encoding).name
    nul = -1 if name.startswith(("utf-16", "utf-32")) else data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise InputError(
            f"{path}: row {line}: holds a NUL byte; save the table as UTF-8 text, or set "
            "data.encoding to utf-16 if it is that"
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}: row {line}: is not {name.upper()}; save the table as UTF-8, or name its own "
            "encoding in data.encoding"
        ) from error
    except (UnicodeError, ValueError) as error:
        raise InputError(f"{path}: is not {name.upper()}: {error}") from error
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{path}: row {line}: holds a NUL character; is data.encoding right?")
    return text


def name_columns(path: Path, cells: Sequence[str]) -> tuple[str, ...]:
    """The names in a header, without the spaces around them.

    A column without a name is called by its place, "column 1": pandas and R write the numbers of
    the rows so. Raises InputError for a header without columns and where two have one name.
    """
    names = tuple(cell.strip() or f"column {place}" for place, cell in enumerate(cells, 1))
    if not names:
        raise InputError(f"{path}: has no columns")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        is_data = re.fullmatch(r"[+-]?[0-9.,]*[0-9]", name)
        header = ", or put a line of names above row 1 where it is data" if is_data else ""
        what = f"column {name[:40]!r} occurs {count} times; give each a name of its own{header}"
        raise InputError(f"{path}: row 1: {what}")
    return names


def split_rows(path: Path, text: str, separator: str) -> list[Row]:
    """The rows, which all have as many cells as the first.

    Where a quote stands behind a separator and a space, it opens a cell, if the rows come out alike
    so. Lines of nothing but spaces, and what old programs end a file with (Ctrl-Z), are no rows.
    Raises InputError naming the row at fault, and for a text without any.
    """
    text = _END.sub("", text)
    rows, cause = _spaced_rows(path, text, separator)
    if rows:
        return rows
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if '"' in text or max(map(len, lines)) > csv.field_size_limit():
        rows = [row for row, _ in _walk_cells(path, text, separator, False)]
    else:
        # Without quotes a line is a row and every separator ends a cell.
        rows = [Row(k, line, line.count(separator) + 1) for k, line in enumerate(lines, 1) if line]
    rows = _without_blanks(rows)
    if not rows:
        raise InputError(f"{path}: is empty; a header and rows below it are needed")
    for row in rows:
        if row.cells != rows[0].cells and cause is not None:
            # What stands within quotes was split: why is the cause.
            raise cause
        if row.cells != rows[0].cells:
            what = f"has {row.cells} cells; the header has {rows[0].cells}{_cure(rows)}"
            raise InputError(f"{path}: row {row.line}: {what}")
    return rows


def _spaced_rows(path: Path, text: str, separator: str) -> tuple[list[Row], InputError | None]:
    """The rows where spaces stand before quotes, none where there are none; and what is wrong."""
    spaced = re.compile(rf"(?m)(^|{re.escape(separator)}) +\"")
    if not spaced.search(text):
        return [], None
    with contextlib.suppress(InputError):
        plain = list(_walk_cells(path, text, separator, False))
        alike = len({row.cells for row, _ in plain if row.text.strip()}) == 1
        kept = (cell for row, cells in plain if spaced.search(row.text) for cell in cells)
        if alike and not any(re.match(' +"', cell) for cell in kept):
            # The quotes are within other quotes.
            return [], None
    try:
        read = _walk_cells(path, text, separator, True)
        rows = _without_blanks([replace(row, text=_join(cells, separator)) for row, cells in read])
    except InputError as error:
        return [], error
    return (rows if len({row.cells for row in rows}) == 1 else []), None


def _without_blanks(rows: list[Row]) -> list[Row]:
    """The rows, less lines of nothing but spaces where the header has several cells."""
    header = next((row for row in rows if row.text.strip()), None)
    if header is None or header.cells == 1:
        return rows
    return [row for row in rows if row.cells > 1 or row.text.strip()]


def _cure(rows: list[Row]) -> str:
    """What to do where most rows agree with each other and not with the first."""
    cells, count = Counter(row.cells for row in rows[1:]).most_common(1)[0]
    if cells == rows[0].cells or 2 * count <= len(rows):
        return ""
    return (
        f", row {rows[0].line}: {rows[0].text[:40]!r}; it must name all {cells} columns: take "
        "titles and comments above the names out, or add the names that lack"
    )


def _walk_cells(
    path: Path, text: str, separator: str, skip_spaces: bool
) -> Iterator[tuple[Row, list[str]]]:
    """Rows, which may hold line ends within quotes, and their cells.

    skip_spaces: whether those behind a separator are no part of a cell.
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=skip_spaces, strict=True)
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
            text = "".join(lines[start : reader.line_num]).rstrip("\r\n")
            yield Row(start + 1, text, len(cells)), cells


def _join(cells: Sequence[str], separator: str) -> str:
    line = io.StringIO(newline="")
    quoted = csv.writer(line, delimiter=separator, lineterminator="", quoting=csv.QUOTE_ALL)
    quoted.writerow(cells)
    return line.getvalue()
