import datetime
import io

import numpy as np
import pandas as pd
import pytest

from depthgauge.errors import InputError
from depthgauge.tables.dates import dates
from depthgauge.tables.table import labels, missing_numbers, numbers, read_table


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
    np.testing.assert_array_equal(numbers(table, "float", False), values)
    np.testing.assert_array_equal(numbers(table, "whole", False), np.arange(50))
    assert labels(table, "text") == tuple(frame["text"])
    assert labels(table, "kind") == ("a", "b") * 25
    assert labels(table, "yes") == ("true", "false") * 25
    assert dates(table, "day")[1] == np.datetime64("2020-01-02")


def test_null_and_nan_are_empty(table_of):
    frame = pd.DataFrame({"x": [1.5, float("nan"), None], "t": ["a", None, "b"]})
    table = table_of(frame)
    assert list(table.cells["x"]) == ["1.5", "", ""]
    assert list(table.cells["t"]) == ["a", "", "b"]
    assert missing_numbers(table.cells["x"]).tolist() == [False, True, True]
    with pytest.raises(InputError, match="row 2, column 'x': is empty"):
        numbers(table, "x", False)


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
