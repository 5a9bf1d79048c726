from dataclasses import replace

import numpy as np
import pytest

from simulate import Scenario, simulate

SCENARIO = Scenario((1.0, 2.0), (1.0, 0.5), 200, 400, 400, 0.2, 0.3, 0.4, 0.2, 0.0)


def test_expected_losses_are_the_planned_ones():
    rng = np.random.default_rng(0)
    means = [simulate(SCENARIO, rng).test.mean(axis=0) for _ in range(60)]
    assert np.mean(means, axis=0) == pytest.approx(SCENARIO.test_means, rel=0.015)


def test_effects_have_their_planned_spread():
    logarithm = np.log(simulate(SCENARIO, np.random.default_rng(1)).example_losses)
    change = logarithm[1] - logarithm[0]
    by_replicate, by_example = change.mean(axis=1), change.mean(axis=0)
    cells = change - by_replicate[:, None] - by_example
    # Each difference of two points holds the luck of both; what they share is gone.
    found = [by_replicate.std(), by_example.std(), cells.std()]
    assert found == pytest.approx(np.sqrt(2) * np.array([0.2, 0.3, 0.4]), rel=0.15)


def test_a_part_of_the_rows_gives_each_replicate_a_test_set_of_its_own():
    view = simulate(replace(SCENARIO, tested=150), np.random.default_rng(2))
    members = np.isfinite(view.example_losses[0])
    assert (members.sum(axis=1) == 150).all()
    assert len(np.unique(members, axis=0)) == 200


def test_examples_follow_one_another_as_planned():
    scenario = replace(SCENARIO, replicates=2, rows=4000, tested=4000, autocorrelation=0.7)
    still = replace(scenario, replicate=0.0, cell=0.0, shared=0.0)
    effect = np.log(simulate(still, np.random.default_rng(3)).example_losses[0, 0])
    assert np.corrcoef(effect[1:], effect[:-1])[0, 1] == pytest.approx(0.7, abs=0.05)
    assert effect.std() == pytest.approx(0.3, rel=0.1)
