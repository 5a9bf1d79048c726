"""How large a raw table may be: refused in one line before it is read, and not read half.

The bytes below are what reading takes at the very least, as measured with tables of a million rows
and of a hundred thousand columns.
"""

from contextlib import suppress
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes
from depthgauge.memory import require_free_memory
from depthgauge.progress import say

# Each costs a millisecond, whatever stands in it, and a name in params.yaml.
MOST_COLUMNS = 100_000
# Of a text its bytes, decoded and cut into rows; of each row and each cell what holds it.
_TEXT, _ROW, _CELL = 5, 150, 60
_VALUE = 100
# Of CSV it is a few seconds' work.
_LARGE = 20_000_000
# Of a Parquet file each row, while a column is looked at, and each cell.
_PARQUET_ROW, _PARQUET_CELL = 120, 35


def read_raw(path: Path) -> bytes:
    """The contents of a raw file. Raises InputError as `read_bytes` does, and where memory cannot
    hold them."""
    # What is wrong with its place is told when it is read.
    with suppress(OSError, ValueError):
        size = path.stat().st_size
        require_free_memory(2 * size, f"{path}: its {size:,} bytes")
        if size > _LARGE:
            say(f"{path}: reads {size / 1e6:,.0f} MB")
    return read_bytes(path)


def require_text_fits(path: Path, data: bytes, separator: str) -> None:
    """Raises InputError for a CSV file that memory cannot hold."""
    lines = max(data.count(b"\n"), data.count(b"\r"))
    cells = lines + sum(data.count(mark.encode()) for mark in separator)
    needed = _TEXT * len(data) + _ROW * lines + _CELL * cells
    require_free_memory(needed, f"{path}: about {lines:,} rows")


def require_sequences_fit(path: Path, data: bytes) -> None:
    """Raises InputError for a .ts file that memory cannot hold."""
    values = data.count(b",") + data.count(b":")
    needed = _TEXT * len(data) + _VALUE * values
    require_free_memory(needed, f"{path}: about {values:,} values")


def require_cells_fit(path: Path, rows: int, columns: int) -> None:
    """Raises InputError for a Parquet file that memory cannot hold, whatever its own size."""
    needed = rows * (_PARQUET_ROW + columns * _PARQUET_CELL)
    require_free_memory(needed, f"{path}: {rows:,} rows of {columns:,} columns")


def require_columns_fit(path: Path, columns: int) -> None:
    """Raises InputError for more columns than a table may have."""
    if columns > MOST_COLUMNS:
        what = f"has {columns:,} columns; {MOST_COLUMNS:,} are the most that a table may have"
        raise InputError(f"{path}: {what}: leave some out")
