"""Trials in a storage: their true states, no test data, and a study that goes on as if at once."""

import threading
from dataclasses import replace

import numpy as np
import optuna
import psutil
import pytest
import torch
from optuna.trial import TrialState

from depthgauge.data.dataset import without_test
from depthgauge.errors import InputError
from depthgauge.search import run
from depthgauge.search.attributes import PLACE, PLAN, PROCESS
from depthgauge.search.leftovers import this_process
from depthgauge.search.outcome import outcome
from depthgauge.search.plan import make_plan
from depthgauge.search.run import Goal, run_trials
from depthgauge.search.storage import open_storage
from depthgauge.search.study import finished_trials, open_study, sole_search, study_name
from depthgauge.settings.search import CountRange, FloatRange

CPU = torch.device("cpu")


@pytest.fixture
def storage(tmp_path):
    return open_storage(str(tmp_path / "journal.log"))


def go(storage, plan, dataset, trials, blank=True):
    seen = without_test(dataset, plan.replicates) if blank else dataset
    found = open_study(storage, "small", plan)
    return run_trials(found, plan, seen, Goal(trials), CPU, 2, lambda finished: None)


def told(trials):
    return [(t.state, t.params, t.value, t.intermediate_values) for t in trials]


def journal(tmp_path, name):
    return open_storage(str(tmp_path / name))


@pytest.mark.parametrize("kind", ["images", "series"])
def test_blank_where_no_split_of_the_search_shows(small, kind):
    dataset = small[kind][0]
    seen = without_test(dataset, range(2))
    splits = dataset.splits
    sets = 2 if splits.resampled else 1
    shown = np.unique([*splits.train[:sets].ravel(), *splits.validation[:sets].ravel()])
    hidden = np.setdiff1d(np.arange(len(dataset.inputs)), shown)
    assert hidden.size
    assert np.isposinf(seen.inputs[hidden]).all()
    targets = seen.targets[hidden]
    assert (targets == -1).all() if kind == "images" else np.isposinf(targets).all()
    np.testing.assert_array_equal(seen.inputs[shown], dataset.inputs[shown])
    np.testing.assert_array_equal(seen.targets[shown], dataset.targets[shown])
    assert seen.splits.test.shape[1] == 0
    # Fixed splits: no test row is in what is seen. The original is as it was.
    if kind == "series":
        assert np.isin(splits.test, hidden).all()
    assert np.isfinite(dataset.inputs).all()


@pytest.mark.parametrize("objective", ["validation_loss", "train_loss"])
@pytest.mark.parametrize("kind", ["images", "series"])
def test_test_data_change_no_trial(tmp_path, small, plan, kind, objective):
    """A run on other test data, and one that is not kept from them, find the same."""
    dataset = small[kind][0]
    chosen = replace(plan(kind), objective=objective)
    expected = told(go(journal(tmp_path, "a"), chosen, dataset, 4))
    assert any(state is TrialState.COMPLETE for state, *_ in expected)
    hidden = np.isposinf(without_test(dataset, chosen.replicates).inputs).all(1)
    inputs, targets = dataset.inputs.copy(), dataset.targets.copy()
    inputs[hidden] = 1e6
    targets[hidden] = 0
    other = replace(dataset, inputs=inputs, targets=targets)
    assert told(go(journal(tmp_path, "b"), chosen, other, 4)) == expected
    assert told(go(journal(tmp_path, "c"), chosen, dataset, 4, blank=False)) == expected


def test_the_state_that_is_told_is_the_true_one(storage, small, plan, monkeypatch):
    """Values made up: complete, diverged in three ways, pruned."""
    chosen = replace(plan(), startup_trials=1, base=plan().base.with_values({"epochs": 12}))
    script = [
        {12: 1.0},
        {6: float("inf")},
        {3: float("nan")},
        {12: float("inf")},
        dict.fromkeys(range(1, 12), 3.0) | {12: 0.5},
        {12: 0.7},
    ]

    def made_up(job, objective, replicates, workers, report):
        values = dict.fromkeys(range(1, 13), 2.0) | script.pop(0)
        for epoch, value in values.items():
            if report(epoch, value):
                raise run.StoppedError
        return values[12]

    monkeypatch.setattr(run, "train_trial", made_up)
    finished = go(storage, chosen, small["images"][0], 6)
    complete, pruned, failed = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL
    assert [t.state for t in finished] == [complete, failed, failed, failed, pruned, complete]
    for trial in finished:
        assert all(np.isfinite(v) for v in trial.intermediate_values.values())
    found = outcome(chosen, finished)
    states = ["complete", "diverged", "diverged", "diverged", "pruned", "complete"]
    assert [row["state"] for row in found.trials] == states
    assert [row["value"] for row in found.trials] == [1.0, None, None, None, None, 0.7]
    assert [row["best_so_far"] for row in found.trials] == [1.0] * 5 + [0.7]
    assert [row["epochs"] for row in found.trials] == [12, 5, 2, 11, 4, 12]
    assert (found.best, found.value) == (5, 0.7)
    assert found.recipe == chosen.recipe_with(finished[5].params)


