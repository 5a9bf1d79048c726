"""The second descent: planted peaks are found, none is invented, and the tests are scipy's."""

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.double_descent import find_double_descent
from depthgauge.statistics.judge import usable_points
from depthgauge.statistics.losses import ViewLosses
from tests.rules import rules_with

RULES = rules_with()
POINTS = (2, 4, 8, 16, 32)


def losses(means, noise=0.02, replicates=20, seed=0):
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 0.1, (replicates, 1))
    return np.asarray(means) + shared + rng.normal(0, noise, (replicates, len(means)))


def found(test, finite=None):
    finite = np.ones(test.shape, bool) if finite is None else finite
    return find(POINTS, test, finite)


def find(points, test, finite):
    usable = usable_points(finite, RULES.diverged_share)
    kept = np.where(finite, test, 1.0)
    view = ViewLosses(
        points=tuple(points),
        quantities={f"{split}_loss": kept for split in ("train", "validation", "test")},
        test_last=kept,
        test_earlier=kept,
        finite=finite,
        memorised=np.ones(kept.shape),
        example_losses=kept.T[:, :, None],
        clusters=np.arange(len(kept)),
    )
    return find_double_descent(view, "test_loss", usable, RULES)


def test_a_planted_peak_is_found_with_scipys_p_and_interval():
    test = losses([1.0, 0.8, 1.2, 1.1, 0.9])
    descent = found(test)
    assert (descent.before, descent.peak, descent.after) == (4, 8, 32)
    assert descent.resolved
    fall = stats.ttest_rel(test[:, 2], 1.01 * test[:, 4], alternative="greater").pvalue
    rise = stats.ttest_rel(test[:, 2], 1.01 * test[:, 1], alternative="greater").pvalue
    assert descent.fall_p == pytest.approx(20 * fall)
    assert descent.rise_p == pytest.approx(20 * rise)
    difference = test[:, 2] - test[:, 4]
    assert descent.fall == pytest.approx(difference.mean())
    assert descent.relative_fall == pytest.approx(difference.mean() / test[:, 2].mean())
    expected = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
    assert (descent.interval.low, descent.interval.high) == pytest.approx(tuple(expected))


@pytest.mark.parametrize(
    "means",
    [[1, 0.8, 0.9, 1.0, 1.2], [1.3, 1.2, 1.1, 1.0, 0.9], [1.0] * 5, [0.7, 1, 1.1, 1.2, 1.3]],
)
def test_no_peak_no_descent(means):
    assert found(losses(means, noise=0.001)) is None or not found(losses(means)).resolved


def test_a_peak_whose_fall_is_lost_in_noise_is_told_as_not_resolved():
    test = losses([1.0, 0.8, 1.2, 1.2, 1.17], noise=0.1)
    descent = found(test)
    assert descent is not None
    assert not descent.resolved
    assert descent.interval.low < 0.01 * 1.2


def test_a_fall_within_the_margin_makes_no_peak():
    assert found(losses([1.0, 0.8, 1.2, 1.195, 1.193], noise=0.0001)) is None


def test_diverged_points_and_replicates_are_left_out():
    test = losses([1.0, 0.8, 1.2, 1.1, 0.9])
    finite = np.ones(test.shape, bool)
    finite[:, 2] = False
    finite[3, 4] = False
    test[~finite] = np.nan
    descent = found(test, finite)
    assert (descent.peak, descent.after, descent.pairs) == (16, 32, 19)


def test_few_points_or_one_replicate_have_nothing_to_tell():
    test = losses([1.0, 1.2, 0.9])[:, :2]
    assert find((1, 2), test, np.ones(test.shape, bool)) is None
    one = losses([1.0, 0.8, 1.2, 1.1, 0.9])[:1]
    assert found(one) is None


def test_false_alarms_stay_below_alpha():
    """Five equal points: a fall beyond a peak is hardly ever claimed."""
    claimed = 0
    for seed in range(400):
        descent = found(losses([1.0] * 5, noise=0.05, replicates=8, seed=seed))
        claimed += descent is not None and descent.resolved
    assert claimed / 400 <= 0.05
