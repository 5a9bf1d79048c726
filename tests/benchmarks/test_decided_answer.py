"""benchmarks/decided_answer.py in its quick size, and its plain rule beside the product's."""

import re

import numpy as np
import pytest

import decided_answer
from depthgauge.artifacts.raw import prepare_data
from depthgauge.settings.load import load_settings
from depthgauge.statistics.judge import judge
from simulate import Scenario, simulate

FOLDER = decided_answer.ROOT / "experiments/diabetes"


@pytest.mark.slow
def test_both_have_a_row(capsys):
    decided_answer.main(["--quick"])
    rows = re.findall(
        r"^\| diabetes \| (.*?) \| \d+ \| [\d.]+ \| ([\d.]+) \|", capsys.readouterr().out, re.M
    )
    assert [name for name, _ in rows] == ["depthgauge, a plan of looks", "plain PyTorch"]
    assert float(rows[1][1]) == 1


@pytest.mark.parametrize("rise", [0.0, 0.03, 0.1, 0.4])
def test_the_plain_rule_answers_as_the_product_does(rise):
    settings = load_settings(FOLDER)
    for seed in range(10):
        means = (1.1, 1.0, 1.0 + rise, 1.0 + 2 * rise, 1.0 + 2 * rise)
        scenario = Scenario(means, (1.0, 0.8, 0.6, 0.4, 0.2), 20, 4, 4, 0.05, 0.0, 0.0, 0.5, 0.0)
        view = simulate(scenario, np.random.default_rng(seed))
        rules = settings.threshold.model_copy(update={"resamples": 2, "stability_resamples": 1})
        verdict = judge(view, rules, np.random.default_rng(0))
        found = decided_answer.plain_threshold(settings, view.test, view.train)
        assert found == verdict.on_this_data.threshold


def test_a_plan_answers_as_one_look_at_its_end():
    settings = load_settings(FOLDER)
    settings = settings.model_copy(update={"replicates": 12, "points": [0, 3]})
    dataset = prepare_data(FOLDER, settings).dataset
    found = decided_answer.by_plan(settings, dataset, [6, 12])
    assert found.replicates in (6, 12)
    assert found.threshold == 3
