import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from depthgauge.data.splits import time_splits
from depthgauge.data.windows import cut_windows, pair_targets, sort_rows
from depthgauge.errors import InputError
from depthgauge.training.baselines import measure_baselines
from depthgauge.training.batches import target_scale
from depthgauge.training.losses.mae import MeanAbsoluteError
from tests.data.make import make_table, prepare, series
from tests.data.make import prepare_series as prepare_columns

PAGEVIEWS = Path(__file__).parents[3] / "data/raw/pageviews.csv"
FIRST = np.datetime64("2020-01-01")


@pytest.fixture(scope="module")
def pageviews():
    with PAGEVIEWS.open() as file:
        rows = list(csv.DictReader(file))
    days = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    return days, np.array([float(row["views"]) for row in rows])


@dataclass
class Cut:
    """Windows with known targets. inputs: (N, C, window). days: the first predicted ones."""

    inputs: np.ndarray
    targets: np.ndarray
    days: np.ndarray
    lost: int


def cut(days, columns, target, window, horizon, steps, gaps):
    names = [f"c{k}" for k in range(columns.shape[1])]
    table = make_table({"day": days, **dict(zip(names, columns.T, strict=True))})
    rows = sort_rows(table, "day", names, gaps)
    inputs, runs = cut_windows(rows, list(columns.T), window, gaps == "interpolate")
    earliest = window - 1 + horizon
    pairs = pair_targets(rows, [target], runs + earliest, earliest, steps)
    inputs = inputs.reshape(len(inputs), len(names), window)[pairs.kept]
    return Cut(inputs, pairs.targets, rows.times[0] + pairs.first, pairs.lost)


def windows(days, values, window, gaps):
    """Examples of a series that predicts itself; their inputs as (N, window)."""
    found = cut(days, values[:, None], values, window, 1, 1, gaps)
    return replace(found, inputs=found.inputs[:, 0])


def prepare_series(
    days, values, window, gaps, transform, validation_days, test_days, horizon=1, steps=1
):
    data = series(
        window=window,
        horizon=horizon,
        steps=steps,
        gaps=gaps,
        transform=transform,
        split={"validation_days": validation_days, "test_days": test_days},
    )
    dataset, _, dropped = prepare(data, make_table({"day": days, "views": values}))
    return dataset, dropped


def daily(values, skip=()):
    keep = [place for place in range(len(values)) if place not in set(skip)]
    return FIRST + np.array(keep), np.array(values, dtype=float)[keep]


@st.composite
def gappy_series(draw):
    present = draw(st.lists(st.booleans(), min_size=1, max_size=40))
    present = [True, *present, True]
    values = draw(
        st.lists(st.floats(-1e3, 1e3, width=32), min_size=len(present), max_size=len(present))
    )
    skip = [place for place, there in enumerate(present) if not there]
    return daily(values, skip)


def by_hand(days, values, window, gaps):
    """Examples one at a time with plain dictionaries: [(inputs, target, day)]."""
    value = dict(zip(days.astype(int).tolist(), values.tolist(), strict=True))
    known = sorted(value)
    examples = []
    for day in known:
        past = range(day - window, day)
        if past[0] < known[0]:
            continue
        if gaps == "exclude":
            if all(d in value for d in past):
                examples.append(([value[d] for d in past], value[day], day))
        elif day - 1 in value:
            line = []
            for d in past:
                left = max(k for k in known if k <= d)
                right = min(k for k in known if k >= d)
                part = 0 if left == right else (d - left) / (right - left)
                line.append(value[left] + part * (value[right] - value[left]))
            examples.append((line, value[day], day))
    return examples


