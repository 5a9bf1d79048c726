import datetime
import io

import numpy as np
import pandas as pd
import pytest

from depthgauge.errors import InputError
from depthgauge.tables.dates import read_days
from depthgauge.tables.table import is_missing, read_labels, read_numbers, read_table


@pytest.fixture
def parse_table(tmp_path):
    def write(frame):
        path = tmp_path / "table.parquet"
        frame.to_parquet(path)
        return read_table(path)

    return write


def test_cells_are_those_of_the_frame(parse_table):
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
    table = parse_table(frame)
    assert table.columns == tuple(frame.columns)
    np.testing.assert_array_equal(read_numbers(table, "float", False), values)
    np.testing.assert_array_equal(read_numbers(table, "whole", False), np.arange(50))
    assert read_labels(table, "text") == tuple(frame["text"])
    assert read_labels(table, "kind") == ("a", "b") * 25
    assert read_labels(table, "yes") == ("true", "false") * 25
    assert read_days(table, "day")[1] == np.datetime64("2020-01-02")


def test_null_and_nan_are_empty(parse_table):
    frame = pd.DataFrame({"x": [1.5, float("nan"), None], "t": ["a", None, "b"]})
    table = parse_table(frame)
    assert list(table.cells["x"]) == ["1.5", "", ""]
    assert list(table.cells["t"]) == ["a", "", "b"]
    assert is_missing(table.cells["x"]).tolist() == [False, True, True]
    with pytest.raises(InputError, match="row 2, column 'x': is empty"):
        read_numbers(table, "x", False)


def test_refused(parse_table, tmp_path):
    with pytest.raises(InputError, match=r"column 'x': holds list"):
        parse_table(pd.DataFrame({"x": [[1], [2]]}))
    with pytest.raises(InputError, match="has no rows"):
        parse_table(pd.DataFrame({"x": pd.Series([], dtype=float)}))
    sink = io.BytesIO()
    pd.DataFrame({"x": [1, 2], "d": [datetime.date(2020, 1, 1)] * 2}).to_parquet(sink)
    path = tmp_path / "half.parquet"
    path.write_bytes(sink.getvalue()[:200])
    with pytest.raises(InputError, match="is no Parquet file that can be read"):
        read_table(path)
