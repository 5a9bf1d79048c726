import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder

from depthgauge.data.classes import number_classes
from depthgauge.data.kinds.kind import parse_encoder
from depthgauge.data.kinds.table import TableData
from depthgauge.errors import InputError
from depthgauge.serving.frame import read_frame
from depthgauge.tables.table import PLAIN, Format, read_labels, read_table
from tests.data.make import FILE, make_table, prepare

COUNTS = {"train": 30, "validation": 12, "test": 18}
N = 60
RNG = np.random.default_rng(2)
NUMBERS = RNG.normal(size=(N, 2))
TOWNS = [str(town) for town in RNG.choice(["north", "south", "west"], N)]
PRICES = RNG.normal(size=N)
CLASSES = [("a", "b")[k % 2] for k in range(N)]


def table_of(target=PRICES, numbers=NUMBERS, towns=TOWNS, **further):
    columns = {"x": numbers[:, 0], "y": numbers[:, 1], "town": towns, "target": target}
    return make_table(columns | further, range(N))


def settings(by="rows", column=None, **changes):
    values = {
        "kind": "table",
        "target": "target",
        "group": None,
        "task": "regression",
        "numbers": ["x", "y"],
        "categories": ["town"],
        "missing": "mean",
        "reference": None,
        "split": {"by": by, "column": column, **COUNTS},
    }
    return TableData(**FILE, **(values | changes))


def dataset_of(table, data=None):
    return prepare(data or settings(), table, 0, 3)[0]


def classes(labels=CLASSES, by="rows", column=None, **further):
    data = settings(by, column, task="classification")
    return dataset_of(table_of(labels, **further), data)


def test_categories_are_those_of_scikit_learn():
    dataset = dataset_of(table_of())
    expected = OneHotEncoder(sparse_output=False).fit_transform(np.array(TOWNS)[:, None])
    np.testing.assert_array_equal(dataset.inputs[:, 2:], expected)
    np.testing.assert_array_equal(dataset.inputs[:, :2], NUMBERS.astype(np.float32))
    assert dataset.input_names == ("x", "y", "town=north", "town=south", "town=west")


def test_missing_cells_are_marked():
    numbers, towns = NUMBERS.copy(), list(TOWNS)
    numbers[4, 1] = np.nan
    towns[7] = ""
    dataset = dataset_of(table_of(numbers=numbers, towns=towns))
    inputs, names = dataset.inputs, dataset.input_names
    assert names[2] == "y is missing"
    assert names[-1] == "town is missing"
    assert np.isnan(inputs[4, 1])
    assert np.flatnonzero(inputs[:, 2]).tolist() == [4]
    assert np.flatnonzero(inputs[:, -1]).tolist() == [7]
    assert np.isnan(inputs[7, 3:-1]).all()
    assert np.isnan(inputs).sum() == 1 + 3
    with pytest.raises(InputError, match="row 4, column 'y': is empty; a number is needed"):
        dataset_of(table_of(numbers=numbers), settings(missing="refuse"))


def test_regression_and_its_scaling():
    table = dataset_of(table_of(truth=PRICES + 1), settings(reference="truth"))
    assert (table.task, table.classes, table.target_shape) == ("regression", (), (1,))
    np.testing.assert_array_equal(table.targets[:, 0], PRICES.astype(np.float32))
    np.testing.assert_array_equal(table.reference[:, 0], (PRICES + 1).astype(np.float32))
    for replicate, rows in enumerate(table.splits.train):
        cells = table.inputs[rows].astype(np.float64)
        np.testing.assert_allclose(table.scaling.input_centre[replicate], cells.mean(0), rtol=1e-5)
        np.testing.assert_allclose(table.scaling.input_scale[replicate], cells.std(0), rtol=1e-5)


def test_classification():
    table = classes()
    assert (table.task, table.classes, table.target_shape) == ("classification", ("a", "b"), ())
    assert [table.classes[k] for k in table.targets] == CLASSES