@given(
    gappy=gappy_series(), window=st.integers(1, 6), gaps=st.sampled_from(["exclude", "interpolate"])
)
def test_windows_are_those_found_one_at_a_time(gappy, window, gaps):
    days, values = gappy
    cut = windows(days, values, window, gaps)
    expected = by_hand(days, values, window, gaps)
    assert cut.inputs.shape == (len(expected), window)
    assert cut.targets.shape == (len(expected), 1)
    assert cut.days.astype(int).tolist() == [day for _, _, day in expected]
    for row, (inputs, target, _) in enumerate(expected):
        np.testing.assert_allclose(cut.inputs[row], inputs, rtol=1e-5, atol=1e-3)
        assert cut.targets[row, 0] == np.float32(target)
    late_enough = sum(1 for day in (days - days[0]).astype(int) if day >= window)
    assert cut.lost == late_enough - len(expected)


@given(
    gappy=gappy_series(), window=st.integers(1, 4), gaps=st.sampled_from(["exclude", "interpolate"])
)
def test_inputs_know_nothing_of_the_target_day_or_later(gappy, window, gaps):
    days, values = gappy
    if int((days[-1] - days[0]).astype(int)) + 1 <= window:
        return
    cut = windows(days, values, window, gaps)
    for inputs, day in zip(cut.inputs, cut.days, strict=True):
        other = np.where(days >= day, values + 1000, values)
        again = windows(days, other, window, gaps)
        np.testing.assert_array_equal(again.inputs[again.days == day][0], inputs)


def test_without_absent_days_both_ways_agree():
    days, values = daily(np.arange(1.0, 21))
    (one, dropped), (other, _) = (
        prepare_series(days, values, 5, gaps, "log", 1, 1) for gaps in ("exclude", "interpolate")
    )
    np.testing.assert_array_equal(one.inputs, other.inputs)
    np.testing.assert_array_equal(one.inputs[0], np.log(np.arange(1, 6)).astype(np.float32))
    assert one.targets[0, 0] == np.float32(np.log(6))
    assert dropped == {"absent days": 0, "windows lost to absent days": 0}
    assert len(one.row_names) == 15


def test_interpolation_is_of_the_transformed_values():
    days, values = daily([1, np.nan, 100, 7, 5, 3, 4], skip=[1])
    dataset, _ = prepare_series(days, values, 3, "interpolate", "log", 1, 1)
    np.testing.assert_allclose(np.exp(dataset.inputs[0]), [1, 10, 100], rtol=1e-6)


def test_reference_counts_and_baselines(pageviews):
    dataset, dropped = prepare_series(*pageviews, 56, "exclude", "log", 365, 365)
    sizes = [dataset.splits[name].shape for name in ("train", "validation", "test")]
    assert sizes == [(1, 1349), (1, 266), (1, 251)]
    assert dropped["absent days"] == 59
    guesses = series(window=56).fit(None).guesses(dataset)
    losses = measure_baselines(dataset, MeanAbsoluteError(), guesses, {})
    assert list(losses) == ["persistence", "seasonal_naive", "constant"]
    logarithm = dict(zip(pageviews[0].tolist(), np.log(pageviews[1]), strict=True))
    scale = float(dataset.scaling.target_scale[0, 0])
    for name, back in (("persistence", 1), ("seasonal_naive", 7)):
        for split in ("train", "validation", "test"):
            changes = [
                abs(logarithm[day] - logarithm[day - timedelta(back)])
                for row in dataset.splits[split][0]
                for day in [date.fromisoformat(dataset.row_names[row])]
            ]
            assert losses[name]["loss"][split] == pytest.approx(
                [np.mean(changes) / scale], rel=1e-4
            )


def test_prepared_series_says_what_it_is(pageviews):
    dataset, _ = prepare_series(*pageviews, 56, "exclude", "log", 365, 365)
    assert dataset.task == "regression"
    assert dataset.outputs == 1
    assert not dataset.splits.resampled
    assert dataset.input_names[0] == "views lag 56"
    assert dataset.input_names[-1] == "views lag 1"
    assert dataset.row_names[-1] == "2016-01-20"
    assert dataset.inputs.dtype == dataset.targets.dtype == np.float32
    assert dataset.scaling.target_centre.shape == (1, 1)
    train = dataset.targets[dataset.splits.train[0]].astype(float)
    assert dataset.scaling.target_centre[0, 0] == pytest.approx(train.mean(), rel=1e-6)
    assert dataset.scaling.target_scale[0, 0] == pytest.approx(train.std(), rel=1e-6)
    assert (dataset.input_shape, dataset.target_shape) == ((56,), (1,))


