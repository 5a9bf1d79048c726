import numpy as np
import pytest
from sklearn.preprocessing import OneHotEncoder

from depthgauge.data.kinds.table import SplitRule, encoded, prepare_table
from depthgauge.errors import InputError

COUNTS = {"train": 30, "validation": 12, "test": 18}
N = 60
RNG = np.random.default_rng(2)
NUMBERS = RNG.normal(size=(N, 2))
TOWNS = [str(town) for town in RNG.choice(["north", "south", "west"], N)]
PRICES = RNG.normal(size=N)
CLASSES = [("a", "b")[k % 2] for k in range(N)]
ROWS = [str(k) for k in range(N)]


def rule(by="rows", order=None, groups=None):
    return SplitRule(by, COUNTS, order, groups)


def prepared(target=PRICES, numbers=NUMBERS, towns=TOWNS, reference=None, split=None):
    names = ["x", "y"]
    split = split or rule()
    return prepare_table(numbers, names, {"town": towns}, target, reference, ROWS, split, 0, 3)


def test_categories_are_those_of_scikit_learn():
    inputs, names = encoded(NUMBERS, ["x", "y"], {"town": TOWNS})
    expected = OneHotEncoder(sparse_output=False).fit_transform(np.array(TOWNS)[:, None])
    np.testing.assert_array_equal(inputs[:, 2:], expected)
    np.testing.assert_array_equal(inputs[:, :2], NUMBERS.astype(np.float32))
    assert names == ("x", "y", "town=north", "town=south", "town=west")


def test_missing_cells_are_marked():
    numbers, towns = NUMBERS.copy(), list(TOWNS)
    numbers[4, 1] = np.nan
    towns[7] = ""
    inputs, names = encoded(numbers, ["x", "y"], {"town": towns})
    assert names[2] == "y is missing"
    assert names[-1] == "town is missing"
    assert np.isnan(inputs[4, 1])
    assert np.flatnonzero(inputs[:, 2]).tolist() == [4]
    assert np.flatnonzero(inputs[:, -1]).tolist() == [7]
    assert np.isnan(inputs[7, 3:-1]).all()
    assert np.isnan(inputs).sum() == 1 + 3


def test_regression_and_its_scaling():
    table = prepared(reference=PRICES + 1)
    assert (table.task, table.classes, table.target_shape) == ("regression", (), (1,))
    np.testing.assert_array_equal(table.targets[:, 0], PRICES.astype(np.float32))
    np.testing.assert_array_equal(table.reference[:, 0], (PRICES + 1).astype(np.float32))
    for replicate, rows in enumerate(table.splits.train):
        cells = table.inputs[rows].astype(np.float64)
        np.testing.assert_allclose(table.scaling.input_centre[replicate], cells.mean(0), rtol=1e-5)
        np.testing.assert_allclose(table.scaling.input_scale[replicate], cells.std(0), rtol=1e-5)


def test_classification():
    table = prepared(CLASSES)
    assert (table.task, table.classes, table.target_shape) == ("classification", ("a", "b"), ())
    assert [table.classes[k] for k in table.targets] == CLASSES


def test_each_way_to_split():
    order = RNG.permutation(N).astype(float)
    timed = prepared(split=rule("time", order))
    when = order[[int(name) for name in timed.row_names]]
    assert (np.diff(when) > 0).all()
    assert set(when[timed.splits.test[0]]) == set(range(42, 60))
    groups = [str(k // 3) for k in range(N)]
    splits = prepared(split=rule("group", groups=groups)).splits
    parts = [{groups[row] for row in splits[name][0]} for name in COUNTS]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    labels = np.array(CLASSES)[prepared(CLASSES, split=rule("stratified")).splits.test[0]]
    assert (labels == "a").sum() == 9


def test_refused():
    with pytest.raises(InputError, match="no input columns"):
        encoded(np.empty((N, 0)), [], {})
    with pytest.raises(InputError, match="column 'y': is empty in every row"):
        encoded(np.column_stack([NUMBERS[:, 0], np.full(N, np.nan)]), ["x", "y"], {})
    with pytest.raises(InputError, match="two inputs would be called 'town=north'"):
        encoded(NUMBERS, ["x", "town=north"], {"town": TOWNS})
    with pytest.raises(InputError, match="only class 'a'"):
        prepared(["a"] * N)
    with pytest.raises(InputError, match="none of its 30 training rows is of class 'rare'"):
        prepared([*CLASSES[:-1], "rare"], split=SplitRule("time", COUNTS, np.arange(N), None))
    with pytest.raises(InputError, match="stratified needs classes"):
        prepared(split=rule("stratified"))


def test_a_column_too_fine_for_float32_is_named():
    numbers = NUMBERS.copy()
    numbers[:, 1] = 1e8 + np.arange(N)
    with pytest.raises(InputError, match=r"^input 'y': training values of size 1e"):
        prepared(numbers=numbers)