def test_all_that_diverge_are_no_winner(storage, small, plan):
    one = plan("series")
    rates = FloatRange(low=1e20, high=1e30)
    base = one.base.with_values({"loss.name": "mse", "epochs": 6, "learning_rate": 1e25})
    chosen = replace(one, space=one.space | {"learning_rate": rates}, base=base)
    finished = go(storage, chosen, small["series"][0], 3)
    assert {trial.state for trial in finished} == {TrialState.FAIL}
    with pytest.raises(InputError, match="none of 3 trials of depth 1 ended well; in params"):
        outcome(chosen, finished)


def test_the_first_of_equals_wins(plan):
    distributions = plan().distributions()
    values = {"learning_rate": 0.01, "batch_size": 4, "width": 3}
    trials = [
        optuna.trial.create_trial(value=value, params=values, distributions=distributions)
        for value in (2.0, 1.0, 1.0)
    ]
    found = outcome(plan(), trials)
    assert found.best == 1
    assert [row["importance"] for row in found.importances] == [None] * 3


def test_importances_are_shares(storage, small, plan):
    chosen = replace(plan(), pruner="none", startup_trials=3)
    found = outcome(chosen, go(storage, chosen, small["images"][0], 8))
    assert [row["parameter"] for row in found.importances] == [
        "learning_rate",
        "batch_size",
        "width",
    ]
    shares = [row["importance"] for row in found.importances]
    assert sum(shares) == pytest.approx(1)
    assert min(shares) >= 0


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_at_once_or_one_by_one(tmp_path, small, plan, sampler):
    dataset = small["images"][0]
    chosen = replace(plan(), sampler=sampler)
    at_once = told(go(journal(tmp_path, "a"), chosen, dataset, 6))
    for trials in (1, 2, 5, 6):
        parts = told(go(journal(tmp_path, "b"), chosen, dataset, trials))
        assert parts == at_once[:trials]
    # More trials than asked for: the first ones.
    assert told(go(journal(tmp_path, "b"), chosen, dataset, 3)) == at_once[:3]
    assert len({str(params) for _, params, *_ in at_once}) == 6


def test_an_interrupted_trial_leaves_no_trace(tmp_path, small, plan, monkeypatch):
    dataset, chosen = small["images"][0], plan()
    at_once = told(go(journal(tmp_path, "a"), chosen, dataset, 5))
    original, calls = run.train_trial, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) in (1, 4):
            arguments[-1](1, 0.001)
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(run, "train_trial", interrupted)
    storage = journal(tmp_path, "b")
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            go(storage, chosen, dataset, 5)
        states = [t.state for t in open_study(storage, "small", chosen).trials]
        assert states[-1] is TrialState.FAIL
        assert TrialState.RUNNING not in states
    assert told(go(storage, chosen, dataset, 5)) == at_once
    found = open_study(storage, "small", chosen)
    assert len(found.trials) == 7
    # By this a person finds the trial of a row of the files, whatever its number in Optuna.
    assert [t.user_attrs[PLACE] for t in finished_trials(found)] == [0, 1, 2, 3, 4]


def test_a_trial_left_running_by_a_dead_process_is_ended(storage, small, plan):
    found = open_study(storage, "small", plan())
    distributions = plan().distributions()
    trial = found.ask(distributions)
    trial.set_user_attr(PROCESS, this_process() | {"started": 1})
    found.ask(distributions)  # killed before it could say who it is
    assert [t.state for t in found.trials] == [TrialState.RUNNING] * 2
    again = open_study(storage, "small", plan())
    assert [t.state for t in again.trials] == [TrialState.FAIL] * 2
    assert finished_trials(again) == []