def several(**changes):
    """Two columns with units of their own, three days ahead from windows of eight."""
    rng = np.random.default_rng(0)
    days = np.datetime64("2020-01-01") + np.arange(60)
    columns = {"warm": rng.normal(20, 5, 60), "wind": rng.normal(3, 0.5, 60)}
    settings = {"target": "weather", "targets": ["wind", "warm"], "inputs": ["warm", "wind"]}
    data = series(**settings | {"window": 8, "horizon": 2, "steps": 3} | changes)
    dataset, encoder, _ = prepare(data, make_table({"day": days, **columns}))
    return dataset, encoder, {str(d): k for k, d in enumerate(days)}, columns


def test_several_columns_are_predicted_at_once():
    dataset, encoder, places, columns = several()
    assert dataset.task == "structured"
    assert dataset.target_shape == (2, 3)
    assert encoder.output_names == ("wind 1", "wind 2", "wind 3", "warm 1", "warm 2", "warm 3")
    guesses = encoder.guesses(dataset)
    for row, name in enumerate(dataset.row_names):
        first = places[name]
        ahead = [columns[n][first : first + 3] for n in ("wind", "warm")]
        np.testing.assert_allclose(dataset.targets[row], np.concatenate(ahead), rtol=1e-6)
        last = [np.repeat(columns[n][first - 2], 3) for n in ("wind", "warm")]
        np.testing.assert_allclose(guesses["persistence"][row], np.concatenate(last), rtol=1e-6)
        week = [columns[n][first - 7 : first - 4] for n in ("wind", "warm")]
        np.testing.assert_allclose(guesses["seasonal_naive"][row], np.concatenate(week), rtol=1e-6)


def test_each_predicted_column_has_its_own_unit():
    """So that a loss, and an error in standard deviations, is of both."""
    dataset, *_ = several()
    train = dataset.targets[dataset.splits.train[0]].astype(float).reshape(-1, 2, 3)
    scale = dataset.scaling.target_scale[0].reshape(2, 3)
    np.testing.assert_allclose(scale, train.std((0, 2))[:, None].repeat(3, 1), rtol=1e-5)
    centre = dataset.scaling.target_centre[0].reshape(2, 3)
    np.testing.assert_allclose(centre, train.mean((0, 2))[:, None].repeat(3, 1), rtol=1e-5)
    assert list(target_scale(dataset, range(2))) == [1.0, 1.0]


def test_one_step_of_several_columns():
    dataset, encoder, *_ = several(steps=1)
    assert (dataset.task, dataset.target_shape) == ("structured", (2,))
    assert encoder.output_names == ("wind", "warm")


@pytest.mark.parametrize("targets", [["warm"], ["warm", "warm"]])
def test_several_are_two_or_more(targets):
    with pytest.raises(ValidationError, match="must name two columns or more, each once"):
        series(targets=targets)


def test_scaling_of_a_series_knows_only_the_training_period(pageviews):
    days, values = pageviews
    later = np.where(days > days[-1] - np.timedelta64(730, "D"), values * 10, values)
    one, _ = prepare_series(days, values, 56, "exclude", "log", 365, 365)
    other, _ = prepare_series(days, later, 56, "exclude", "log", 365, 365)
    np.testing.assert_array_equal(one.scaling.input_centre, other.scaling.input_centre)
    np.testing.assert_array_equal(one.scaling.target_scale, other.scaling.target_scale)
    assert not np.array_equal(one.inputs, other.inputs)


