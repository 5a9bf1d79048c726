"""The cells of a Parquet file as text, as if they stood in a CSV file."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from depthgauge.errors import InputError
from depthgauge.tables.header import column_names


def parquet_cells(path: Path, data: bytes) -> tuple[tuple[str, ...], dict[str, "pd.Series[str]"]]:
    """Column names, and for each of them its N cells: "" for null and NaN, ISO days and times.

    Floating-point numbers have the shortest digits that read back to the same number. Raises
    InputError for a damaged file, as `column_names` does, and for a column of lists, structures or
    bytes.
    """
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: is no Parquet file that can be read: {error}") from error
    names = column_names(path, [str(name) for name in table.column_names])
    return names, {
        name: _text(path, name, column) for name, column in zip(names, table.columns, strict=True)
    }


def _text(path: Path, name: str, column: pa.ChunkedArray) -> "pd.Series[str]":
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise InputError(f"{path}: column {name[:40]!r}: holds {kind}; numbers or text are needed")
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    if pa.types.is_timestamp(kind) and pc.all(
        pc.equal(column, pc.floor_temporal(column, unit="day"))
    ).as_py() in (True, None):
        column = column.cast(pa.date32())
    try:
        text = pc.fill_null(column.cast(pa.string()), "")
    except pa.ArrowException as error:
        raise InputError(f"{path}: column {name[:40]!r}: {error}") from error
    return pd.Series(text.to_pandas(), dtype=str)