@pytest.mark.parametrize("who", ["here", "there"])
def test_a_trial_that_somebody_runs_is_left_alone(storage, plan, who):
    parent = psutil.Process(psutil.Process().ppid())
    owner = {"host": this_process()["host"], "pid": parent.pid}
    owner["started"] = int(parent.create_time())
    if who == "there":
        owner |= {"host": "elsewhere", "started": 1}
    found = open_study(storage, "small", plan())
    found.ask(plan().distributions()).set_user_attr(PROCESS, owner)
    with pytest.raises(InputError, match=f"trial 0 of .* is being run on {owner['host']} by"):
        open_study(storage, "small", plan())
    assert [t.state for t in found.trials] == [TrialState.RUNNING]


def test_a_study_of_the_same_name_and_another_plan(storage, plan):
    found = open_study(storage, "small", plan())
    found.set_user_attr(PLAN, plan().record() | {"objective": "train_loss"})
    with pytest.raises(InputError, match="has another search space or recipe; name another"):
        open_study(storage, "small", plan())
    assert len(storage.get_all_studies()) == 1


def test_a_study_tells_what_it_is(storage, plan):
    found = open_study(storage, "small", plan())
    assert found.study_name.startswith("small depth 1 ")
    assert found.direction is optuna.study.StudyDirection.MINIMIZE
    assert found.user_attrs[PLAN]["space"]["width"] == {"low": 2, "high": 6}
    assert found.user_attrs["recipe optimizer.name"] == "adam"
    assert "recipe optimizer.learning_rate" not in found.user_attrs
    assert found.metric_names == ["mean validation_loss"]


def test_whatever_decides_a_value_is_in_the_name(plan):
    one = plan()
    base = one.base
    others = [
        replace(one, objective="train_loss"),
        replace(one, replicates=(0, 1, 2)),
        replace(one, study=1),
        replace(one, sampler="random"),
        replace(one, pruner="none"),
        replace(one, startup_trials=3),
        replace(one, seed=1),
        replace(one, data_digest="other"),
        replace(one, code_digest="other"),
        replace(one, point=2),
        replace(one, base=base.with_values({"epochs": 3})),
        replace(one, base=base.with_values({"activation": "tanh"})),
        replace(one, space=one.space | {"learning_rate": FloatRange(low=0.001, high=0.2)}),
        replace(one, space=one.space | {"batch_size": [4]}),
        replace(one, space=one.space | {"width": CountRange(low=2, high=7)}),
    ]
    names = {study_name("small", other) for other in [one, *others]}
    assert len(names) == len(others) + 1
    # What trials replace is what the first one tries.
    other = replace(one, base=base.with_values({"learning_rate": 0.5}))
    assert study_name("small", other) not in names


def test_the_first_trial_is_the_recipe_itself(storage, small, plan, monkeypatch):
    """Also where it was interrupted, or killed before it began."""
    chosen, original, calls = plan(), run.train_trial, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(run, "train_trial", interrupted)
    with pytest.raises(KeyboardInterrupt):
        go(storage, chosen, small["images"][0], 3)
    open_study(storage, "small", chosen).enqueue_trial(chosen.first_values())
    finished = go(storage, chosen, small["images"][0], 3)
    first, *others = [trial.params for trial in finished]
    assert first == {"learning_rate": 0.01, "batch_size": 8, "width": 4}
    assert chosen.recipe_with(first) == chosen.base
    assert first not in others


def test_studies_differ_and_share_their_random_numbers_over_points(tmp_path, small, plan):
    dataset = small["images"][0]
    drawn = {}
    for point in (1, 2):
        for study in (0, 1):
            chosen = replace(plan(point=point, study=study), sampler="random", study=study)
            trials = go(journal(tmp_path, "all"), chosen, dataset, 4)
            drawn[point, study] = [trial.params for trial in trials]
    assert drawn[1, 0] == drawn[2, 0]
    assert drawn[1, 1] == drawn[2, 1]
    assert drawn[1, 0][0] == drawn[1, 1][0]
    assert all(one != other for one, other in zip(drawn[1, 0][1:], drawn[1, 1][1:], strict=True))