@given(
    length=st.integers(5, 60),
    window=st.integers(1, 8),
    validation=st.integers(1, 20),
    test=st.integers(1, 20),
)
def test_splits_are_calendar_periods_of_the_target_day(length, window, validation, test):
    days, values = daily(np.arange(length))
    needed = window + 1 + validation + test
    if length < needed:
        with pytest.raises(InputError, match=f"need {needed} days at least.* spans {length}$"):
            prepare_series(days, values, window, "exclude", "none", validation, test)
        return
    cut = windows(days, values, window, "exclude")
    first = (cut.days - days[0]).astype(int)
    splits = time_splits(first, length, 1, validation, test)
    assert splits.test.shape == (1, test)
    assert splits.validation.shape == (1, validation)
    joined = np.concatenate([splits.train[0], splits.validation[0], splits.test[0]])
    np.testing.assert_array_equal(joined, np.arange(length - window))


@given(
    gappy=gappy_series(),
    window=st.integers(1, 4),
    horizon=st.integers(1, 3),
    steps=st.integers(1, 3),
    gaps=st.sampled_from(["exclude", "interpolate"]),
)
def test_later_days_and_several_columns(gappy, window, horizon, steps, gaps):
    days, values = gappy
    span = int((days[-1] - days[0]).astype(int)) + 1
    if span < window + horizon - 1 + steps:
        return
    columns = np.stack([values, np.arange(values.size) % 5], axis=1)
    found = cut(days, columns, values, window, horizon, steps, gaps)
    value = dict(zip(days.astype(int).tolist(), values.tolist(), strict=True))
    other = dict(zip(days.astype(int).tolist(), columns[:, 1].tolist(), strict=True))
    first, expected = min(value), []
    for day in range(first + window + horizon - 1, max(value) + 1):
        past = range(day - horizon - window + 1, day - horizon + 1)
        seen = past[-1:] if gaps == "interpolate" else past
        if all(d in value for d in [*seen, *range(day, day + steps)]):
            expected.append((day, past))
    assert found.days.astype(int).tolist() == [day for day, _ in expected]
    assert found.inputs.shape == (len(expected), 2, window)
    assert found.targets.shape == (len(expected), steps)
    for row, (day, past) in enumerate(expected):
        for step in range(steps):
            assert found.targets[row, step] == np.float32(value[day + step])
        for place, d in enumerate(past):
            if d in value:
                assert found.inputs[row, 0, place] == np.float32(value[d])
                assert found.inputs[row, 1, place] == np.float32(other[d])


@given(steps=st.integers(1, 5), horizon=st.integers(1, 4), window=st.integers(1, 5))
def test_no_day_is_predicted_in_two_splits(steps, horizon, window):
    days, values = daily(np.arange(50.0) % 7)
    dataset, _ = prepare_series(
        days, values, window, "exclude", "none", 8, 9, horizon=horizon, steps=steps
    )
    first = np.array(dataset.row_names, dtype="datetime64[D]")
    predicted = {
        name: {day + k for day in first[dataset.splits[name][0]] for k in range(steps)}
        for name in ("train", "validation", "test")
    }
    assert predicted["test"] == set(days[-9:])
    assert predicted["validation"] == set(days[-17:-9])
    assert predicted["train"] == set(days[window + horizon - 1 : -17])
    assert dataset.task == ("regression" if steps == 1 else "structured")
    assert dataset.target_shape == (steps,)
    assert dataset.outputs == steps


def test_inputs_are_column_after_column_with_a_scale_each():
    days, values = daily(np.arange(30.0))
    columns = np.stack([values, 1000 + values**2], axis=1)
    dataset, _ = prepare_columns(
        days, columns, ["views", "clicks"], values, 3, 2, 1, "exclude", 4, 4
    )
    assert dataset.input_names == (
        "views lag 4",
        "views lag 3",
        "views lag 2",
        "clicks lag 4",
        "clicks lag 3",
        "clicks lag 2",
    )
    assert dataset.inputs[0].tolist() == [0, 1, 2, 1000, 1001, 1004]
    assert dataset.targets[0].tolist() == [4]
    assert dataset.input_shape == (2, 3)
    assert dataset.scaling_groups.tolist() == [0, 0, 0, 1, 1, 1]
    train = dataset.inputs[dataset.splits.train[0]].astype(float)
    np.testing.assert_allclose(dataset.scaling.input_centre[0, 3:], train[:, 3:].mean(), rtol=1e-6)


