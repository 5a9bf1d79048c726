"""The cells of a Parquet file as text, as if they stood in a CSV file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from depthgauge.errors import InputError
from depthgauge.tables.csv import name_columns

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
    InputError for a damaged file, as `name_columns` does, and for a column of lists, structures or
    bytes.
    """
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        table.validate(full=True)
        names = name_columns(path, [str(name) for name in table.column_names])
    except _DAMAGED as error:
        raise InputError(f"{path}: is no Parquet file that can be read: {_cut(error)}") from error
    columns = dict(zip(names, table.columns, strict=True))
    types = {name: _label(column.type) for name, column in columns.items()}
    cells = {name: _text(path, name, column) for name, column in columns.items()}
    return names, cells, {name: label for name, label in types.items() if label is not None}


def _label(kind: pa.DataType) -> "Label | None":
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return next((label for is_such, label in _TYPES if is_such(kind)), None)


def _text(path: Path, name: str, column: pa.ChunkedArray) -> "pd.Series[str]":
    try:
        kind = column.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
            column = column.cast(kind)
        if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            what = f"holds {kind}; numbers or text are needed"
            raise InputError(f"{path}: column {name[:40]!r}: {what}")
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
