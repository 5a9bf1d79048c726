"""Tables of results, as CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from depthgauge.files.atomic import write_file
from depthgauge.files.outputs import intact, read_output


def write_table(
    path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str] = ()
) -> None:
    """Write rows with the same keys as CSV; None and NaN are empty cells, floats have nine digits.

    columns: those of the header where there is no row.

    Raises InputError if the file cannot be written.
    """
    sink = io.StringIO()
    writer = csv.DictWriter(
        sink, fieldnames=list(rows[0]) if rows else columns, lineterminator="\n"
    )
    writer.writeheader()
    for row in rows:
        writer.writerow({key: as_cell(value) for key, value in row.items()})
    write_file(path, sink.getvalue().encode())


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of what `write_table` wrote, as text. Raises InputError if missing or damaged."""
    data = read_output(path)
    with intact(path, csv.Error):
        rows = list(csv.DictReader(io.StringIO(data.decode()), strict=True))
        # A row that is longer than the header has the key None, a shorter one a value None.
        if not rows or any(None in (*row, *row.values()) for row in rows):
            raise ValueError("no rows, or uneven ones")
        return rows


def as_cell(value: object) -> object:
    """A value as it is written."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return value
