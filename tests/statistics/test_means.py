import numpy as np
import pytest

from depthgauge.statistics.means import diverged_points, finite_means, first_memorised, least


def test_means_leave_out_diverged_replicates_and_what_they_hold():
    losses = np.array([[1.0, np.nan, np.inf], [3.0, 5.0, np.nan]])
    finite = np.array([[True, False, False], [True, True, False]])
    assert finite_means(losses, finite).tolist()[:2] == [2.0, 5.0]
    assert np.isnan(finite_means(losses, finite)[2])


def test_a_share_equal_to_the_limit_is_not_diverged():
    finite = np.array([[True, False, False], [True, True, False], [True] * 3, [True] * 3])
    assert diverged_points(finite, 0.25).tolist() == [False, False, True]


def test_a_point_without_any_finite_replicate_is_diverged_whatever_the_limit():
    finite = np.array([[True, False], [True, False]])
    assert diverged_points(finite, 1.0).tolist() == [False, True]


def test_ties_go_to_the_least_point():
    assert least(np.array([2.0, 1.0, 1.0]), np.ones(3, dtype=bool)) == 1


def test_unusable_points_are_never_least():
    assert least(np.array([2.0, 1.0, np.nan]), np.array([True, False, False])) == 0
    assert least(np.array([2.0, 1.0]), np.zeros(2, dtype=bool)) is None


@pytest.mark.parametrize(
    ("quantity", "wanted"),
    [([0.5, 0.01, 0.2], 1), ([0.5, 0.02, 0.011], None), ([np.nan, 0.0], 1), ([0.0, 0.0], 0)],
)
def test_first_point_at_or_below_the_level(quantity, wanted):
    assert first_memorised(np.array(quantity), 0.01) == wanted
