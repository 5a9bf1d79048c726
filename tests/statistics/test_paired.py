import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from depthgauge.statistics.estimates import Estimate
from depthgauge.statistics.paired import (
    cluster_means,
    excess,
    finite_means,
    mean_and_interval,
    means_and_intervals,
    number_of_pairs,
    rise_p,
    share_and_interval,
    smallest_resolved,
    standard_error,
    unit_columns,
)

pairs = st.integers(2, 60).flatmap(
    lambda n: st.integers(0, 2**32 - 1).map(
        lambda seed: 1 + np.random.default_rng(seed).random((2, n))
    )
)


@given(pairs)
def test_without_a_margin_it_is_scipys_paired_t_test(losses):
    worse, better = losses
    wanted = stats.ttest_rel(worse, better, alternative="greater").pvalue
    assert rise_p(worse, better, 0.0) == pytest.approx(wanted, rel=1e-9)


@given(pairs, st.floats(0, 0.5))
def test_with_a_margin_it_is_scipys_one_sample_test_of_the_excess(losses, margin):
    worse, better = losses
    wanted = stats.ttest_1samp(worse - better - margin * better, 0, alternative="greater").pvalue
    assert rise_p(worse, better, margin) == pytest.approx(wanted, rel=1e-9)


def test_very_small_p_values_keep_their_digits():
    worse, better = np.linspace(2.0, 2.1, 40), np.linspace(1.0, 1.05, 40)
    wanted = stats.ttest_rel(worse, better, alternative="greater").pvalue
    assert 0 < wanted < 1e-40
    assert rise_p(worse, better, 0.0) == pytest.approx(wanted, rel=1e-6)


@given(pairs)
def test_interval_is_scipys(losses):
    difference = losses[0] - losses[1]
    wanted = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
    found = mean_and_interval(difference).interval
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), rel=1e-8, abs=1e-12)


@given(pairs, st.randoms(use_true_random=False))
def test_order_of_replicates_does_not_matter(losses, random):
    order = random.sample(range(losses.shape[1]), losses.shape[1])
    assert rise_p(*losses[:, order], 0.01) == pytest.approx(rise_p(*losses, 0.01), rel=1e-9)


@given(pairs, st.floats(1e-6, 1e6))
def test_units_of_loss_do_not_matter(losses, unit):
    assert rise_p(*(losses * unit), 0.01) == pytest.approx(rise_p(*losses, 0.01), rel=1e-7)


@given(pairs)
def test_without_a_margin_what_points_share_cancels(losses):
    shared = np.linspace(0, 3, losses.shape[1])
    assert rise_p(*(losses + shared), 0.0) == pytest.approx(rise_p(*losses, 0.0), rel=1e-6)


def test_spread_of_the_better_point_is_counted_with_its_margin():
    rng = np.random.default_rng(0)
    better = rng.random(10_000)
    worse = 1 + rng.random(10_000)
    variance = excess(worse, better, 0.5).var()
    assert variance == pytest.approx(worse.var() + 1.5**2 * better.var(), rel=0.05)


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [0.3, 0.3, 0.3], [0.1 + 0.2, 0.3]],
    ids=["none", "one", "same", "rounding"],
)
def test_without_variance_there_is_no_standard_error(values):
    assert standard_error(np.array(values), 1.0) is None
    assert rise_p(np.array(values), np.ones(len(values)), 0.01) is None


def test_interval_needs_two_values_and_may_have_no_width():
    assert mean_and_interval(np.array([1.0])) == Estimate(1.0, None)
    assert mean_and_interval(np.array([])) == Estimate(None, None)
    found = mean_and_interval(np.array([0.25, 0.25, 0.25])).interval
    assert (found.low, found.high) == (0.25, 0.25)


@pytest.mark.parametrize("points", range(2, 9))
def test_number_of_pairs_counts_them(points):
    wanted = sum(1 for low in range(points) for high in range(points) if low < high)
    assert number_of_pairs(points) == wanted


def test_one_point_still_divides_alpha_by_one():
    assert number_of_pairs(1) == 1


