"""What later stages may see of the data, and in which order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.dataset import Dataset, Splits, sort_examples, without_test
from depthgauge.data.scaling import fit
from tests.data.make import prepare_classes, prepare_denoising

COUNTS = {"train": 20, "validation": 8, "test": 12}
PIXELS = np.random.default_rng(0).uniform(0, 16, (60, 4))
ROWS = [str(row) for row in range(60)]


def classes():
    labels = [str(row % 3) for row in range(60)]
    return prepare_classes(PIXELS, list("abcd"), labels, ROWS, COUNTS, 0, 5, "all", 0.2)


def denoising():
    return prepare_denoising(PIXELS, list("abcd"), ROWS, COUNTS, 0, 5, "all", 0.5)


def numbers(order):
    """A fixed split by time of rows that stand in any order."""
    n = len(order)
    inputs = np.array(order, dtype=np.float32)[:, None]
    by_time = np.argsort(order)
    splits = Splits(
        *(np.sort(by_time[a:b])[None] for a, b in ((0, n - 4), (n - 4, n - 2), (n - 2, n)))
    )
    groups = np.zeros(1, dtype=np.int64)
    return Dataset(
        task="regression",
        inputs=inputs,
        targets=2 * inputs,
        input_names=("x",),
        row_names=tuple(str(value) for value in order),
        classes=(),
        splits=splits,
        scaling=fit(inputs, 2 * inputs, groups, splits),
        scaling_groups=groups,
        train_targets=None,
        reference=3 * inputs,
        input_shape=(1,),
        target_shape=(1,),
    )


@pytest.mark.parametrize("dataset", [classes(), denoising(), numbers(range(30))])
@pytest.mark.parametrize("replicates", [(0,), (0, 1), (1,)])
def test_a_search_sees_no_test_row(dataset, replicates):
    seen = without_test(dataset, replicates)
    own = list(replicates) if dataset.splits.resampled else [0]
    sets = len(dataset.splits.train)
    splits = seen.splits
    shown = np.unique(np.concatenate([splits.train[own].ravel(), splits.validation[own].ravel()]))
    hidden = np.setdiff1d(np.arange(len(dataset.inputs)), shown)
    assert hidden.size
    assert seen.splits.test.shape == (sets, 0)
    assert np.isposinf(seen.inputs[hidden]).all()
    blank = -1 if dataset.task == "classification" else np.inf
    assert (seen.targets[hidden] == blank).all()
    np.testing.assert_array_equal(seen.inputs[shown], dataset.inputs[shown])
    np.testing.assert_array_equal(seen.targets[shown], dataset.targets[shown])
    if dataset.reference is not None:
        assert np.isposinf(seen.reference[hidden]).all()
        np.testing.assert_array_equal(seen.reference[shown], dataset.reference[shown])
    if dataset.train_targets is not None:
        np.testing.assert_array_equal(seen.train_targets[own], dataset.train_targets[own])
        others = np.setdiff1d(np.arange(sets), own)
        assert (seen.train_targets[others] == -1).all()
        assert np.isposinf(seen.scaling.input_scale[others]).all()
    np.testing.assert_array_equal(seen.scaling.input_centre[own], dataset.scaling.input_centre[own])


@given(st.permutations(range(12)))
def test_a_pool_in_the_order_of_time(order):
    dataset = numbers(order)
    ordered = sort_examples(dataset, np.array(order))
    assert ordered.row_names == tuple(str(value) for value in range(12))
    assert ordered.inputs[:, 0].tolist() == list(range(12))
    np.testing.assert_array_equal(ordered.targets, 2 * ordered.inputs)
    np.testing.assert_array_equal(ordered.reference, 3 * ordered.inputs)
    for name in ("train", "validation", "test"):
        before = {dataset.row_names[row] for row in dataset.splits[name][0]}
        assert {ordered.row_names[row] for row in ordered.splits[name][0]} == before
    assert ordered.splits.train.max() < ordered.splits.validation.min()
