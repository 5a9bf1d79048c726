"""What the first replicates show, against the paired t test of scipy."""

import numpy as np
import pytest
from scipy import stats

from depthgauge.statistics.growing import seen_by


def rising(rng, replicates, rises):
    """Test losses of replicates that share their luck between the points."""
    luck = rng.normal(1, 0.2, (replicates, 1))
    return luck * (1 + np.array(rises)) + rng.normal(0, 0.02, (replicates, len(rises)))


def test_the_rises_are_those_of_a_paired_t_test():
    rng = np.random.default_rng(0)
    margin, alpha = 0.01, 0.05
    losses = rising(rng, 12, [0.3, 0.0, 0.005, 0.03, 0.2])
    for count in range(2, 13):
        first = losses[:count]
        seen = seen_by(first, margin, alpha)
        assert seen.best == first.mean(axis=0).argmin()
        resolved = [
            place
            for place in range(seen.best + 1, 5)
            if 10
            * stats.ttest_rel(
                first[:, place], (1 + margin) * first[:, seen.best], alternative="greater"
            ).pvalue
            <= alpha
        ]
        assert list(seen.higher) == resolved
    # Of 20 % it can be sure, of half a percent, below the margin, it is not.
    found = seen_by(losses, margin, alpha).higher
    assert 4 in found
    assert 2 not in found


def test_one_replicate_resolves_nothing():
    losses = rising(np.random.default_rng(0), 1, [0.0, 9.0, 99.0])
    assert seen_by(losses, 0.01, 0.5).higher == ()


@pytest.mark.parametrize("count", [2, 5, 20])
def test_without_any_rise_alarms_are_rare(count):
    """At 5 % for all pairs together; three deviations of luck are allowed for."""
    rng = np.random.default_rng(count)
    alarms = sum(
        bool(seen_by(rising(rng, count, [0.0] * 5), 0.0, 0.05).higher) for _ in range(1000)
    )
    assert alarms <= 50 + 3 * np.sqrt(1000 * 0.05 * 0.95)
