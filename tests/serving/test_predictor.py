"""What a network says of raw rows that are not as in the raw table."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.data.dataset import Scaling
from depthgauge.data.kinds.series import SeriesEncoder
from depthgauge.data.kinds.table import Category, Number, TableEncoder
from depthgauge.errors import InputError
from depthgauge.serving.predictor import Predictor, read_predictor, write_predictor

NETWORK = {
    "family": "mlp",
    "depth": 0,
    "width": 1,
    "activation": "relu",
    "initialisation": "kaiming_uniform",
}


def linear(encoder):
    """The sum of the inputs, each scaled by a mean of 1 and a deviation of 2."""
    inputs = len(encoder.input_names)
    return Predictor(
        encoder,
        {"settings": NETWORK, "input_shape": [inputs], "outputs": 1},
        {"0.weight": np.ones((1, inputs), np.float32), "0.bias": np.zeros(1, np.float32)},
        Scaling(
            np.ones(inputs, np.float32),
            np.full(inputs, 2, np.float32),
            np.zeros(1, np.float32),
            np.ones(1, np.float32),
        ),
    )


@pytest.fixture
def table():
    return linear(
        TableEncoder(
            kind="table",
            task="regression",
            target="y",
            classes=(),
            may_miss=True,
            numbers=(Number(name="a", marked=True), Number(name="b", marked=False)),
            categories=(Category(name="c", values=("1", "2"), marked=False),),
        )
    )


def test_numbers_categories_and_what_is_missing(table):
    rows = pd.DataFrame({"c": [1, 2], "b": [3, 5.0], "a": [7, np.nan], "y": [0, 0]}, [4, 9])
    answers = table.predict(rows)
    # a, a is missing, b, c=1, c=2: minus 1, half of it; a missing a counts nothing.
    assert answers.y.tolist() == [3 - 0.5 + 1 + 0 - 0.5, 0 + 0 + 2 - 0.5 + 0]
    assert answers.index.tolist() == [4, 9]


def test_a_network_of_numbers_has_no_probabilities(table):
    rows = pd.DataFrame({"a": [1], "b": 1, "c": 1})
    with pytest.raises(InputError, match="answers with numbers, not with classes"):
        table.predict(rows, probabilities=True)


@pytest.mark.parametrize("category", [[2, None], [2.0, np.nan], ["2", ""], ["2", None]])
def test_a_missing_category_is_none_of_them(table, category):
    answers = table.predict(pd.DataFrame({"a": 1, "b": 1, "c": category}))
    assert answers.y.tolist() == [-0.5 - 0.5, -0.5]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": 1, "b": [1, "x"], "c": 1}, "input: row 2, column 'b': 'x' is not a finite num"),
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


def series(**changes):
    settings = {
        "kind": "series",
        "task": "regression",
        "target": "y",
        "classes": (),
        "date": "day",
        "inputs": ("v",),
        "window": 2,
        "horizon": 2,
        "steps": 1,
        "gaps": "exclude",
        "transform": "none",
    }
    return linear(SeriesEncoder(**(settings | changes)))


def days(*numbers):
    return [f"2024-01-{number:02}" for number in numbers]


@pytest.mark.parametrize("dates", [days, lambda *n: pd.to_datetime(days(*n))])
def test_every_window_of_a_stretch_of_days(dates):
    answers = series().predict(pd.DataFrame({"day": dates(1, 2, 3, 6, 7), "v": [1, 3, 5, 7, 9]}))
    assert answers.day.tolist() == days(4, 5, 9)
    assert answers.y.tolist() == [1, 3, 7]


def test_a_stretch_too_short():
    for stretch in (days(1), days(1, 3)):
        with pytest.raises(InputError, match="is too short; the network takes 2 days or more"):
            series().predict(pd.DataFrame({"day": stretch, "v": 1.0}))


def test_absent_days_are_interpolated_but_for_the_last():
    answers = series(gaps="interpolate").predict(pd.DataFrame({"day": days(1, 3), "v": [1, 5]}))
    assert answers.day.tolist() == days(5)
    assert answers.y.tolist() == [1 + 2]


def test_rows_as_steps_whatever_their_dates():
    months = ["2024-03", "2024-01", "2024-02", "2024-04"]
    answers = series(gaps="ignore").predict(pd.DataFrame({"day": months, "v": [5, 1, 3, 7]}))
    # By horizon 2: from January and February to April, and so on beyond what is known.
    assert answers.day.tolist() == ["2024-04", "2024-04 + 1", "2024-04 + 2"]
    assert answers.y.tolist() == [1, 3, 5]
    with pytest.raises(InputError, match="is too short; the network takes 2 rows or more"):
        series(gaps="ignore").predict(pd.DataFrame({"day": ["2024-03"], "v": 1}))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("-1", "0", "12"), [-1, 0, 12]),
        *((names, names) for names in (("01", "2"), ("a", "1"), ("²", "1"), ("True", "1"))),
        (("--1", "2"), ("--1", "2")),
        (("1.0", "2.0"), [1.0, 2.0]),
        (("+1", "-1"), [1, -1]),
        (("0.5", "1e3", "2"), [0.5, 1000.0, 2.0]),
        *((names, [False, True]) for names in (("False", "True"), ("FALSE", "TRUE"))),
    ],
)
def test_classes_as_pandas_reads_them(table, names, expected):
    encoder = table.encoder.model_copy(update={"classes": names, "task": "classification"})
    assert encoder.decode(np.eye(len(names))).y.tolist() == list(expected)


def test_a_column_that_is_there_twice(table):
    rows = pd.DataFrame([[1, 2, 3, "1"]], columns=["a", "b", "b", "c"])
    with pytest.raises(InputError, match="input: column 'b' is there 2 times"):
        table.predict(rows)


def test_it_comes_back_from_its_files(table, tmp_path):
    files = {}
    for name, data in write_predictor(table).items():
        files[name] = tmp_path / name
        files[name].write_bytes(data)
    again = read_predictor(files)
    rows = pd.DataFrame({"a": [1.5], "b": 2, "c": "1"})
    assert again.predict(rows).equals(table.predict(rows))
    assert again.encoder == table.encoder


def test_a_logarithm_is_undone():
    encoder = series().encoder.model_copy(update={"transform": "log"})
    answers = linear(encoder).predict(pd.DataFrame({"day": days(1, 2), "v": [np.e, np.e**3]}))
    assert answers.y.tolist() == pytest.approx([np.exp((1 + 3 - 2) / 2)])
