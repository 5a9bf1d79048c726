"""The simplest network that validation loss does not tell apart from the best."""

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.choice import Candidate, choose, simplest

FIXED, EARLY, TUNED = ("fixed", "last"), ("fixed", "validation"), ("tuned", "last")


def test_a_simpler_point_is_chosen_until_it_is_told_apart(make_view, noisy, rules):
    close = make_view(noisy((1, 1, 1)), validation=noisy((1.3, 1.006, 1.0), seed=2))
    found = choose({FIXED: close}, rules, False)
    assert (found.point, found.least_point) == (1, 2)
    assert found.interval.low <= found.rise <= found.interval.high
    far = make_view(noisy((1, 1, 1)), validation=noisy((1.3, 1.1, 1.0), seed=2))
    assert choose({FIXED: far}, rules, False).point == 2


def test_the_standard_is_that_of_a_rise(noisy, rules):
    losses = noisy((1.02, 1.0), replicates=12)
    p = stats.ttest_1samp(losses[:, 0] - 1.01 * losses[:, 1], 0, alternative="greater").pvalue
    candidates = [Candidate(c, np.ones(12, dtype=bool), np.arange(12)) for c in losses.T]
    for alpha, wanted in ((p * 0.999, 0), (p * 1.001, 1)):
        assert simplest(candidates, rules.model_copy(update={"alpha": alpha})) == (wanted, 1)


def test_the_least_point_comes_first_and_then_the_simplest_view(make_view, noisy, rules):
    first = make_view(noisy((1, 1)), validation=noisy((1.001, 1.0), seed=2))
    second = make_view(noisy((1, 1)), validation=noisy((1.0, 0.999), seed=3))
    found = choose({FIXED: first, EARLY: second}, rules, False)
    assert (found.view, found.point) == (FIXED, 0)
    worse = make_view(noisy((1, 1)), validation=noisy((2.0, 2.0), seed=4))
    assert choose({FIXED: worse, TUNED: second}, rules, False).view == TUNED


def test_more_training_examples_are_no_more_complex_a_choice(make_view, noisy, rules):
    view = make_view(noisy((1, 1, 1)), validation=noisy((1.3, 1.0, 1.001), seed=2))
    assert choose({FIXED: view}, rules, True).point == 2


def test_one_replicate_tells_nothing_apart(make_view, rules):
    view = make_view(np.ones((1, 3)), validation=np.array([[1.0, 0.9, 0.95]]))
    assert choose({FIXED: view}, rules, False).point == 1


def test_none_where_everything_diverged(make_view, rules):
    view = make_view(np.ones((4, 2)), finite=np.zeros((4, 2), dtype=bool))
    assert choose({FIXED: view}, rules, False) is None


@pytest.mark.parametrize("replicates", [10, 40])
def test_of_equal_points_the_first_is_rarely_passed_over(make_view, noisy, rules, replicates):
    passed = 0
    for seed in range(200):
        validation = noisy((1.0,) * 5, replicates, sd=0.05, seed=seed)
        passed += (
            choose({FIXED: make_view(validation, validation=validation)}, rules, False).point > 0
        )
    assert passed <= 200 * rules.alpha
