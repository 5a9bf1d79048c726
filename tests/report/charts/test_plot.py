import numpy as np
import pytest
from depthgauge.report.charts.plot import decades, means, number, plain, ticks
from scipy import stats


def test_means_and_intervals_are_those_of_scipy():
    losses = np.random.default_rng(0).uniform(0.1, 1, (9, 4))
    losses[2, 1] = np.nan
    found, low, high = means(losses)
    for place, column in enumerate(losses.T):
        column = column[np.isfinite(column)]
        expected = stats.ttest_1samp(column, 0).confidence_interval(0.95)
        assert found[place] == pytest.approx(column.mean())
        assert (low[place], high[place]) == pytest.approx(tuple(expected))


def test_a_single_or_no_replicate_has_no_interval():
    found, low, high = means(np.array([[1.0, np.nan]]))
    assert found[0] == 1.0
    assert np.isnan([found[1], *low, *high]).all()


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567.0, 1234570.0), (float("nan"), None), (float("inf"), None)]
)
def test_numbers_have_six_digits_or_are_absent(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "said"), [(114123.0, "114,100"), (0.12344, "0.1234"), (26.0, "26"), (-3.5, "-3.5")]
)
def test_a_plain_number(value, said):
    assert plain(value) == said


@pytest.mark.parametrize(
    ("high", "step", "form"),
    [(10.0, 1, "none"), (1e6, 1, "none"), (1e7, 2, "power"), (1e30, 5, "power")],
)
def test_a_logarithmic_axis_has_room_for_its_labels(high, step, form):
    assert decades(1.0, high) == {"dtick": step, "exponentformat": form}


@pytest.mark.parametrize("count", [1, 7, 12, 13, 20, 64])
def test_not_more_labels_than_fit(count):
    points = list(range(0, 10 * count, 10))
    axis = ticks(points)
    assert len(axis["ticktext"]) <= 12
    for place, text in zip(axis["tickvals"], axis["ticktext"], strict=True):
        assert str(points[place]) == text
