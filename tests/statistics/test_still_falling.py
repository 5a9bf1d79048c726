import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.judge import still_falling

EARLIER = 1 + 0.02 * np.random.default_rng(0).random(20)


@pytest.mark.parametrize(
    ("factor", "wanted"), [(0.9, True), (0.985, True), (0.995, False), (1.0, False), (1.1, False)]
)
def test_marks_a_fall_larger_than_the_margin(factor, wanted):
    last = factor * EARLIER * (1 + 0.001 * np.random.default_rng(1).random(20))
    assert still_falling(last, EARLIER, 0.01, 0.05) is wanted


def test_the_limit_is_scipys_p_at_alpha():
    last = EARLIER - 0.01 * np.random.default_rng(2).random(20)
    p = stats.ttest_1samp(EARLIER - 1.005 * last, 0, alternative="greater").pvalue
    assert still_falling(last, EARLIER, 0.005, p * 1.0001) is True
    assert still_falling(last, EARLIER, 0.005, p * 0.9999) is False


@pytest.mark.parametrize("losses", [[0.5], [0.5, 0.5, 0.5], []])
def test_cannot_be_told_without_variance(losses):
    assert still_falling(np.array(losses), 2 * np.array(losses), 0.01, 0.05) is None
