"""Tables of results, as CSV."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from depthgauge.files.atomic import write_file
from depthgauge.files.formulas import guard, unguard
from depthgauge.files.outputs import intact, read_output


def write_table(
    path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()
) -> None:
    """Write rows with the same keys as CSV; None and NaN are empty cells, floats have nine digits.

    columns: those of the header where there is no row. Text is no formula to a spreadsheet.

    Raises InputError if the file cannot be written.
    """
    names = list(rows[0]) if rows else columns
    lines = [[guarded(row[name], as_cell) for name in names] for row in rows]
    write_file(path, csv_text([names, *lines]).encode())


def csv_text(lines: Iterable[Iterable[object]]) -> str:
    """Lines of cells as CSV."""
    sink = _Lines()
    csv.writer(sink).writerows(lines)
    return sink.getvalue()


class _Lines(io.StringIO):
    """Ends lines with LF alone. Told so, Python's writer would leave a CR within a cell bare."""

    def write(self, line: str) -> int:
        return super().write(f"{line.removesuffix(csv.excel.lineterminator)}\n")


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of what `write_table` wrote, as text. Raises InputError if missing or damaged."""
    data = read_output(path)
    with intact(path, csv.Error):
        rows = list(csv.DictReader(io.StringIO(data.decode()), strict=True))
        # A row that is longer than the header has the key None, a shorter one a value None.
        if not rows or any(None in (*row, *row.values()) for row in rows):
            raise ValueError("no rows, or uneven ones")
        return [{key: unguard(cell) for key, cell in row.items()} for row in rows]


def guarded(value: object, other: Callable[[object], object] = lambda value: value) -> object:
    """Text so that it is no formula to a spreadsheet; what is no text as `other` has it."""
    return guard(value) if isinstance(value, str) else other(value)


def as_cell(value: object) -> object:
    """A value as it is written."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return value
