"""Tables of results, as CSV."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from depthgauge.files.atomic import write_file


def write_table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows with the same keys as CSV; None and NaN are empty cells, floats have nine digits.

    Raises InputError if the file cannot be written.
    """
    sink = io.StringIO()
    writer = csv.DictWriter(sink, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    write_file(path, sink.getvalue().encode())


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.9g}"
    return value
