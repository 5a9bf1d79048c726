import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from depthgauge.data.dataset import Splits
from depthgauge.data.scaling import as_float32, fit
from depthgauge.errors import InputError


def split_rows(*train):
    none = np.zeros((len(train), 0), dtype=np.int64)
    return Splits(np.array(train, dtype=np.int64), none, none)


def groups(columns, width):
    return np.zeros(width, dtype=np.int64) if columns == "all" else np.arange(width)


def fit_inputs(table, splits, columns):
    return fit(table, None, groups(columns, table.shape[1]), splits)


tables = hnp.arrays(np.float32, (12, 3), elements=st.integers(-50, 50).map(float))


@given(table=tables, columns=st.sampled_from(["all", "each"]))
def test_scaled_training_cells_have_mean_0_and_deviation_1(table, columns):
    table[:2] = [[1, 2, 3], [4, 6, 9]]
    splits = split_rows([0, 1, 2, 3, 4], [0, 1, 7, 9, 11])
    fitted = fit_inputs(table, splits, columns)
    assert fitted.input_centre.shape == fitted.input_scale.shape == (2, 3)
    assert fitted.input_centre.dtype == fitted.input_scale.dtype == np.float32
    assert fitted.target_centre.shape == fitted.target_scale.shape == (2, 0)
    for s, rows in enumerate(splits.train):
        scaled = (table[rows].astype(float) - fitted.input_centre[s]) / fitted.input_scale[s]
        axis = 0 if columns == "each" else None
        np.testing.assert_allclose(scaled.mean(axis=axis), 0, atol=1e-5)
        np.testing.assert_allclose(scaled.std(axis=axis), 1, rtol=1e-5)
        if columns == "all":
            assert np.ptp(fitted.input_centre[s]) == np.ptp(fitted.input_scale[s]) == 0


@given(table=tables, other=tables, columns=st.sampled_from(["all", "each"]))
def test_only_training_rows_count(table, other, columns):
    table[:2] = [[1, 2, 3], [4, 6, 9]]
    splits = split_rows([0, 1, 2, 3, 4])
    other[splits.train[0]] = table[splits.train[0]]
    one, two = fit_inputs(table, splits, columns), fit_inputs(other, splits, columns)
    np.testing.assert_array_equal(one.input_centre, two.input_centre)
    np.testing.assert_array_equal(one.input_scale, two.input_scale)


def test_a_constant_column_gets_scale_1():
    # 0.1 summed three times is not three times 0.1: a computed deviation need not be 0.
    table = np.array([[0.1, 1], [0.1, 2], [0.1, 3], [9, 9]], dtype=np.float32)
    fitted = fit_inputs(table, split_rows([0, 1, 2]), "each")
    assert fitted.input_scale[0, 0] == 1
    assert fitted.input_centre[0, 0] == np.float32(0.1)
    np.testing.assert_allclose(fitted.input_scale[0, 1], np.sqrt(2 / 3), rtol=1e-6)


@pytest.mark.parametrize("columns", ["all", "each"])
def test_long_sums_are_not_rounded_as_float32(columns):
    column = np.linspace(1000, 1001, 100_000).astype(np.float32)
    fitted = fit_inputs(np.stack([column, column], axis=1), split_rows(range(100_000)), columns)
    mean = math.fsum(column.tolist()) / column.size
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in column.tolist()) / column.size)
    np.testing.assert_allclose(fitted.input_centre, mean, rtol=1e-7)
    np.testing.assert_allclose(fitted.input_scale, deviation, rtol=1e-6)


@given(table=tables, grouping=st.permutations([0, 0, 1]))
def test_a_group_of_columns_shares_centre_and_scale(table, grouping):
    table[:2] = [[1, 2, 3], [4, 6, 9]]
    splits, grouping = split_rows([0, 1, 2, 3, 4]), np.array(grouping)
    fitted = fit(table, None, grouping, splits)
    for group in (0, 1):
        cells = table[:5, grouping == group].astype(float)
        np.testing.assert_allclose(
            fitted.input_centre[0, grouping == group], cells.mean(), rtol=1e-5, atol=1e-5
        )
        np.testing.assert_allclose(fitted.input_scale[0, grouping == group], cells.std(), rtol=1e-5)


@given(table=tables, holes=hnp.arrays(bool, (12, 3)), columns=st.sampled_from(["all", "each"]))
def test_missing_values_count_nowhere(table, holes, columns):
    table[:2], holes[:2] = [[1, 2, 3], [4, 6, 9]], False
    table[holes] = np.nan
    fitted = fit_inputs(table, split_rows(range(12)), columns)
    axis = 0 if columns == "each" else None
    cells = table.astype(float)
    np.testing.assert_allclose(
        fitted.input_centre[0], np.broadcast_to(np.nanmean(cells, axis), 3), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(
        fitted.input_scale[0], np.broadcast_to(np.nanstd(cells, axis), 3), rtol=1e-5
    )


def test_a_column_without_any_training_value_gets_centre_0_and_scale_1():
    table = np.array([[np.nan, 1], [np.nan, 2], [7, 3]], dtype=np.float32)
    fitted = fit_inputs(table, split_rows([0, 1]), "each")
    assert fitted.input_centre[0].tolist() == [0, 1.5]
    assert fitted.input_scale[0].tolist() == [1, 0.5]


@given(targets=tables)
def test_targets_share_one_centre_and_scale_over_their_columns(targets):
    targets[:2] = [[1, 2, 3], [4, 6, 9]]
    inputs = np.arange(12, dtype=np.float32)[:, None]
    splits = split_rows([0, 1, 2, 3, 4], [0, 1, 7, 9, 11])
    fitted = fit(inputs, targets, np.zeros(1, dtype=np.int64), splits)
    assert fitted.target_centre.shape == fitted.target_scale.shape == (2, 3)
    for s, rows in enumerate(splits.train):
        cells = targets[rows].astype(float)
        np.testing.assert_allclose(fitted.target_centre[s], cells.mean(), rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(fitted.target_scale[s], cells.std(), rtol=1e-5)


def test_targets_that_are_all_the_same():
    inputs, targets = np.arange(3, dtype=np.float32)[:, None], np.full((3, 1), 2, np.float32)
    with pytest.raises(InputError, match=r"^all target values are the same"):
        fit(inputs, targets, np.zeros(1, dtype=np.int64), split_rows([0, 1, 2]))


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        (np.full((3, 2), 0.1), "all", "all training values are the same"),
        (np.full((3, 2), 0.1), "each", "all training values are the same"),
        (np.array([[1, 2], [1, 2], [1, 2]]), "each", "all training values are the same"),
        (np.array([[1e8, 0], [1e8 + 8, 1], [1e8, 2]]), "each", "finer than float32"),
    ],
)
def test_errors(table, columns, message):
    with pytest.raises(InputError, match=message):
        fit_inputs(table.astype(np.float32), split_rows([0, 1, 2]), columns)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39, -1e300])
def test_numbers_float32_cannot_hold(bad):
    with pytest.raises(InputError, match="does not fit"):
        as_float32(np.array([1.0, bad]))