def test_a_study_sees_its_own_share_of_the_replicates(small):
    _, known, meta = small["images"]
    search = known.search.model_copy(update={"studies": 3, "replicates": 2})
    settings = known.model_copy(update={"replicates": 7, "search": search})
    plans = [make_plan(settings, "tuned", 1, study, meta) for study in range(3)]
    assert [each.replicates for each in plans] == [(0, 3), (1, 4), (2, 5)]
    assert len({study_name("small", each) for each in plans}) == 3


def test_a_goal_is_met_by_what_comes_first():
    for goal, finished, ran, seconds, met in (
        (Goal(total=4), 4, 0, 0.0, True),
        (Goal(total=4), 3, 9, 9.0, False),
        (Goal(more=2), 9, 1, 9.0, False),
        (Goal(more=2), 0, 2, 0.0, True),
        (Goal(seconds=5), 9, 0, 9.0, False),
        (Goal(seconds=5), 9, 1, 4.9, False),
        (Goal(seconds=5), 9, 1, 5.0, True),
        (Goal(more=2, seconds=5), 0, 2, 0.0, True),
        (Goal(more=2, seconds=5), 0, 1, 6.0, True),
    ):
        assert goal.is_met(finished, ran, seconds) is met, (goal, finished, ran, seconds)


def test_what_a_study_and_its_trials_are_at(storage, small, plan):
    """By this, trials of several points can be drawn together."""
    go(storage, plan(), small["images"][0], 2)
    found = open_study(storage, "small", plan())
    assert found.user_attrs["depth"] == 1
    assert [trial.user_attrs["depth"] for trial in found.trials] == [1, 1]


def test_two_searches_of_one_study(storage, small, plan):
    """Both by hand: the second finds a trial of the first in hand, leaves it, and repeats none."""
    dataset, chosen = small["images"][0], plan()
    first = open_study(storage, "small", chosen)
    first.enqueue_trial(chosen.first_values())
    in_hand = first.ask(chosen.distributions())
    parent = psutil.Process(psutil.Process().ppid())
    owner = {"pid": parent.pid, "started": int(parent.create_time())}
    in_hand.set_user_attr(PROCESS, this_process() | owner)
    second = open_study(storage, "small", chosen, join=True)
    seen = without_test(dataset, chosen.replicates)
    finished = run_trials(
        *(second, chosen, seen, Goal(more=4), CPU, 1, lambda finished: None), alone=False
    )
    assert [trial.number for trial in finished] == [1, 2, 3, 4]
    assert in_hand.params not in [trial.params for trial in finished]
    assert len({str(trial.params) for trial in finished}) == 4
    assert second.trials[0].state is TrialState.RUNNING
    # Which place these have among the finished ones is not known yet.
    assert not any(PLACE in trial.user_attrs for trial in finished)


def test_a_linear_model_has_no_width(storage, small, plan):
    finished = go(storage, plan(point=0), small["images"][0], 2)
    assert all(set(t.params) == {"learning_rate", "batch_size"} for t in finished)
    found = outcome(plan(point=0), finished)
    assert "width" not in found.trials[0]
    assert found.recipe.network == plan(point=0).base.network


def test_one_search_of_a_study_at_a_time(tmp_path):
    def second(url, name):
        with sole_search(tmp_path, url, name):
            return True

    with sole_search(tmp_path, "x.log", "a"):
        assert second("x.log", "b")
        assert second("y.log", "a")
        for url in ("x.log", "./x.log"):
            with pytest.raises(InputError, match="another search of 'a' is going on; wait for it"):
                second(url, "a")
        with sole_search(tmp_path, "x.log", "a", join=True) as alone:
            assert not alone
    with sole_search(tmp_path, "x.log", "a", join=True) as alone:
        assert alone


def test_studies_share_a_journal(tmp_path, small, plan):
    """Two depths, each in a thread of its own as in a process of its own, write one file."""
    dataset = small["images"][0]
    alone = {p: told(go(journal(tmp_path, f"{p}"), plan(point=p), dataset, 4)) for p in (1, 2)}
    together = {}

    def one(point):
        together[point] = told(go(journal(tmp_path, "both"), plan(point=point), dataset, 4))

    threads = [threading.Thread(target=one, args=(p,), daemon=True) for p in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert together == alone
