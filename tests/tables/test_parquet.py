import datetime
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.tables.cells import is_missing
from depthgauge.tables.dates import read_days
from depthgauge.tables.table import PLAIN, parse_table, read_labels, read_numbers, read_table


@pytest.fixture
def table_of(tmp_path):
    def write(frame):
        path = tmp_path / "table.parquet"
        frame.to_parquet(path)
        return read_table(path)

    return write


def test_cells_are_those_of_the_frame(table_of):
    values = np.random.default_rng(0).normal(size=50)
    frame = pd.DataFrame(
        {
            "float": values,
            "whole": np.arange(50),
            "text": [f"ä, {k}" for k in range(50)],
            "kind": pd.Categorical(["a", "b"] * 25),
            "yes": [True, False] * 25,
            "day": pd.date_range("2020-01-01", periods=50),
        }
    )
    table = table_of(frame)
    assert table.columns == tuple(frame.columns)
    np.testing.assert_array_equal(read_numbers(table, "float", False), values)
    np.testing.assert_array_equal(read_numbers(table, "whole", False), np.arange(50))
    assert read_labels(table, "text") == tuple(frame["text"])
    assert read_labels(table, "kind") == ("a", "b") * 25
    assert read_labels(table, "yes") == ("true", "false") * 25
    assert read_days(table, "day")[1] == np.datetime64("2020-01-02")


def test_null_and_nan_are_empty(table_of):
    frame = pd.DataFrame({"x": [1.5, float("nan"), None], "t": ["a", None, "b"]})
    table = table_of(frame)
    assert list(table.cells["x"]) == ["1.5", "", ""]
    assert list(table.cells["t"]) == ["a", "", "b"]
    assert is_missing(table.cells["x"]).tolist() == [False, True, True]
    with pytest.raises(InputError, match="row 2, column 'x': is empty"):
        read_numbers(table, "x", False)


def test_refused(table_of, tmp_path):
    with pytest.raises(InputError, match=r"column 'x': holds list"):
        table_of(pd.DataFrame({"x": [[1], [2]]}))
    with pytest.raises(InputError, match="has no rows"):
        table_of(pd.DataFrame({"x": pd.Series([], dtype=float)}))
    sink = io.BytesIO()
    pd.DataFrame({"x": [1, 2], "d": [datetime.date(2020, 1, 1)] * 2}).to_parquet(sink)
    path = tmp_path / "half.parquet"
    path.write_bytes(sink.getvalue()[:200])
    with pytest.raises(InputError, match="is no Parquet file that can be read"):
        read_table(path)


def _written(compression):
    frame = pd.DataFrame(
        {
            "float": np.random.default_rng(0).normal(size=50),
            "whole": np.arange(50),
            "text": [f"ä{k % 7}" for k in range(50)],
            "kind": pd.Categorical(["a", "b"] * 25),
            "day": pd.date_range("2020-01-01", periods=50),
        }
    )
    sink = io.BytesIO()
    frame.to_parquet(sink, compression=compression)
    return sink.getvalue()


GOOD = [_written("snappy"), _written(None)]


def assert_a_table_or_one_plain_line(data):
    message, table = "", None
    try:
        table = parse_table(Path("x.parquet"), data, PLAIN)
    except InputError as error:
        message = str(error)
    if table is not None:
        assert all(len(cells) == len(table.lines) for cells in table.cells.values())
        return
    assert message.startswith("x.parquet: ")
    assert message.isprintable()
    assert len(message) < 500


@settings(max_examples=300, deadline=None)
@given(data=st.data(), good=st.sampled_from(GOOD))
def test_any_changed_bytes_are_a_table_or_one_plain_line(data, good):
    # The names, types and places of columns stand at the end.
    place = st.integers(4, len(good) - 1) | st.integers(len(good) - 2000, len(good) - 1)
    changed = bytearray(good)
    for at, byte in data.draw(st.lists(st.tuples(place, st.integers(0, 255)), min_size=1)):
        changed[at] = byte
    assert_a_table_or_one_plain_line(bytes(changed))


@settings(max_examples=50, deadline=None)
@given(data=st.data(), good=st.sampled_from(GOOD))
def test_a_part_of_a_file(data, good):
    start = data.draw(st.integers(4, len(good)))
    end = data.draw(st.integers(start, len(good)))
    assert_a_table_or_one_plain_line(good[:start] + good[end:])


def test_a_name_that_is_no_text():
    good = GOOD[1]
    for letter in (b"\xfa", b"\x0e"):
        for name in (b"float", b"text"):
            assert_a_table_or_one_plain_line(good.replace(name, letter + name[1:]))
