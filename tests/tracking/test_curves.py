"""What is shown of the curves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.tracking.curves import Curves, point_metrics, replicate_metrics, shown_epochs
from tests.tracking import fake

NOTHING = {"last": {}, "validation": {}}


@given(count=st.integers(1, 300), points=st.integers(1, 60), data=st.data())
def test_shown_epochs_hold_both_ends_and_the_one_asked_for(
    count: int, points: int, data: st.DataObject
) -> None:
    also = data.draw(st.integers(0, count - 1))
    shown = shown_epochs(count, points, also)
    assert {0, count - 1, also} <= set(shown) <= set(range(count))
    assert shown == sorted(set(shown))
    assert len(shown) <= max(points, 3)


@given(count=st.integers(2, 300), points=st.integers(4, 60))
def test_shown_epochs_are_evenly_spaced(count: int, points: int) -> None:
    gaps = np.diff(shown_epochs(count, points, 0))
    assert gaps.max() - gaps.min() <= 1


def curves(values: np.ndarray, columns: tuple[str, ...] = fake.COLUMNS) -> Curves:
    replicates, epochs, _ = values.shape
    return Curves(tuple(range(replicates)), tuple(range(1, epochs + 1)), columns, values)


def test_a_replicate_shows_its_values_at_both_stoppings() -> None:
    columns = fake.COLUMNS + fake.ERRORS
    values = fake.losses(1, epochs=30, columns=columns)
    best = int(values[2, :, 1].argmin())
    shown = replicate_metrics(curves(values, columns), 2, points=6)
    last = {name: value for name, value, _ in shown}
    for place, column in enumerate(columns):
        assert last[column] == values[2, -1, place]
        assert last[f"validation/{column}"] == values[2, best, place]
    assert last["validation/epoch"] == best + 1
    assert len([1 for name, *_ in shown if name == "test_loss"]) <= 6


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_all_replicates_diverged_leaves_counts_alone(bad: float) -> None:
    values = fake.losses(1)
    values[:, 3, 0] = bad
    assert point_metrics(curves(values), NOTHING) == [("replicates", 3.0, 0), ("diverged", 3.0, 0)]


def test_one_replicate_has_no_standard_error() -> None:
    names = {name for name, *_ in point_metrics(curves(fake.losses(1, replicates=1)), NOTHING)}
    assert "last/test_loss_mean" in names
    assert not any("standard_error" in name for name in names)
