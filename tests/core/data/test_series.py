import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.core.data.baselines import series_baselines
from depthgauge.core.data.series import prepare_series, time_splits, transformed, windows
from depthgauge.errors import InputError

PAGEVIEWS = Path(__file__).parents[3] / "data/raw/pageviews.csv"
FIRST = np.datetime64("2020-01-01")


@pytest.fixture(scope="module")
def pageviews():
    with PAGEVIEWS.open() as file:
        rows = list(csv.DictReader(file))
    days = np.array([row["date"] for row in rows], dtype="datetime64[D]")
    return days, np.array([float(row["views"]) for row in rows])


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
    series=gappy_series(),
    window=st.integers(1, 6),
    gaps=st.sampled_from(["exclude", "interpolate"]),
)
def test_windows_are_those_found_one_at_a_time(series, window, gaps):
    days, values = series
    span = int((days[-1] - days[0]).astype(int)) + 1
    if span <= window:
        with pytest.raises(InputError, match=f"need {window + 1} days; the series spans {span}"):
            windows(days, values, window, gaps, "none")
        return
    cut = windows(days, values, window, gaps, "none")
    expected = by_hand(days, values, window, gaps)
    assert cut.inputs.shape == (len(expected), window)
    assert cut.targets.shape == (len(expected), 1)
    assert cut.days.astype(int).tolist() == [day for _, _, day in expected]
    for row, (inputs, target, _) in enumerate(expected):
        np.testing.assert_allclose(cut.inputs[row], inputs, rtol=1e-5, atol=1e-3)
        assert cut.targets[row, 0] == np.float32(target)
    assert cut.absent_days == span - len(days)
    late_enough = sum(1 for day in (days - days[0]).astype(int) if day >= window)
    assert cut.lost == late_enough - len(expected)


@given(
    series=gappy_series(),
    window=st.integers(1, 4),
    gaps=st.sampled_from(["exclude", "interpolate"]),
)
def test_inputs_know_nothing_of_the_target_day_or_later(series, window, gaps):
    days, values = series
    if int((days[-1] - days[0]).astype(int)) + 1 <= window:
        return
    cut = windows(days, values, window, gaps, "none")
    for inputs, day in zip(cut.inputs, cut.days, strict=True):
        other = np.where(days >= day, values + 1000, values)
        again = windows(days, other, window, gaps, "none")
        np.testing.assert_array_equal(again.inputs[again.days == day][0], inputs)


def test_without_absent_days_both_ways_agree():
    days, values = daily(np.arange(1.0, 21))
    one, other = (windows(days, values, 5, gaps, "log") for gaps in ("exclude", "interpolate"))
    np.testing.assert_array_equal(one.inputs, other.inputs)
    np.testing.assert_array_equal(one.inputs[0], np.log(np.arange(1, 6)).astype(np.float32))
    assert one.targets[0, 0] == np.float32(np.log(6))
    assert (one.absent_days, one.lost, len(one.days)) == (0, 0, 15)


def test_interpolation_is_of_the_transformed_values():
    days, values = daily([1, np.nan, 100, 7, 5], skip=[1])
    cut = windows(days, values, 3, "interpolate", "log")
    np.testing.assert_allclose(np.exp(cut.inputs[0]), [1, 10, 100], rtol=1e-6)


def test_reference_counts_and_baselines(pageviews):
    prepared, dropped = prepare_series(*pageviews, 56, "exclude", "log", 365, 365)
    sizes = [prepared.splits[name].shape for name in ("train", "validation", "test")]
    assert sizes == [(1, 1349), (1, 266), (1, 251)]
    assert dropped["absent days"] == 59
    losses = series_baselines(prepared, "mae")
    assert [round(x, 3) for x in losses["tomorrow_equals_today"].values()] == [0.361, 0.358, 0.377]
    week = losses["tomorrow_equals_a_week_ago"].values()
    assert [round(x, 3) for x in week] == [0.438, 0.354, 0.423]


def test_prepared_series_says_what_it_is(pageviews):
    prepared, _ = prepare_series(*pageviews, 56, "exclude", "log", 365, 365)
    assert prepared.task == "regression"
    assert prepared.outputs == 1
    assert not prepared.splits.resampled
    assert prepared.input_names[0] == "lag_56"
    assert prepared.input_names[-1] == "lag_1"
    assert prepared.row_names[-1] == "2016-01-20"
    assert prepared.inputs.dtype == prepared.targets.dtype == np.float32
    assert prepared.scaling.target_centre.shape == (1, 1)
    assert np.all(prepared.scaling.input_centre == prepared.scaling.target_centre)
    assert np.all(prepared.scaling.input_scale == prepared.scaling.target_scale)


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
    cut = windows(days, values, window, "exclude", "none")
    splits = time_splits(cut.days, days[0], days[-1], validation, test)
    assert splits.test.shape == (1, test)
    assert splits.validation.shape == (1, validation)
    joined = np.concatenate([splits.train[0], splits.validation[0], splits.test[0]])
    np.testing.assert_array_equal(joined, np.arange(length - window))


def test_shortest_series_that_is_long_enough():
    days, values = daily([1, 2, 3, 4, 5, 6])
    prepared, _ = prepare_series(days, values, 3, "exclude", "none", 1, 1)
    assert [prepared.splits[name].tolist() for name in ("train", "validation", "test")] == [
        [[0]],
        [[1]],
        [[2]],
    ]


@pytest.mark.parametrize(
    ("bad", "shown"), [(0.0, "0 has no logarithm"), (-3.5, "-3.5 has no"), (np.nan, "nan has no")]
)
def test_no_logarithm(bad, shown):
    days, values = daily([5, 6, bad, 7, bad])
    with pytest.raises(InputError, match=rf"^row 3 of the series \(2020-01-03\): {shown}"):
        transformed(days, values, "log")


def test_no_transform_keeps_values():
    days, values = daily([5, 0, -2])
    np.testing.assert_array_equal(transformed(days, values, "none"), values)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window": 0}, r"window: 0 is too short"),
        ({"window": -1}, r"window: -1 is too short"),
        ({"window": 10**9}, r"need 1000000007 days at least; the series spans 40"),
        ({"validation_days": 0}, r"validation_days: 0 is too few"),
        ({"test_days": 0}, r"test_days: 0 is too few"),
        ({"test_days": 10**30}, r"the series spans 40"),
        ({"gaps": "drop"}, r"gaps: 'drop' is unknown"),
        ({"transform": "sqrt"}, r"transform: 'sqrt' is unknown"),
        ({"values": np.full(40, 7.0)}, r"all training values are the same"),
        ({"values": np.full(40, 1e39)}, r"value 1e\+39 does not fit"),
        ({"values": 1e9 + 8 * np.arange(40)}, r"finer than float32"),
        ({"days": FIRST + np.array([*range(39), 38])}, r"day 2020-02-08: does not come after"),
        ({"days": FIRST + np.arange(40)[::-1]}, r"day 2020-02-08: does not come after"),
        ({"days": np.array([], "datetime64[D]"), "values": np.array([])}, r"spans 0"),
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
    with pytest.raises(InputError, match=f"^{split}: no window of consecutive days"):
        prepare_series(days, values, 3, "exclude", "none", 5, 5)


def test_splits_that_leave_nothing_to_train_on():
    days = FIRST + np.arange(10)
    with pytest.raises(InputError, match="10 days leave none of the 10 days"):
        time_splits(days, days[0], days[-1], 5, 5)
