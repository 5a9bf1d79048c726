"""A pandas frame as a raw table."""

import datetime
import decimal
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.serving.frame import read_frame
from depthgauge.tables.dates import read_days
from depthgauge.tables.table import read_labels, read_numbers


@given(st.lists(st.floats(-1e38, 1e38), min_size=1))
def test_numbers_stay_as_they_are(values):
    table = read_frame(pd.DataFrame({"x": values}), ["x"], ["x"])
    assert table.cells["x"].dtype == np.float64
    np.testing.assert_array_equal(read_numbers(table, "x", False), values)


@pytest.mark.parametrize(
    "dtype", [int, "int8", "Int64", "Float64", "float32", str, object, "category"]
)
def test_numbers_of_any_type(dtype):
    table = read_frame(pd.DataFrame({"x": pd.Series([1, 2]).astype(dtype)}), ["x"], ["x"])
    assert read_numbers(table, "x", False).tolist() == [1, 2]


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([1.5, np.nan]),
        pd.Series([1.5, None], dtype="Float64"),
        *(pd.Series([1.5, missing], dtype=object) for missing in (None, np.nan, pd.NA, "", "NA")),
    ],
)
def test_a_missing_number(cells):
    table = read_frame(pd.DataFrame({"x": cells}), ["x"], ["x"])
    np.testing.assert_array_equal(read_numbers(table, "x", False, True), [1.5, np.nan])
    with pytest.raises(InputError, match=r"^input: row 2, column 'x': "):
        read_numbers(table, "x", False)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (np.inf, "'inf' is beyond the range of float32"),
        (1e39, "'1e[+]39' is beyond the range of float32"),
        (True, "'True' is not a finite number"),
        ("1,5", "'1,5' is"),
        ([1], r"'\[1\]' is not a finite number"),
    ],
)
def test_no_number(cell, what):
    table = read_frame(pd.DataFrame({"x": pd.Series([cell])}), ["x"], ["x"])
    with pytest.raises(InputError, match=f"^input: row 1, column 'x': {what}"):
        read_numbers(table, "x", False)
    zero = read_frame(pd.DataFrame({"x": [1.0, 0.0]}), ["x"], ["x"])
    with pytest.raises(InputError, match=r"row 2, column 'x': '0.0' has no logarithm"):
        read_numbers(zero, "x", True)


@pytest.mark.parametrize(
    "cells",
    [
        pd.to_datetime(["2024-01-30", "2024-01-31"]),
        pd.to_datetime(["2024-01-30", "2024-01-31"]).tz_localize("Europe/Berlin"),
        pd.PeriodIndex(["2024-01-30", "2024-01-31"], freq="D"),
        [datetime.date(2024, 1, 30), datetime.date(2024, 1, 31)],
        ["2024-01-30", "2024-01-31"],
    ],
)
def test_days_of_any_type(cells):
    table = read_frame(pd.DataFrame({"day": cells}), ["day"], [])
    assert read_days(table, "day").tolist() == [
        datetime.date(2024, 1, 30),
        datetime.date(2024, 1, 31),
    ]


def test_labels_are_what_a_file_would_hold():
    frame = pd.DataFrame(
        {
            "whole": [3.0, np.nan],
            "half": [0.5, np.nan],
            "int": [1, 2],
            "bool": [True, False],
            "category": pd.Categorical(["a", None]),
            "mixed": [decimal.Decimal("1.50"), pd.NaT],
            "text": [" a", "b"],
        }
    )
    table = read_frame(frame, list(frame.columns), [])
    expected = {
        "whole": ("3", ""),
        "half": ("0.5", ""),
        "int": ("1", "2"),
        "bool": ("True", "False"),
        "category": ("a", ""),
        "mixed": ("1.50", ""),
        "text": ("a", "b"),
    }
    assert {name: read_labels(table, name, True) for name in frame} == expected


def test_names_are_those_of_a_raw_table():
    table = read_frame(pd.read_csv(io.StringIO(", b\n5,6\n")), ["column 1", "b"], [])
    assert [list(table.cells[name]) for name in ("column 1", "b")] == [["5"], ["6"]]
    assert set(table.cells) == {"column 1", "b"}


def test_refused():
    for frame, what in (
        (pd.DataFrame({"a": []}), "has no rows"),
        (pd.DataFrame({"A": [1]}), "column 'a' is missing; the nearest is 'A'"),
        (pd.DataFrame([[1, 2]], columns=["a", "a "]), "column 'a' is there 2 times"),
    ):
        with pytest.raises(InputError, match=f"^input: {what}"):
            read_frame(frame, ["a"], ["a"])
