import numpy as np
import pytest

from depthgauge.data.kinds.table import TableData
from depthgauge.data.leakage import find_category_leak, find_leaks, find_number_leak
from tests.data.make import FILE, make_table, prepare

RNG = np.random.default_rng(1)
X = RNG.normal(size=300)
LABELS = RNG.integers(0, 3, 300)


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (X, "is equal"),
        (3 * X - 7, "correlation"),
        (X + RNG.normal(0, 1e-3, 300), "correlation"),
        (np.exp(5 * X), "same order"),
        (-np.exp(-5 * X), "same order"),
    ],
)
def test_functions_of_a_number_leak(column, what):
    assert what in find_number_leak(column, X, 0)
    some = column.copy()
    some[::7] = np.nan
    assert find_number_leak(some, X, 0) is not None


@pytest.mark.parametrize(
    "column", [X + RNG.normal(0, 0.3, 300), X**2, RNG.normal(size=300), np.ones(300)]
)
def test_honest_numbers_do_not_leak(column):
    assert find_number_leak(column, X, 0) is None


def test_a_threshold_that_tells_classes_apart():
    assert find_number_leak(LABELS * 10.0 + RNG.random(300), LABELS, 3) is not None
    assert find_number_leak(LABELS + RNG.normal(0, 0.4, 300), LABELS, 3) is None
    assert find_number_leak(RNG.normal(size=300), LABELS, 3) is None
    # A mostly empty column, or a few rows, prove nothing.
    rare = np.where(np.arange(300) < 60, LABELS.astype(float), np.nan)
    assert find_number_leak(rare, LABELS, 3) is None
    assert find_number_leak(np.arange(4.0), np.array([0, 0, 1, 1]), 2) is None


def test_categories_that_determine_the_target():
    finer = 2 * LABELS + RNG.integers(0, 2, 300)
    assert find_category_leak(finer, LABELS, 3) is not None
    assert find_category_leak(LABELS, finer, 6) is None
    assert find_category_leak(finer, finer * 1.5, 0) is not None
    assert find_category_leak(finer, LABELS * 1.5, 0) is None
    # Every row its own value: an identifier, not a leak.
    assert find_category_leak(np.arange(300), LABELS, 3) is None


def test_warnings_name_the_inputs():
    columns = {"twin": X, "still": np.ones(300), "honest": RNG.normal(size=300)}
    data = TableData(
        **FILE,
        kind="table",
        target="target",
        group=None,
        task="regression",
        numbers=list(columns),
        categories=[],
        missing="refuse",
        reference=None,
        split={"by": "rows", "column": None, "train": 100, "validation": 50, "test": 50},
    )
    dataset, _, _ = prepare(data, make_table({**columns, "target": X}), 0, 2)
    lines = find_leaks(dataset)
    assert data.find_doubts(dataset) == lines
    assert [line.split()[1] for line in lines] == ["'twin'", "'still'"]
