"""Whatever X and y come as, and what is said where they cannot be."""

import numpy as np
import pandas as pd
import pytest

import depthgauge as dg
from depthgauge.notebook.data import as_raw
from depthgauge.notebook.sweep import _experiment
from tests.own_networks import write_networks

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 3))
Y = X[:, 0] + RNG.normal(size=80)
FRAME = pd.DataFrame(X, columns=list("abc"), index=range(80, 0, -1)).assign(
    town=RNG.choice(list("xyz"), 80), price=Y
)


def write(frame, folder):
    frame.to_csv(folder / "my.csv", index=False)
    return folder / "my.csv"


def settings(*given, target=None, groups=None, **more):
    X, y = (*given, None)[:2]
    return _experiment(X, y, target, groups, more).settings


@pytest.mark.parametrize(
    ("X", "y"),
    [
        (X, Y),
        (X.tolist(), Y.tolist()),
        (X, Y[:, None]),
        (pd.DataFrame(X, columns=["x0", "x1", "x2"]), pd.Series(Y, index=range(80, 0, -1))),
        ({f"x{k}": X[:, k] for k in range(3)}, tuple(Y)),
    ],
    ids=["arrays", "lists", "a column", "a frame", "a mapping"],
)
def test_the_same_data_are_the_same_table(X, y):
    raw = as_raw(X, y, None, None)
    expected = pd.DataFrame({f"x{k}": np.asarray(FRAME.iloc[:, k]) for k in range(3)} | {"y": Y})
    pd.testing.assert_frame_equal(raw.frame, expected)
    assert (raw.target, raw.kind) == ("y", "table")


def test_the_target_is_named_or_given():
    for given in (settings(FRAME, "price"), settings(FRAME, target="price")):
        assert (given.data.target, given.data.task) == ("price", "regression")
        assert given.data.categories == ["town"]
    apart = settings(FRAME.drop(columns="price"), FRAME["price"])
    assert apart.data == given.data


def test_kinds_and_tasks_are_inferred_as_for_a_file(tmp_path):
    images = settings(RNG.normal(size=(80, 4, 4)), ["ab"[k % 2] for k in range(80)])
    assert (images.data.kind, images.recipe.loss.name) == ("images", "cross_entropy")
    assert settings(X, (Y > 0).astype(int)).data.task == "classification"
    assert settings(X, Y > 0).data.task == "classification"
    dates = pd.date_range("2020-01-01", periods=200)
    days = pd.DataFrame({"n": RNG.normal(size=200) + 9}, index=dates)
    assert (settings(days, "n").data.kind, settings(days, "n").data.date) == ("series", "date")
    file = settings(str(write(FRAME, tmp_path)), "price")
    assert file.data.model_dump(exclude={"path"}) == settings(FRAME, "price").data.model_dump(
        exclude={"path"}
    )


def test_a_network_of_ones_own_is_in_a_file(tmp_path):
    write_networks(tmp_path)
    given = _experiment(X, Y, None, None, {"network": f"{tmp_path}/networks.py:Good"})
    assert given.settings.recipe.network.class_path == "networks.py:Good"
    assert given.settings.points == [1, 2, 3, 4, 5, 6]
    assert {"networks.py", "beside.py"} < given.files.keys()
    with pytest.raises(ValueError, match=r"network=.Net:Net.: must be a file and a class in it"):
        settings(X, Y, network="Net:Net")


def test_groups_are_a_column_that_predicts_nothing(tmp_path):
    for given in (
        settings(FRAME, "price", groups="town"),
        settings(FRAME, "price", group="town"),
        settings(FRAME.drop(columns="town"), "price", groups=FRAME["town"].to_numpy()),
        settings(write(FRAME, tmp_path), "price", groups="town"),
    ):
        assert given.data.group in ("town", "group")
        assert given.data.categories == []


TEXTS = [*map(str, Y)]
TEXTS[7] = "12,5 kg"
ENDLESS = FRAME.assign(a=[*X[:7, 0], np.inf, *X[8:, 0]])


@pytest.mark.parametrize(
    ("given", "more", "said"),
    [
        ((X, Y[:-1]), {}, "y: has 79 values, and X 80 rows"),
        ((X[:, 0], Y), {}, r"X: has the shape \(80,\); .* give X\[:, None\]"),
        ((X, np.c_[Y, Y]), {}, r"y: has the shape \(80, 2\); \(80,\) is needed"),
        ((RNG.normal(size=(80, 4, 5)), Y), {}, "X: images of 4 by 5 pixels; they must be square"),
        ((RNG.normal(size=(80, 4, 4, 3)), Y), {}, "images of one channel are needed"),
        ((FRAME,), {}, "y: is missing"),
        ((FRAME, "prise"), {}, "target: 'prise' is no column; present are 'a', 'b'"),
        ((FRAME, "price"), {"groups": "who"}, "groups: 'who' is no column"),
        ((ENDLESS, "price"), {}, "^data: row 7, column 'a': is inf"),
        ((FRAME.assign(o=[1, "a"] * 40), "price"), {}, "'o': holds int and str; numbers or text"),
        ((FRAME.iloc[:20], "price"), {}, "^data: has 20 rows; 40 are needed"),
        ((X, Y), {"task": "classification"}, 'too many classes .*; use task="regression"'),
        ((FRAME.assign(price=TEXTS), "price"), {}, r"^data: row 7, column .price.: .12,5 kg"),
        ((X, Y), {"epochs": "many"}, "^recipe.epochs: must be a whole number, not 'many'"),
        ((X, Y), {"depth": [2, 1]}, r"^points: \[2, 1\] must be in ascending order"),
        (("/nowhere/x.csv", "y"), {}, "^/nowhere/x.csv: no such file"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(given, more, said):
    with pytest.raises(ValueError, match=said) as error:
        dg.sweep(*given, progress=False, **more)
    assert "\n" not in str(error.value)
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_rows_that_only_a_stage_refuses_are_counted_from_0_too():
    # Told by `prepare`, of the file in which the data are for a moment.
    frame = FRAME.assign(a=X[:, 0]).drop(columns="town")
    frame.iloc[5, 1] = np.nan
    with pytest.raises(ValueError, match=r"^data: row 5, column 'b': is empty"):
        dg.sweep(frame, "price", data={"missing": "refuse"}, progress=False)
