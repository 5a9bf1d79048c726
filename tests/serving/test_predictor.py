"""What a network says of raw rows that are not as in the raw table."""

import io

import numpy as np
import pandas as pd
import pytest

from depthgauge.errors import InputError
from depthgauge.serving.frame import as_read, table_of_frame
from depthgauge.serving.predictor import (
    Predictor,
    class_labels,
    predictor_files,
    read_predictor,
)

NETWORK = {
    "family": "mlp",
    "depth": 0,
    "width": 1,
    "activation": "relu",
    "initialisation": "kaiming_uniform",
}
NO_TARGET = {"target_centre": np.zeros(1, np.float32), "target_scale": np.ones(1, np.float32)}


def linear(rows, inputs, **further):
    """The sum of the inputs, each scaled by a mean of 1 and a deviation of 2."""
    description = {
        "rows": rows,
        "task": "regression",
        "target": "y",
        "classes": [],
        "network": {"settings": NETWORK, "input_shape": [inputs], "outputs": 1},
        **further,
    }
    tensors = {
        "0.weight": np.ones((1, inputs), np.float32),
        "0.bias": np.zeros(1, np.float32),
        "input_centre": np.ones(inputs, np.float32),
        "input_scale": np.full(inputs, 2, np.float32),
        **NO_TARGET,
    }
    return Predictor(description, tensors)


@pytest.fixture
def table():
    rows = {
        "kind": "table",
        "may_miss": True,
        "numbers": [{"name": "a", "marked": True}, {"name": "b", "marked": False}],
        "categories": [{"name": "c", "values": ["1", "2"], "as_read": {}, "marked": False}],
    }
    return linear(rows, 5)


def test_numbers_categories_and_what_is_missing(table):
    rows = pd.DataFrame({"c": [1, 2], "b": [3, 5.0], "a": [7, np.nan], "y": [0, 0]}, [4, 9])
    answers = table.predict(rows)
    # a, a is missing, b, c=1, c=2: minus 1, half of it; a missing a counts nothing.
    assert answers.y.tolist() == [3 - 0.5 + 1 + 0 - 0.5, 0 + 0 + 2 - 0.5 + 0]
    assert answers.index.tolist() == [4, 9]


@pytest.mark.parametrize("category", [[2, None], [2.0, np.nan], ["2", ""], ["2", None]])
def test_a_missing_category_is_none_of_them(table, category):
    answers = table.predict(pd.DataFrame({"a": 1, "b": 1, "c": category}))
    assert answers.y.tolist() == [-0.5 - 0.5, -0.5]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": [1, 1], "b": [1, "x"], "c": 1}, "input: cannot be read as a table: "),
        ({"a": 1, "b": ["1", "x"], "c": 1}, "input: row 2, column 'b': 'x' is not a finite num"),
        ({"a": [1], "c": 1}, "input: column 'b' is missing; "),
        ({"a": 1, "b": [1, 1], "c": [1, 3]}, "input: row 2, column 'c': '3' is no category of"),
        ({"a": [], "b": [], "c": []}, "input: has no rows"),
        ({"a": [1], "B": [1], "c": 1}, "input: column 'b' is missing; the nearest is 'B'"),
        ({"x": [1]}, "input: column 'a' is missing; present are 'x'"),
    ],
)
def test_what_it_cannot_take(table, frame, message):
    with pytest.raises(InputError, match="^" + message.replace("(", r"\(")):
        table.predict(pd.DataFrame(frame))


@pytest.fixture
def series():
    rows = {
        "kind": "series",
        "date": "day",
        "columns": ["v"],
        "window": 2,
        "horizon": 2,
        "gaps": "exclude",
        "transform": "none",
    }
    return linear(rows, 2)


def days(*numbers):
    return [f"2024-01-{number:02}" for number in numbers]


