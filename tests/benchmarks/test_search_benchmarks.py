"""benchmarks/search_value.py and benchmarks/search_speed.py in their quick sizes."""

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy import stats

import search_speed
import search_value
import searches
from depthgauge.artifacts.raw import prepare_data
from depthgauge.data.dataset import without_test
from depthgauge.search.plan import make_plan
from depthgauge.settings.load import load_settings
from depthgauge.training.batches import group_examples
from depthgauge.training.engine import Job, train_group
from depthgauge.training.threads import one_thread

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def settings():
    loaded = load_settings(search_value.FOLDER)
    return searches.small(loaded).model_copy(update={"replicates": 2})


@pytest.fixture(scope="module")
def dataset(settings):
    return without_test(prepare_data(search_value.FOLDER, settings).dataset, range(2))


def cells(line: str) -> list[str]:
    return line.strip("|").split("|")


def trial(epochs: int, best_so_far: float | None) -> dict[str, object]:
    return {"epochs": epochs, "best_so_far": best_so_far}


def test_value_prints_every_depth_trial_count_and_recipe(capsys):
    search_value.main(["--quick"])
    out = capsys.readouterr().out
    rows = [cells(line) for line in out.splitlines() if re.match(r"\| \d", line)]
    searches = [[int(cell) for cell in row[:2]] for row in rows if len(row) == 7]
    assert searches == [[depth, count] for depth in (1, 3) for count in (2, 3, 4)]
    recipes = [(int(row[0]), row[1].strip()) for row in rows if len(row) == 6]
    assert recipes == [(d, name) for d in (1, 3) for name in search_value.RECIPES]
    assert len(re.findall(r"over 2 seeds\), lower with [012] of them; ", out)) == 5


def test_value_shares_the_random_trials_and_prunes_none_at_random(settings):
    one = search_value.found(search_value.FOLDER, settings, 1, 2)
    startup = settings.search.startup_trials
    assert one.searched.trials[:startup] == one.random.trials[:startup]
    assert {row["state"] for row in one.random.trials} == {"complete"}
    assert one.recipes["fixed"] == settings.recipe_at(1)
    assert search_value.epochs(one.random.trials) == settings.search.trials * 3


def test_best_within_a_budget_of_epochs():
    trials = [trial(4, None), trial(4, 0.5), trial(2, 0.5), trial(4, 0.3)]
    assert search_value.best_within(trials, 14) == 0.3
    assert search_value.best_within(trials, 13) == 0.5
    assert search_value.best_within(trials, 7) == math.inf


@pytest.mark.parametrize(
    ("ratios", "told"),
    [([0.5, 0.6, 0.55, 0.5], "; told apart"), ([0.5, 2.0, 1.5, 0.7], "; not told apart")],
)
def test_the_seed_is_the_unit_of_a_comparison(ratios, told):
    # Three depths of a seed say the same: they are not three studies.
    found = [SimpleNamespace(seed=s, ours=ratio) for s, ratio in enumerate(ratios) for _ in "abc"]
    line = search_value.compared("a", found, lambda one: one.ours, lambda one: 1.0)
    logs = np.log(ratios)
    low, high = np.exp(stats.t.interval(0.95, 3, logs.mean(), stats.sem(logs)))
    assert f"ratio {np.exp(logs.mean()):.3f} (95 % interval {low:.3f} to {high:.3f}" in line
    assert told in line


def test_one_seed_tells_nothing():
    found = [SimpleNamespace(seed=1, ours=0.5)]
    line = search_value.compared("a", found, lambda one: one.ours, lambda one: 1.0)
    assert "one seed tells no luck from a difference" in line


def test_speed_prints_a_row_for_each_search(capsys):
    search_speed.main(["--quick"])
    lines = capsys.readouterr().out.splitlines()
    rows = [cells(line) for line in lines if re.match(r"\| (depthgauge|plain)", line)]
    assert [row[0].split()[0] for row in rows] == ["depthgauge", "plain", "plain"]
    # The replay of depthgauge's trials finds nothing of its own.
    assert [row[4].strip() for row in rows].index("") == 2
    assert rows[2][3] == rows[0][3]
    for row in rows:
        # Seconds are rounded to tenths.
        assert all(float(cell) >= 0 for cell in row[1:3])
        assert all(float(cell) > 0 for cell in row[5:])
        # Rounded to whole numbers: 3 epochs make a training.
        assert float(row[7]) == pytest.approx(float(row[6]) / 3, abs=0.7)
    assert [float(cell) for cell in rows[0][-2:]] == [1.0, 1.0]


def test_both_searches_train_the_same_recipes_first(settings, dataset):
    plan = replace(make_plan(settings, "tuned", 1, 0, {"digests": {}}), pruner="none")
    examples = [group_examples(dataset, [r], CPU, torch.float32) for r in range(2)]
    ours = searches.depthgauge(plan, dataset, 2)
    plain = searches.plain_optuna(plan, examples, 2, 1)
    assert ours.trial_epochs == plain.trial_epochs == [2 * 3, 2 * 3]
    assert ours.pruned == plain.pruned == 0
    assert [len(one.trial_seconds) for one in (ours, plain)] == [2, 2]
    assert ours.parameters == plain.parameters
    assert ours.parameters[0] != ours.parameters[1]


def test_plain_replicate_learns_as_depthgauge_does(settings, dataset):
    """Other random numbers, so alike and not equal."""
    recipe = settings.recipe_at(1).with_values({"epochs": 15})
    examples = group_examples(dataset, [0], CPU, torch.float32)
    torch.manual_seed(1)
    with one_thread():
        least, epochs = searches.plain_replicate(recipe, examples["train"], examples["validation"])
    curves = train_group(Job(dataset, recipe, 0, CPU), [0, 1], lambda *_: None).curves
    assert epochs == 15
    assert least == pytest.approx(curves["validation_loss"][0].min(), rel=0.2)
    assert least < np.log(10) / 3


def test_a_plain_replicate_that_diverges_ends_there(settings, dataset):
    recipe = settings.recipe_at(1).with_values({"learning_rate": 1e30})
    examples = group_examples(dataset, [0], CPU, torch.float32)
    loss, epochs = searches.plain_replicate(recipe, examples["train"], examples["validation"])
    assert math.isnan(loss)
    assert epochs == 1
