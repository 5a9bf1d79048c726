"""The cells of a Parquet file as text, as if they stood in a CSV file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from depthgauge.errors import InputError
from depthgauge.memory import require_free_memory
from depthgauge.tables.csv import name_columns
from depthgauge.tables.sizes import require_cells_fit, require_columns_fit

if TYPE_CHECKING:
    from depthgauge.tables.table import Label

# What the reader raises for damaged bytes, the decoding of names and texts among it.
_DAMAGED = (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, LookupError)


_TYPES: tuple[tuple[Callable[[pa.DataType], bool], "Label"], ...] = (
    (pa.types.is_boolean, "bool"),
    (pa.types.is_integer, "int"),
    (pa.types.is_floating, "float"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
)


def parse_parquet(
    path: Path, data: bytes
) -> tuple[tuple[str, ...], dict[str, "pd.Series[str]"], dict[str, "Label"]]:
    """Column names, and for each of them its N cells: "" for null and NaN, ISO days and times; and
    what those columns hold that hold truth values, numbers or text.

    Floating-point numbers have the shortest digits that read back to the same number. Raises
    InputError for a damaged file, as `name_columns` does, for a column of lists, structures or
    bytes, and for what memory cannot hold: a few bytes can stand for as many rows as you like.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        schema, rows = file.schema_arrow, file.metadata.num_rows
        names = name_columns(path, [str(name) for name in schema.names])
    except _DAMAGED as error:
        raise _damaged(path, error) from error
    require_columns_fit(path, len(names))
    for name, kind in zip(names, map(_held, schema.types), strict=True):
        if _is_no_cell(kind):
            what = f"holds {kind}; numbers or text are needed"
            raise InputError(f"{path}: column {name[:40]!r}: {what}")
    require_cells_fit(path, rows, len(names))
    try:
        # Text stays as it was written, each but once, until it is known how long it is in full.
        texts = [f.name for f in schema if pa.types.is_string(f.type)]
        table = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts).read()
        table.validate(full=True)
        columns = dict(zip(names, table.columns, strict=True))
        length = sum(map(_length, table.columns))
    except _DAMAGED as error:
        raise _damaged(path, error) from error
    require_free_memory(4 * length, f"{path}: its {length:,} bytes of text")
    types = {name: _label(column.type) for name, column in columns.items()}
    cells = {name: _text(path, name, column) for name, column in columns.items()}
    return names, cells, {name: label for name, label in types.items() if label is not None}


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(f"{path}: is no Parquet file that can be read: {_cut(error)}")


def _held(kind: pa.DataType) -> pa.DataType:
    """What the cells of a column are, which may be numbers of a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_no_cell(kind: pa.DataType) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    return any(is_such(kind) for is_such in (*tests, pa.types.is_nested))


def _length(column: pa.ChunkedArray) -> int:
    """The bytes of its texts, each as often as it stands in a row."""
    if not (pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)):
        return 0
    lengths = (pc.binary_length(part.dictionary).take(part.indices) for part in column.chunks)
    return sum(pc.sum(each.cast(pa.int64())).as_py() or 0 for each in lengths)


def _label(kind: pa.DataType) -> "Label | None":
    return next((label for is_such, label in _TYPES if is_such(_held(kind))), None)


def _text(path: Path, name: str, column: pa.ChunkedArray) -> "pd.Series[str]":
    try:
        kind = _held(column.type)
        if pa.types.is_dictionary(column.type):
            column = column.cast(kind)
        if pa.types.is_floating(kind):
            column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
        if pa.types.is_timestamp(kind) and pc.all(
            pc.equal(column, pc.floor_temporal(column, unit="day"))
        ).as_py() in (True, None):
            column = column.cast(pa.date32())
        text = pc.fill_null(column.cast(pa.string()), "")
        return pd.Series(text.to_pandas(), dtype=str)
    except _DAMAGED as error:
        raise InputError(f"{path}: column {name[:40]!r}: {_cut(error)}") from error


def _cut(error: BaseException) -> str:
    """The reader's words, which may hold half of the file."""
    text = str(error) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:197]}..."