def test_each_way_to_split():
    order = RNG.permutation(N).astype(float)
    timed = dataset_of(table_of(when=order), settings("time", "when"))
    when = order[[int(name) for name in timed.row_names]]
    assert (np.diff(when) > 0).all()
    assert set(when[timed.splits.test[0]]) == set(range(42, 60))
    groups = [str(k // 3) for k in range(N)]
    splits = dataset_of(table_of(group=groups), settings("group", group="group")).splits
    parts = [{groups[row] for row in splits[name][0]} for name in COUNTS]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    labels = np.array(CLASSES)[classes(by="stratified").splits.test[0]]
    assert (labels == "a").sum() == 9


def test_refused():
    empty = np.column_stack([NUMBERS[:, 0], np.full(N, np.nan)])
    with pytest.raises(InputError, match=r"^table.csv: column 'y': is empty in every row"):
        dataset_of(table_of(numbers=empty))
    twice = table_of(**{"town=north": PRICES})
    with pytest.raises(InputError, match="two inputs would be called 'town=north'"):
        dataset_of(twice, settings(numbers=["x", "town=north"]))
    with pytest.raises(InputError, match="only class 'a'"):
        classes(["a"] * N)
    with pytest.raises(InputError, match="none of its 30 training examples is of class 'rare'"):
        classes([*CLASSES[:-1], "rare"], "time", "when", when=np.arange(N))


def test_a_column_too_fine_for_float32_is_named():
    numbers = NUMBERS.copy()
    numbers[:, 1] = 1e8 + np.arange(N)
    with pytest.raises(InputError, match=r"^table.csv: input 'y': training values of size 1e"):
        dataset_of(table_of(numbers=numbers))


@pytest.mark.parametrize(
    ("values", "unknown"),
    [(["False", "True"], "true"), (["01067", "02"], "1067"), (['say "x", y', "z"], "y")],
)
def test_a_category_is_what_the_raw_table_has(values, unknown):
    data = settings(numbers=[])
    encoder = data.fit(table_of(towns=[values[k % len(values)] for k in range(N)]))
    for place, value in enumerate(sorted(values)):
        found = encoder.encode(make_table({"town": [value]})).inputs[0]
        assert found.tolist() == [float(k == place) for k in range(len(values))]
    with pytest.raises(InputError, match=f"row 2, column 'town': {unknown!r} is no category"):
        encoder.encode(make_table({"town": [unknown]}))


LABELS = {
    "bool": [k % 3 == 0 for k in range(N)],
    "whole": [k % 3 - 1 for k in range(N)],
    "whole floats": [float(k % 3) for k in range(N)],
    "floats": [k % 3 / 2 for k in range(N)],
    "text": CLASSES,
    "digits": [("1", "2")[k % 2] for k in range(N)],
}


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("written", ["csv", "german", "parquet"])
def test_answers_have_the_type_of_the_raw_target(kind, written, tmp_path):
    frame = pd.DataFrame({"x": NUMBERS[:, 0], "flag": LABELS["bool"], "target": LABELS[kind]})
    path, german = tmp_path / "raw", {"sep": ";", "decimal": ","}
    how = german if written == "german" else {}
    if written == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, **how)
    raw = pd.read_parquet(path) if written == "parquet" else pd.read_csv(path, **how)
    table = read_table(path, Format(";", "utf-8", ",") if how else PLAIN)
    data = settings(task="classification", numbers=["x"], categories=["flag"])
    encoder = data.fit(table)
    # An encoder comes back from its file.
    encoder = parse_encoder(encoder.model_dump_json().encode())
    places = number_classes(read_labels(table, "target"), encoder.classes)
    answers = encoder.decode(np.eye(len(encoder.classes))[places])
    assert (answers.target == raw.target).all()
    assert answers.target.dtype.kind == raw.target.dtype.kind
    # And categories are known however pandas reads them.
    inputs = encoder.encode(read_frame(raw, encoder.columns, encoder.number_columns)).inputs
    np.testing.assert_array_equal(inputs, encoder.encode(table).inputs)


def test_an_encoder_of_plain_classes_is_as_it_was():
    data = settings(task="classification")
    assert "label" not in data.fit(table_of(CLASSES)).model_dump()


@pytest.mark.parametrize(
    "written", [("TRUE", "FALSE"), ("true", "false"), ("1.0", "2.0"), ("0.50", "2")]
)
def test_categories_as_pandas_reads_them(written, tmp_path):
    path = tmp_path / "raw.csv"
    cells = [written[k % 2] for k in range(N)]
    pd.DataFrame({"x": NUMBERS[:, 0], "town": cells, "target": PRICES}).to_csv(path, index=False)
    table = read_table(path)
    encoder = settings(numbers=["x"]).fit(table)
    read = read_frame(pd.read_csv(path), encoder.columns, encoder.number_columns)
    np.testing.assert_array_equal(encoder.encode(read).inputs, encoder.encode(table).inputs)
    with pytest.raises(InputError, match="is no category of the raw table"):
        encoder.encode(read_frame(pd.DataFrame({"x": [1.0], "town": ["3"]}), ["x", "town"], ["x"]))
