"""Parquet files of every type, then damaged."""

import datetime
import decimal
import functools
import io
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from tests.hostile.tables import NAMES, arguments
from tests.hostile.user import Outcome, User, damage

ROWS = 60
EPOCH = datetime.datetime(2020, 1, 1)
COLUMNS = {
    "float": pa.array([(k * 37 % 11) / 7 for k in range(ROWS)]),
    "large": pa.array([1e300 * (k + 1) for k in range(ROWS)]),
    "special": pa.array([[float("nan"), float("inf"), 1.0, None][k % 4] for k in range(ROWS)]),
    "half": pa.array([float(k) for k in range(ROWS)]).cast(pa.float16()),
    "whole": pa.array([k * 7 % 13 for k in range(ROWS)]),
    "unsigned": pa.array([2**64 - 1 - k for k in range(ROWS)], pa.uint64()),
    "small": pa.array([k % 3 for k in range(ROWS)], pa.int8()),
    "yes": pa.array([k % 2 == 0 for k in range(ROWS)]),
    "text": pa.array(["abc"[k % 3] for k in range(ROWS)]),
    "odd text": pa.array(["\x1b[31m", "\0", "\u202e", None][k % 4] for k in range(ROWS)),
    "long": pa.array(["x" * 10_000] * ROWS),
    "large text": pa.array(["abc"[k % 3] for k in range(ROWS)], pa.large_string()),
    "kind": pa.array(["abc"[k % 3] for k in range(ROWS)]).dictionary_encode(),
    "codes": pa.array([k % 3 for k in range(ROWS)]).dictionary_encode(),
    "bytes": pa.array([b"\xff\0"] * ROWS),
    "fixed": pa.array([b"1234"] * ROWS, pa.binary(4)),
    "decimal": pa.array([decimal.Decimal(k) / 8 for k in range(ROWS)], pa.decimal128(30, 20)),
    "day": pa.array([EPOCH.date() + datetime.timedelta(k) for k in range(ROWS)]),
    "time": pa.array([EPOCH + datetime.timedelta(hours=k) for k in range(ROWS)]),
    "zone": pa.array(
        [EPOCH + datetime.timedelta(hours=k) for k in range(ROWS)],
        pa.timestamp("us", "Europe/Berlin"),
    ),
    "far": pa.array([-(2**62) + k for k in range(ROWS)], pa.timestamp("us")),
    "clock": pa.array([datetime.time(k % 24) for k in range(ROWS)]),
    "duration": pa.array([k * 10**6 for k in range(ROWS)], pa.duration("us")),
    "nothing": pa.nulls(ROWS),
    "list": pa.array([[1, 2]] * ROWS),
    "struct": pa.array([{"a": 1, "b": "c"}] * ROWS),
    "map": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
}
PLAIN = ("float", "whole", "small", "yes", "text", "kind", "day", "time", "decimal")


def parquet(user: User, random: Random) -> Outcome:
    """Some columns in one of the ways to write them, then damaged."""
    known = PLAIN if random.random() < 0.8 else tuple(COLUMNS)
    chosen = tuple(random.choice(known) for _ in range(random.randint(1, 5)))
    names = [random.choice(NAMES) if random.random() < 0.1 else f"c{k}" for k in range(len(chosen))]
    codec = random.choice(("snappy", "none", "gzip", "zstd"))
    data = _written(chosen, tuple(names), codec, random.choice((None, 7)), random.random() < 0.5)
    way = random.random()
    if way < 0.4:
        data = damage(data, random)
    elif way < 0.75:
        # Behind it lies what says where everything is.
        footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        data = damage(data[:footer], random)[:footer].ljust(footer, b"\0") + data[footer:]
    return user.new(data, random.choice(("t.parquet", "t.csv")), *arguments(random, names))


@functools.lru_cache(1000)
def _written(
    columns: tuple[str, ...], names: tuple[str, ...], codec: str, group: int | None, few: bool
) -> bytes:
    table = pa.Table.from_arrays([COLUMNS[column] for column in columns], names=list(names))
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=group, compression=codec, use_dictionary=few)
    return sink.getvalue()