def test_means_leave_out_diverged_replicates_and_what_they_hold():
    losses = np.array([[1.0, np.nan, np.inf], [3.0, 5.0, np.nan]])
    finite = np.array([[True, False, False], [True, True, False]])
    means = finite_means(losses, finite, np.arange(2))
    assert means.tolist()[:2] == [2.0, 5.0]
    assert np.isnan(means[2])


def test_columns_of_units_are_means_of_the_finite_ones_of_each_cluster():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [5.0, 2.0], [7.0, np.inf]])
    found = unit_columns(values, np.array([0, 1, 0, 1]))
    np.testing.assert_array_equal(found, [[3.0, 2.0], [5.0, np.nan]])
    finite = np.where(np.isfinite(values), values, np.nan)
    np.testing.assert_array_equal(unit_columns(values, np.arange(4)), finite)


def test_a_cluster_counts_once_however_many_replicates_it_has():
    losses, clusters = np.array([1.0, 3.0, 5.0, 10.0]), np.array([7, 2, 7, 7])
    assert cluster_means(losses, clusters).tolist() == [3.0, 16.0 / 3]
    assert cluster_means(losses, np.arange(4)).tolist() == losses.tolist()
    every = np.ones((4, 1), dtype=bool)
    assert finite_means(losses[:, None], every, clusters) == pytest.approx([(3 + 16 / 3) / 2])


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(1, 4)),
        elements=st.floats(-100, 100) | st.sampled_from([np.nan, np.inf]),
    )
)
def test_means_and_intervals_of_columns_are_those_of_each(values):
    means, lows, highs = means_and_intervals(values)
    for column, mean, low, high in zip(values.T, means, lows, highs, strict=True):
        finite = column[np.isfinite(column)]
        estimate = mean_and_interval(column)
        assert (estimate.mean is None) == np.isnan(mean) == (finite.size == 0)
        assert (estimate.interval is None) == np.isnan(low) == np.isnan(high) == (finite.size < 2)
        if finite.size:
            assert mean == estimate.mean == finite.mean()
        if estimate.interval is not None:
            assert (low, high) == (estimate.interval.low, estimate.interval.high)
            assert low <= mean <= high


def test_the_ends_of_a_share_are_where_a_t_test_begins_to_tell():
    """Fieller's interval by its own definition."""
    rng = np.random.default_rng(3)
    whole = rng.normal(1.0, 0.4, 15)
    part = 0.7 * whole + rng.normal(0, 0.2, 15)
    share, interval = share_and_interval(part, whole)
    assert share == pytest.approx(part.mean() / whole.mean())
    for end in (interval.low, interval.high):
        assert stats.ttest_1samp(part - end * whole, 0).pvalue == pytest.approx(0.05)
    assert stats.ttest_1samp(part - (interval.low + 0.01) * whole, 0).pvalue > 0.05
    assert stats.ttest_1samp(part - (interval.high + 0.01) * whole, 0).pvalue < 0.05


def test_a_share_of_what_is_not_told_apart_from_nothing_has_no_ends():
    rng = np.random.default_rng(4)
    share, interval = share_and_interval(rng.normal(0, 1, 10), rng.normal(0.01, 1, 10))
    assert share is not None
    assert interval is None
    assert share_and_interval(np.ones(3), np.zeros(3)) == (None, None)
    assert share_and_interval(np.ones(1), np.full(1, 2.0)) == (0.5, None)


def test_the_smallest_rise_is_resolved_about_four_times_in_five():
    rng, margin, alpha, replicates = np.random.default_rng(8), 0.01, 0.005, 20
    spread = 0.05 * np.sqrt(1 + 1.01**2)
    quantiles = stats.t.ppf([1 - alpha, 0.8], replicates - 1)
    above = quantiles.sum() * spread / np.sqrt(replicates)
    resolved, told = 0, []
    for _ in range(1000):
        better = rng.normal(1.0, 0.05, replicates)
        worse = rng.normal(1.01 + above, 0.05, replicates)
        resolved += rise_p(worse, better, margin) <= alpha
        told.append(smallest_resolved(worse, better, margin, alpha))
    assert 760 < resolved < 850
    assert np.mean(told) == pytest.approx(above, rel=0.03)
    assert smallest_resolved(np.ones(1), np.ones(1), margin, alpha) is None
