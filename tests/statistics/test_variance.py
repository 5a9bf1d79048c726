"""Shares of a variance whose parts are known."""

import numpy as np
import pytest

from depthgauge.statistics.estimates import Share
from depthgauge.statistics.judge import judge
from depthgauge.statistics.variance import variance_shares
from simulate import Scenario, simulate
from tests.rules import rules_with

RULES = rules_with(resamples=1000, margin=0.0)


def test_shares_are_what_each_source_adds():
    found = variance_shares({"a": (3.0, 20), "b": (5.0, 1000), "c": (5.0, 10)})
    assert [share.value for share in found.values()] == pytest.approx([0.36, 0.64, 0.0])
    assert found["c"] == Share(0.0, None)
    assert found["a"].interval.low < 0.36 < found["a"].interval.high


def test_what_is_not_known_has_no_shares():
    assert variance_shares({"a": (1.0, 5), "b": (None, 5)}) == {}
    assert variance_shares({"a": (0.0, 5), "b": (0.0, 5)}) == {}


def test_intervals_mostly_hold_the_true_share():
    # The second point is the worse: each part is twice that of one point.
    scenario = Scenario((1.0, 1.3), (1.0, 0.5), 15, 40, 40, 0.05, 0.1, 0.0, 0.0, 0.0)
    of_replicates, of_examples = 0.05**2 / 15, 0.1**2 / 40
    truth = of_replicates / (of_replicates + of_examples)
    rng, held = np.random.default_rng(1), 0
    for _ in range(200):
        comparison = judge(simulate(scenario, rng), RULES, rng).at(1).comparison
        share = comparison.variance_shares["replicates"]
        held += share.interval is not None and (share.interval.low <= truth <= share.interval.high)
    assert held >= 180
