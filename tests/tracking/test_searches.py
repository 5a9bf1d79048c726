"""`track` of searches: a run for each study and, below it, one for each trial."""

from pathlib import Path
from typing import Any

import pytest

from depthgauge.artifacts.recipes import recipe_path, recipes_digest
from depthgauge.errors import InputError
from depthgauge.tracking.runs import DESCRIPTION, PARENT, STUDY, TRIAL
from depthgauge.tracking.search_runs import STATE
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import Runs, Track, silent

NAMES = ["trial 0 (diverged)", "trial 1", "trial 2", "trial 3 (pruned)"]


def by_number(runs: Runs) -> list[Any]:
    """The runs of trials in their order."""
    return sorted(runs("trial"), key=lambda run: int(run.data.tags[TRIAL]))


def test_a_run_for_each_search_and_below_it_one_for_each_trial(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_searched(folder, point)
    fake.write_point(folder, 1)

    tracked = track(fake.settings(0, 1, tuned=True))

    assert [run.name for run in tracked] == [
        "search depth 0 study 0",
        "search depth 1 study 0",
        "fixed depth 1",
    ]
    trials = runs("trial")
    for run in tracked[:2]:
        mine = [one for one in trials if one.data.tags[PARENT] == run.run_id]
        assert {one.info.run_name for one in mine} == set(NAMES)
    assert len(trials) == 8


def test_a_study_holds_its_space_budget_best_values_and_files(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder, 3)
    track(fake.settings(3, tuned=True))

    (run,) = runs("study")
    params, metrics, tags = run.data.params, run.data.metrics, run.data.tags
    assert run.info.status == "FINISHED"
    assert params["space/learning_rate"] == "0.0001 to 1.0, on a logarithmic scale"
    assert params["space/batch_size"] == "8, 16"
    budget = {key: value for key, value in params.items() if key.startswith("budget/")}
    assert budget == {"budget/trials": "4", "budget/replicates": "2", "budget/epochs": "12"}
    made = {key: params[key] for key in ("objective", "sampler", "pruner", "depth")}
    assert made == {
        "objective": "validation_loss",
        "sampler": "tpe",
        "pruner": "median",
        "depth": "3",
    }
    best = {key: value for key, value in params.items() if key.startswith("best/")}
    assert best == {"best/learning_rate": "0.01", "best/batch_size": "8", "best/width": "32"}
    assert (metrics["best_value"], metrics["best_trial"]) == (0.25, 2)
    states = {key: value for key, value in metrics.items() if key.startswith("trials/")}
    assert states == {"trials/complete": 2, "trials/pruned": 1, "trials/diverged": 1}
    assert tags[STUDY] == "digits depth 3 study 0 12345678"
    assert "make studies" in tags[DESCRIPTION]
    assert "depthgauge.git_commit" in tags
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "best_so_far")
        artifacts = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert [(point.step, point.value) for point in curve] == [(1, 0.75), (2, 0.25), (3, 0.25)]
    tables = {"trials.csv", "curves.csv", "importances.csv"}
    assert artifacts == tables | {"study.json", "recipe.json"}


def test_a_study_names_the_recipe_that_its_point_was_trained_with(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder, 1)
    digest = recipes_digest([fake.search_recipe(1)])
    fake.write_point(folder, 1, recipe_digest=digest)
    track(fake.settings(1, tuned=True))

    found = {
        kind: runs(kind)[0].data.tags["depthgauge.recipe_digest"] for kind in ("study", "point")
    }
    assert found == {"study": digest, "point": digest}


def test_data_of_a_search_are_not_for_testing(folder: Path, track: Track, runs: Runs) -> None:
    fake.write_searched(folder)
    fake.write_point(folder)
    track(fake.settings(1, tuned=True))

    uses = {
        kind: [tag.value for one in runs(kind)[0].inputs.dataset_inputs for tag in one.tags]
        for kind in ("study", "point")
    }
    assert uses == {"study": ["train, validation"], "point": ["train, validation, test"]}


def test_trials_show_their_true_state_values_and_curve(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder)
    track(fake.settings(1, tuned=True))

    trials = by_number(runs)
    assert [run.info.status for run in trials] == ["FAILED", "FINISHED", "FINISHED", "KILLED"]
    assert [run.data.tags[STATE] for run in trials] == [state for state, *_ in fake.TRIALS]
    reported = "intermediate_value"
    with open_store(store, silent) as client:
        curves = [
            [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, reported)]
            for run in trials
        ]
    for run, curve, (_, value, _, rate, reports) in zip(trials, curves, fake.TRIALS, strict=True):
        searched = {"learning_rate": f"{rate:.9g}", "batch_size": "8", "width": "32"}
        # By the depth, trials of all points can be drawn together.
        assert run.data.params == {**searched, "depth": "1"}
        assert curve == list(zip((4, 8, 12), reports, strict=False))
        assert run.data.metrics.get("value") == value
        assert run.data.metrics["epochs"] == 4 * len(reports)
        assert run.data.tags[STUDY] == "digits depth 1 study 0 12345678"


def test_only_finished_searches_that_the_settings_ask_for_count(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1, 2):
        fake.write_searched(folder, point)
    (folder / recipe_path("tuned", 1)).unlink()

    tracked = track(fake.settings(1, 2, 3, tuned=True))

    assert [run.name for run in tracked] == ["search depth 2 study 0"]
    assert len(runs("study")) == 1


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("study.json", "{", ""),
        ("study.json", '"budget"', '"budgets"'),
        ("trials.csv", "best_so_far", "best"),
        ("trials.csv", "complete,0.75", "complete,low"),
        ("trials.csv", "\n1,", "\n7,"),
        ("curves.csv", "1,4,", "1,four,"),
        ("importances.csv", "importance\n", "share\n"),
    ],
)
def test_search_files_that_cannot_be_read_are_named(
    folder: Path, track: Track, runs: Runs, name: str, before: str, after: str
) -> None:
    fake.write_searched(folder)
    path = fake.search_file(folder, 1, name)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))

    said = "is (damaged|missing|not what the search wrote)"
    with pytest.raises(InputError, match=rf"{name}: (\S+: )?{said}; run `dvc repro`$"):
        track(fake.settings(1, tuned=True))
    assert runs("study") == []
