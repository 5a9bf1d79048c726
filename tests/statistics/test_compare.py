"""The numbers of a comparison are those of other programs; its parts add up and name its cause."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.compare import cause_of, compare, look_beyond
from depthgauge.statistics.estimates import Bounds
from depthgauge.statistics.verdicts import RISES, Verdict

MEANS = (1.2, 1.0, 1.005, 1.3, 1.5)


def compared(view, rules, best, index):
    """The comparison of one point with b, after the draws that all points share."""
    usable = view.finite.any(axis=0)
    beyond = look_beyond(view, rules, best, usable, np.random.default_rng(1).spawn(2))
    return compare(view, rules, best, index, beyond)[0]


def test_the_numbers_of_a_comparison_are_scipys(make_view, noisy, rules):
    test = noisy(MEANS)
    view = make_view(test)
    for d in (2, 3, 4):
        found = compared(view, rules, 1, d)
        p = stats.ttest_1samp(test[:, d] - 1.01 * test[:, 1], 0, alternative="greater").pvalue
        assert found.adjusted_p == pytest.approx(min(1.0, 10 * p), rel=1e-6)
        wanted = stats.ttest_rel(test[:, d], test[:, 1]).confidence_interval(0.95)
        interval = found.interval
        assert (interval.low, interval.high) == pytest.approx((wanted.low, wanted.high))
        rise = test[:, d].mean() / test[:, 1].mean() - 1
        assert found.relative_rise == pytest.approx(rise)
        train = stats.ttest_rel(view.train[:, d], view.train[:, 1])
        interval, wanted = found.train_interval, train.confidence_interval(0.95)
        assert (interval.low, interval.high) == pytest.approx((wanted.low, wanted.high))
        assert (found.pairs, found.left_out) == (20, 0)


def test_the_parts_of_a_rise_add_up_at_the_stopping_of_the_view(make_view, noisy, rules):
    test, train = noisy((1.0, 1.5)), noisy((0.5, 0.6), sd=0.05, seed=1)
    found = compared(make_view(test, train=train), rules, 0, 1)
    assert found.train_difference + found.gap_difference == pytest.approx(found.difference)
    gap = (test - train)[:, 1] - (test - train)[:, 0]
    wanted = stats.ttest_1samp(gap, 0).confidence_interval(0.95)
    assert (found.gap_interval.low, found.gap_interval.high) == pytest.approx(tuple(wanted))
    assert found.gap_share == pytest.approx(gap.mean() / (test[:, 1] - test[:, 0]).mean())


def test_points_before_the_best_are_described_and_not_tested(make_view, noisy, rules):
    found = compared(make_view(noisy(MEANS)), rules, 1, 0)
    assert found.difference > 0
    assert found.crossed_interval.low < found.difference < found.crossed_interval.high
    tested = ("adjusted_p", "adjusted_p_below", "smallest_rise")
    assert [getattr(found, name) for name in tested] == [None] * len(tested)
    assert found.new_data == Bounds(None, None, None, None, None)


def test_bounds_lie_around_the_estimate_above_the_margin(make_view, noisy, rules):
    test = noisy(MEANS)
    found = compared(make_view(test), rules, 1, 3)
    above = (test[:, 3] - (1 + rules.margin) * test[:, 1]).mean()
    bounds = found.new_data
    assert (bounds.lower + bounds.upper) / 2 == pytest.approx(above)
    assert bounds.lower < above
    assert found.new_groups is None


def test_the_widest_interval_is_that_over_groups_where_they_are_known(make_view, noisy, rules):
    view = make_view(noisy(MEANS))
    luck = np.repeat(np.random.default_rng(2).normal(0, 0.1, (5, 8)), 5, axis=1)
    losses = view.example_losses + luck[:, None, :]
    rows, groups = (
        compared(replace(view, example_losses=losses, groups=known), rules, 1, 3)
        for known in (None, np.repeat(np.arange(8), 5))
    )
    assert groups.new_data == rows.new_data
    assert groups.new_groups.lower < groups.new_data.lower
    assert groups.crossed_interval.low < rows.crossed_interval.low
    assert groups.crossed_interval.high > rows.crossed_interval.high


def test_without_a_best_point_nothing_is_drawn(make_view, noisy, rules):
    view = make_view(noisy(MEANS))
    rng = np.random.default_rng(1)
    beyond = look_beyond(view, rules, None, view.finite.any(axis=0), (rng, rng))
    assert [beyond.widest.mean(k) for k in range(5)] == [None] * 5
    assert rng.random() == np.random.default_rng(1).random()


def test_every_sign_of_the_parts_has_its_cause():
    for larger, gap, train in product((-1, 0, 1), repeat=3):
        cause = cause_of(larger, gap, train)
        assert cause in RISES
        if larger == 0:
            partly = gap > 0 and train > 0
            assert cause is (Verdict.PARTLY_OVERFITS if partly else Verdict.CAUSE_UNCLEAR)
        else:
            assert cause is (Verdict.OVERFITS if larger > 0 else Verdict.OPTIMIZATION_PROBLEM)
