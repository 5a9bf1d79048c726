"""benchmarks/truth.py in its quick size, and its counts on planted experiments."""

import re

import numpy as np
import pytest

import truth
from depthgauge.settings.load import load_settings
from tests.verdicts import judge_simulated


@pytest.fixture(scope="module")
def settings():
    return truth.experiment_settings(load_settings(truth.FOLDER), [0, 1, 2], 12)


def test_every_stopping_has_its_tables(capsys):
    truth.main(["--quick"])
    out = capsys.readouterr().out
    assert re.findall("## Stopping: (.*)", out) == list(truth.STOPPINGS)
    assert len(re.findall(r"^\| [01] \| \d\.\d+ \(", out, re.M)) == 4


def test_a_data_set_is_drawn_anew_for_each_seed():
    signals, digits = truth.draw_signals(1)
    assert signals.shape == (truth.POOL + truth.FRESH, 40)
    assert set(digits) == set(range(10))
    assert not np.array_equal(signals, truth.draw_signals(2)[0])
    np.testing.assert_array_equal(signals, truth.draw_signals(1)[0])


def test_claims_and_intervals_are_held_to_the_truth(settings):
    verdict = judge_simulated((1.2, 1.0, 1.5), (0.9, 0.5, 0.1))
    found = [truth.Judged({"last": verdict}, {"last": np.zeros(3)})]
    right, wrong = np.array([1.2, 1.0, 1.5]), np.array([1.2, 1.0, 0.9])
    asked = "on_this_data"
    assert truth.counted(found, "last", asked) == "2: 1"
    assert truth.true_claims(found, "last", asked, right, settings) == "1 of 1"
    assert truth.true_claims(found, "last", asked, wrong, settings) == "0 of 1"
    assert truth.coverage(found, "last", right, settings)[1:] == (2, 2)
    assert truth.coverage(found, "last", wrong, settings)[1:] == (1, 2)