@pytest.mark.parametrize("dates", [days, lambda *n: pd.to_datetime(days(*n))])
def test_every_window_of_a_stretch_of_days(series, dates):
    answers = series.predict(pd.DataFrame({"day": dates(1, 2, 3, 6, 7), "v": [1, 3, 5, 7, 9]}))
    assert answers.day.tolist() == days(4, 5, 9)
    assert answers.y.tolist() == [1, 3, 7]


def test_a_stretch_too_short(series):
    for stretch in (days(1), days(1, 3)):
        with pytest.raises(InputError, match="has no 2 days in a row; the network predicts from 2"):
            series.predict(pd.DataFrame({"day": stretch, "v": 1.0}))


def test_absent_days_are_interpolated_but_for_the_last(series):
    series.description["rows"]["gaps"] = "interpolate"
    answers = series.predict(pd.DataFrame({"day": days(1, 3), "v": [1, 5]}))
    assert answers.day.tolist() == days(5)
    assert answers.y.tolist() == [1 + 2]


def test_rows_as_steps_whatever_their_dates(series):
    series.description["rows"]["gaps"] = "ignore"
    months = ["2024-03", "2024-01", "2024-02", "2024-04"]
    answers = series.predict(pd.DataFrame({"day": months, "v": [5, 1, 3, 7]}))
    # By horizon 2: from January and February to April, and so on beyond what is known.
    assert answers.day.tolist() == ["2024-04", "2024-04 + 1", "2024-04 + 2"]
    assert answers.y.tolist() == [1, 3, 5]
    with pytest.raises(InputError, match="has no 2 rows in a row; the network predicts from 2 row"):
        series.predict(pd.DataFrame({"day": ["2024-03"], "v": 1}))


def test_classes_as_pandas_reads_them():
    assert class_labels(["-1", "0", "12"]).tolist() == [-1, 0, 12]
    for names in (["01", "2"], ["a", "1"], ["1.0", "2.0"], ["²", "1"], ["--1", "2"]):
        assert class_labels(names).tolist() == names


def test_a_column_that_is_there_twice(table):
    rows = pd.DataFrame([[1, 2, 3, "1"]], columns=["a", "b", "b", "c"])
    with pytest.raises(InputError, match="input: column 'b' is there 2 times"):
        table.predict(rows)


def test_names_are_those_of_a_raw_table():
    table = table_of_frame(pd.read_csv(io.StringIO(", b\n5,6\n")), ["column 1", "b"])
    assert [list(table.cells[name]) for name in ("column 1", "b")] == [["5"], ["6"]]


@pytest.mark.parametrize(
    ("values", "missing", "expected"),
    [
        (["False", "True"], False, {"false": "False", "true": "True"}),
        (["a", "NA"], False, {"": "NA"}),
        # An empty cell could be either.
        (["a", "NA"], True, {}),
        (["01067", "02"], False, {"1067": "01067", "2": "02"}),
        (["01", "1"], False, {}),
        (["1.50", "x"], False, {"1.5": "1.50"}),
        (["1", "2"], True, {}),
        (['say "x", y', "z"], False, {}),
    ],
)
def test_what_pandas_makes_of_categories(values, missing, expected):
    assert as_read(values, missing) == expected


def test_it_comes_back_from_its_files(table, tmp_path):
    for name, data in predictor_files(table).items():
        (tmp_path / name).write_bytes(data)
    again = read_predictor(tmp_path / "network.json", tmp_path / "network.safetensors")
    rows = pd.DataFrame({"a": [1.5], "b": 2, "c": "1"})
    assert again.predict(rows).equals(table.predict(rows))


def test_whole_numbers_stay_whole_where_some_are_missing():
    frame = pd.DataFrame({"c": [3.0, np.nan], "d": [0.5, np.nan], "e": 1})
    table = table_of_frame(frame, ["c", "d"])
    assert list(table.cells["c"]) == ["3", ""]
    assert list(table.cells["d"]) == ["0.5", ""]
    assert set(table.cells) == {"c", "d"}
