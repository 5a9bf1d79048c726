"""What is shown of the curves and metrics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.statistics.stopping import stopped
from depthgauge.tracking.curves import (
    Curves,
    measured_of_point,
    measured_of_replicate,
    point_metrics,
    replicate_metrics,
    thin_epochs,
)
from tests.tracking import fake


@given(count=st.integers(1, 300), points=st.integers(1, 60), data=st.data())
def test_thinned_epochs_hold_both_ends_and_the_one_asked_for(
    count: int, points: int, data: st.DataObject
) -> None:
    also = data.draw(st.integers(0, count - 1))
    shown = thin_epochs(count, points, also)
    assert {0, count - 1, also} <= set(shown) <= set(range(count))
    assert shown == sorted(set(shown))
    assert len(shown) <= max(points, 3)


@given(count=st.integers(2, 300), points=st.integers(4, 60))
def test_thinned_epochs_are_evenly_spaced(count: int, points: int) -> None:
    gaps = np.diff(thin_epochs(count, points, 0))
    assert gaps.max() - gaps.min() <= 1


def curves(values: np.ndarray, columns: tuple[str, ...] = fake.COLUMNS) -> Curves:
    by_column = dict(zip(columns, np.moveaxis(values, 2, 0), strict=True))
    return Curves(by_column, stopped(by_column))


def test_a_replicate_shows_its_values_at_both_stoppings() -> None:
    columns = fake.COLUMNS + fake.ERRORS
    values = fake.losses(1, epochs=30, columns=columns)
    best = int(values[2, :, 1].argmin())
    shown = replicate_metrics(curves(values, columns), 2, points=6)
    last = {name: value for name, value, _ in sorted(shown, key=lambda metric: metric[2])}
    for place, column in enumerate(columns):
        assert last[column] == values[2, -1, place]
        assert last[f"validation/{column}"] == values[2, best, place]
    assert last["validation/epoch"] == best + 1
    assert len([1 for name, *_ in shown if name == "test_loss"]) <= 6


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_all_replicates_diverged_leaves_counts_alone(bad: float) -> None:
    values = fake.losses(1)
    values[:, 3, 0] = bad
    assert point_metrics(curves(values)) == [("replicates", 3.0, 0), ("diverged", 3.0, 0)]


def test_one_replicate_has_no_standard_error() -> None:
    names = {name for name, *_ in point_metrics(curves(fake.losses(1, replicates=1)))}
    assert "last/test_loss_mean" in names
    assert not any("standard_error" in name for name in names)


def test_any_metric_is_shown_of_replicates_that_have_it() -> None:
    measured = {"last": {"test_anything": np.array([1.0, np.nan, 3.0])}}
    assert measured_of_replicate(measured, 0) == [("last/test_anything", 1.0, 0)]
    assert measured_of_replicate(measured, 1) == []
    assert measured_of_point(measured) == [
        ("last/test_anything_mean", 2.0, 0),
        ("last/test_anything_standard_error", pytest.approx(1.0), 0),
    ]
    assert measured_of_point({"last": {"test_anything": np.array([np.nan])}}) == []