def test_shortest_series_that_is_long_enough():
    days, values = daily([1, 2, 3, 4, 5, 6, 7])
    dataset, _ = prepare_series(days, values, 3, "exclude", "none", 1, 1)
    assert [dataset.splits[name].tolist() for name in ("train", "validation", "test")] == [
        [[0, 1]],
        [[2]],
        [[3]],
    ]


@pytest.mark.parametrize("bad", [0.0, -3.5])
def test_no_logarithm(bad):
    days, values = daily([5, 6, bad, 7, bad])
    with pytest.raises(InputError, match=rf"row 4, column 'views': '{bad}' has no logarithm"):
        prepare_series(days, values, 1, "exclude", "log", 1, 1)


def test_no_transform_keeps_values():
    days, values = daily([5, 0, -2, 1, 3])
    dataset, _ = prepare_series(days, values, 1, "exclude", "none", 1, 1)
    np.testing.assert_array_equal(dataset.targets[:, 0], values[1:])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window": 10**9}, r"need 1000000007 days at least; the series spans 40"),
        ({"steps": 3, "validation_days": 2}, r"validation_days: 2 is too few; use the 3 days"),
        ({"steps": 3, "test_days": 2}, r"test_days: 2 is too few"),
        ({"test_days": 10**12}, r"the series spans 40"),
        ({"steps": 10**12}, r"the series spans 40"),
        ({"values": np.full(40, 7.0)}, r"all training values are the same"),
        ({"values": np.full(40, 1e39)}, r"column 'views': '1e\+39' is beyond the range of float32"),
        ({"values": 1e9 + 8 * np.arange(40)}, r"finer than float32"),
        ({"days": FIRST + np.array([*range(39), 38])}, r"2020-02-08 is already in row 40"),
    ],
)
def test_errors(changes, message):
    arguments = {
        "days": FIRST + np.arange(40),
        "values": np.arange(1.0, 41),
        "window": 3,
        "gaps": "exclude",
        "transform": "none",
        "validation_days": 3,
        "test_days": 3,
    }
    prepare_series(**arguments)
    with pytest.raises(InputError, match=message):
        prepare_series(**(arguments | changes))


@pytest.mark.parametrize(
    ("skip", "split"),
    [(range(0, 30, 3), "train"), ([28, 31, 33], "validation"), ([34, 37], "test")],
)
def test_a_period_without_a_window_is_named(skip, split):
    days, values = daily(np.arange(40), skip=skip)
    with pytest.raises(InputError, match=f"^table.csv: {split}: no window of consecutive days"):
        prepare_series(days, values, 3, "exclude", "none", 5, 5)


def test_splits_that_leave_nothing_to_train_on():
    with pytest.raises(InputError, match="10 days leave none of the 10 days"):
        time_splits(np.arange(10), 10, 1, 5, 5)


def test_ignored_gaps_make_a_row_a_step():
    days, values = daily(np.arange(40.0), skip=[5, 6, 20])
    even = np.datetime64("2000-01-01") + np.arange(len(values))
    ignored, dropped = prepare_series(days, values, 4, "ignore", "none", 6, 6, horizon=2)
    expected, _ = prepare_series(even, values, 4, "exclude", "none", 6, 6, horizon=2)
    assert dropped == {"absent days": 0, "windows lost to absent days": 0}
    np.testing.assert_array_equal(ignored.inputs, expected.inputs)
    np.testing.assert_array_equal(ignored.targets, expected.targets)
    np.testing.assert_array_equal(ignored.splits.test, expected.splits.test)
    # Called by the row that is predicted: 4 inputs, 2 steps ahead.
    assert ignored.row_names == tuple(str(day) for day in days[5:])
    assert ignored.times.tolist() == list(range(5, len(values)))
    assert expected.times.tolist() == even[5:].tolist()
