"""What is promised of another number of replicates, against what that number then resolves."""

import numpy as np
import pytest

from depthgauge.statistics.judge import judge
from depthgauge.statistics.power import power
from simulate import Scenario, simulate
from tests.rules import rules_with

RULES = rules_with(resamples=4000)
MEANS = (1.0, 1.5, 1.6)


def judged(replicates, seed):
    scenario = Scenario(MEANS, (1.0, 0.5, 0.2), replicates, 400, 100, 0.1, 0.1, 0.3, 0.1, 0.0)
    rng = np.random.default_rng(seed)
    return judge(simulate(scenario, rng), RULES, rng)


def mean(values):
    return float(np.mean(list(values)))


def test_the_promise_is_kept():
    found = [power(judged(40, seed), RULES.margin, 160) for seed in range(6)]
    kept = [judged(160, 100 + seed).at(1).comparison for seed in range(6)]
    had = mean(each.smallest_rise for each in kept)
    assert mean(each.on_this_data for each in found) == pytest.approx(had, rel=0.15)
    # What replicates and examples have together shrinks too, and is not counted on.
    had = mean(each.new_data.smallest_rise for each in kept)
    assert 0.9 * had < mean(each.for_new_data for each in found) < 1.3 * had
    assert found[0].for_new_groups is None


def test_as_many_replicates_resolve_as_much():
    verdict = judged(40, 0)
    same, known = power(verdict, RULES.margin, 40), verdict.at(1).comparison
    assert same.point == 1
    assert same.on_this_data == pytest.approx(known.smallest_rise)
    assert same.for_new_data == pytest.approx(known.new_data.smallest_rise)


def test_nothing_is_promised_where_nothing_is_known():
    assert power(judged(1, 0), RULES.margin, 40) is None
