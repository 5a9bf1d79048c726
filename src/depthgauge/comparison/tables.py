"""Runs in a CSV or Parquet file, batch by batch: a row a run, or a row a run and step.

Also what W&B exports of a chart, a column for each run.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from depthgauge.comparison.chart import is_chart, table_of_chart
from depthgauge.comparison.melted import melted
from depthgauge.comparison.reduce import Reducer
from depthgauge.comparison.runs import Asked, RunTable
from depthgauge.errors import InputError
from depthgauge.progress import Progress
from depthgauge.tables.csv import check_beginning, name_columns

# The bytes of a CSV file that are one batch, of which several are read ahead; rows of Parquet.
BLOCK = 2 << 20
ROWS = 200_000
BEGINNING = 1 << 16
SEPARATORS = ",;\t|"
_DAMAGED = (pa.ArrowException, OSError, ValueError, LookupError)


def read_table(path: Path, asked: Asked) -> RunTable:
    """The runs in a file. Raises InputError for a file that is missing, damaged or no table."""
    names, batches = _open(path)
    if is_chart(names):
        return table_of_chart(str(path), names, batches, asked)
    apart = melted(names, asked)
    with Progress(f"compare: {path.name}", None, "rows") as progress:
        if apart is None:
            reducer, measured = Reducer(str(path), names, asked), []
        else:
            # What is named is known at the end only: the file is read twice.
            every = (apart.names_in(batch) for batch in batches)
            measured = [*dict.fromkeys(name for found in every for name in found)]
            reducer = apart.reducer(str(path), measured, asked)
            batches = _open(path)[1]
        for batch in batches:
            reducer.add(batch if apart is None else apart.wide(batch, measured))
            progress.advance(batch.num_rows)
    return reducer.table()


def _open(path: Path) -> tuple[list[str], Iterator[pa.Table]]:
    """The names of the columns, and batches of them as text."""
    try:
        with path.open("rb") as file:
            beginning = file.read(BEGINNING)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if beginning[:4] == b"PAR1":
        return _open_parquet(path)
    check_beginning(path, beginning)
    if not beginning.strip():
        raise InputError(f"{path}: is empty; a header and rows below it are needed")
    return _open_csv(path, beginning)


def _open_csv(path: Path, beginning: bytes) -> tuple[list[str], Iterator[pa.Table]]:
    text = _decode(path, beginning)
    # Within quotes a separator separates nothing.
    plain = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    separator = max(SEPARATORS, key=plain.count)
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    parse = pa.csv.ParseOptions(delimiter=separator, newlines_in_values=b'"' in beginning)
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), null_values=[""], strings_can_be_null=True
    )
    names = list(name_columns(path, header))
    return names, _batches_csv(path, names, parse, convert)


def _decode(path: Path, beginning: bytes) -> str:
    # The beginning may end within a character.
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        return decoder.decode(beginning)
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save the table as that") from None


def _batches_csv(
    path: Path, names: list[str], parse: pa.csv.ParseOptions, convert: pa.csv.ConvertOptions
) -> Iterator[pa.Table]:
    read = pa.csv.ReadOptions(block_size=BLOCK, use_threads=False)
    with _in_one_line(path), pa.csv.open_csv(path, read, parse, convert) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch]).rename_columns(names)


def _open_parquet(path: Path) -> tuple[list[str], Iterator[pa.Table]]:
    with _in_one_line(path):
        schema = pq.read_schema(path)
        names = name_columns(path, [str(name) for name in schema.names])
        # What no cell of a table holds is no setting either.
        kept = [place for place, field in enumerate(schema) if not _is_deep(field.type)]
    return [names[place] for place in kept], _batches_parquet(path, list(names), kept)


def _batches_parquet(path: Path, names: list[str], kept: list[int]) -> Iterator[pa.Table]:
    with _in_one_line(path), pq.ParquetFile(path) as file:
        columns = [file.schema_arrow.names[place] for place in kept]
        for batch in file.iter_batches(batch_size=ROWS, columns=columns):
            texts = [_as_text(column) for column in batch.columns]
            yield pa.table(texts, names=[names[place] for place in kept])


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.string())


def _is_deep(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_nested(kind) or pa.types.is_binary(kind))


@contextmanager
def _in_one_line(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise InputError(f"{path}: cannot be read: {str(error)[:200]}") from error
