"""The axes that change the data: window and training_size."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.axes.axis import find_axis
from depthgauge.data.dataset import without_test
from depthgauge.data.scaling import fit
from depthgauge.errors import InputError
from tests.data.make import prepare_classes, prepare_series


def at_point(dataset, axis, point, seed):
    return find_axis(axis).apply(dataset, point, seed)


DAYS = np.datetime64("2020-01-01") + np.arange(60)


def series(window, columns=2, steps=1):
    values = np.random.default_rng(0).gamma(2, size=(60, columns))
    names = [f"c{k}" for k in range(columns)]
    return prepare_series(DAYS, values, names, values[:, 0], window, 1, steps, "exclude", 8, 9)[0]


def images(label_noise=0.0, replicates=4, train=60, classes=3):
    rng = np.random.default_rng(0)
    return prepare_classes(
        rng.integers(0, 17, (100, 4)).astype(float),
        list("abcd"),
        [str(row % classes) for row in range(100)],
        [str(row) for row in range(100)],
        {"train": train, "validation": 15, "test": 20},
        0,
        replicates,
        "each",
        label_noise,
    )


@given(point=st.integers(1, 9), columns=st.integers(1, 3), steps=st.integers(1, 3))
def test_a_window_is_the_last_days_of_each_column(point, columns, steps):
    greatest, short = series(9, columns, steps), series(point, columns, steps)
    cut = at_point(greatest, "window", point, 0)
    # The data of the shorter window, but for its first windows, which reach further back.
    np.testing.assert_array_equal(cut.inputs, short.inputs[9 - point :])
    np.testing.assert_array_equal(cut.targets, short.targets[9 - point :])
    assert cut.input_names == short.input_names
    assert cut.input_shape == short.input_shape
    np.testing.assert_array_equal(cut.scaling_groups, short.scaling_groups)
    assert cut.row_names == greatest.row_names
    assert cut.splits is greatest.splits
    for field in ("input_centre", "input_scale"):
        cells = getattr(greatest.scaling, field)[0].reshape(columns, 9)
        kept = getattr(cut.scaling, field)[0].reshape(columns, point)
        np.testing.assert_array_equal(kept, cells[:, -point:])


def test_the_greatest_window_is_the_data_themselves():
    greatest = series(9)
    cut = at_point(greatest, "window", 9, 0)
    np.testing.assert_array_equal(cut.inputs, greatest.inputs)
    assert cut.input_names == greatest.input_names


@given(points=st.lists(st.integers(20, 60), min_size=2, max_size=2), noise=st.booleans())
def test_smaller_training_sets_lie_in_the_larger(points, noise):
    dataset = images(0.2 if noise else 0.0)
    small, large = (at_point(dataset, "training_size", p, 5) for p in sorted(points))
    for s in range(4):
        assert set(small.splits.train[s]) <= set(large.splits.train[s])
        assert set(large.splits.train[s]) <= set(dataset.splits.train[s])
        assert (np.diff(small.splits.train[s]) > 0).all()
        if noise:
            label = dict(zip(dataset.splits.train[s], dataset.train_targets[s], strict=True))
            assert [label[row] for row in small.splits.train[s]] == small.train_targets[s].tolist()
    assert small.splits.train.shape == (4, min(points))
    for name in ("validation", "test"):
        np.testing.assert_array_equal(small.splits[name], dataset.splits[name])
    expected = fit(dataset.inputs, None, dataset.scaling_groups, small.splits)
    np.testing.assert_array_equal(small.scaling.input_centre, expected.input_centre)
    np.testing.assert_array_equal(small.scaling.input_scale, expected.input_scale)


def test_replicates_and_seeds_draw_their_own_rows():
    dataset = images()
    same = replace(dataset.splits, train=np.tile(np.arange(60), (4, 1)))
    dataset = replace(dataset, splits=same)
    rows = [at_point(dataset, "training_size", 30, seed).splits.train for seed in (0, 1)]
    drawn = {tuple(row) for seed in rows for row in seed.tolist()}
    assert len(drawn) == 8


@pytest.mark.parametrize("replicates", [(0,), (1, 2)])
def test_a_search_sees_the_same_rows(replicates):
    whole = at_point(images(0.2), "training_size", 25, 3)
    seen, own = without_test(whole, replicates), list(replicates)
    np.testing.assert_array_equal(seen.splits.train, whole.splits.train)
    np.testing.assert_array_equal(seen.train_targets[own], whole.train_targets[own])
    np.testing.assert_array_equal(seen.scaling.input_scale[own], whole.scaling.input_scale[own])
    assert np.isfinite(seen.inputs[whole.splits.train[own].ravel()]).all()


def test_a_series_trains_on_its_latest_days():
    dataset = series(5)
    fewer = at_point(dataset, "training_size", 10, 0)
    np.testing.assert_array_equal(fewer.splits.train, dataset.splits.train[:, -10:])
    first = dataset.scaling_groups == 0
    train = dataset.inputs[fewer.splits.train[0]][:, first].astype(float)
    assert fewer.scaling.input_centre[0, 0] == pytest.approx(train.mean(), rel=1e-6)
    # The unit of the losses is that of all points.
    assert fewer.scaling.target_scale == dataset.scaling.target_scale
    assert fewer.scaling.target_centre == dataset.scaling.target_centre


@pytest.mark.parametrize(
    ("dataset", "axis", "point", "message"),
    [
        (series(5), "window", 6, "^points: window 6 must be from 1 to 5"),
        (series(5), "window", 0, "^points: window 0 must be from 1 to 5"),
        (images(), "training_size", 61, "^points: training_size 61 must be from 1 to 60"),
        (images(), "training_size", 0, "^points: training_size 0 must be"),
        (images(), "training_size", 2, "^points: training_size 2: replicate 0: none of its 2 "),
        (series(5), "training_size", 1, "^points: training_size 1: all t.* values are the same"),
    ],
)
def test_errors(dataset, axis, point, message):
    with pytest.raises(InputError, match=message):
        at_point(dataset, axis, point, 0)
