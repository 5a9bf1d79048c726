"""`track` of searches: a run for each study and, below it, one for each trial."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from depthgauge.errors import InputError
from depthgauge.files.digests import json_digest
from depthgauge.tracking import contents, search_contents
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import KilledError, Runs, Track, killing, outline, silent

NAMES = ["trial 0 (diverged)", "trial 1", "trial 2", "trial 3 (pruned)"]


def by_number(runs: Runs) -> list[Any]:
    """The runs of trials in their order."""
    return sorted(runs("trial"), key=lambda run: int(run.data.tags[contents.TRIAL]))


def test_a_run_for_each_search_and_below_it_one_for_each_trial(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1):
        fake.write_searched(folder, point)
    fake.write_point(folder, 1)

    tracked = track(fake.expected(1, searches=(0, 1)))

    assert [run.name for run in tracked] == ["search depth 0", "search depth 1", "fixed depth 1"]
    trials = runs("trial")
    for run in tracked[:2]:
        mine = [one for one in trials if one.data.tags[contents.PARENT] == run.run_id]
        assert {one.info.run_name for one in mine} == set(NAMES)
    assert len(trials) == 8


def test_a_study_holds_its_space_budget_best_values_and_files(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder, 3)
    track(fake.expected(searches=(3,)))

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
    assert tags[contents.STUDY] == "digits depth 3 12345678"
    assert "make studies" in tags[contents.NOTE]
    assert "depthgauge.git_commit" in tags
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "best_so_far")
        artifacts = {item.path for item in client.list_artifacts(run.info.run_id)}
    assert [(point.step, point.value) for point in curve] == [(1, 0.75), (2, 0.25), (3, 0.25)]
    tables = {f"{name}.csv" for name in ("trials", "curves", "importances")}
    assert artifacts == tables | {"study.json", "recipe.json"}


def test_a_study_names_the_recipe_that_its_point_was_trained_with(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder, 1)
    digest = json_digest(asdict(fake.search_recipe(1)))
    fake.write_point(folder, 1, recipe_digest=digest)
    track(fake.expected(1, searches=(1,)))

    found = {
        kind: runs(kind)[0].data.tags["depthgauge.recipe_digest"] for kind in ("study", "point")
    }
    assert found == {"study": digest, "point": digest}


def test_data_of_a_search_are_not_for_testing(folder: Path, track: Track, runs: Runs) -> None:
    fake.write_searched(folder)
    fake.write_point(folder)
    track(fake.expected(1, searches=(1,)))

    uses = {
        kind: [tag.value for one in runs(kind)[0].inputs.dataset_inputs for tag in one.tags]
        for kind in ("study", "point")
    }
    assert uses == {"study": ["train, validation"], "point": ["train, validation, test"]}


def test_trials_show_their_true_state_values_and_curve(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder)
    track(fake.expected(searches=(1,)))

    trials = by_number(runs)
    assert [run.info.status for run in trials] == ["FAILED", "FINISHED", "FINISHED", "KILLED"]
    assert [run.data.tags[search_contents.STATE] for run in trials] == [
        state for state, *_ in fake.TRIALS
    ]
    reported = "intermediate_value"
    with open_store(store, silent) as client:
        curves = [
            [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, reported)]
            for run in trials
        ]
    for run, curve, (_, value, _, rate, reports) in zip(trials, curves, fake.TRIALS, strict=True):
        assert run.data.params == {"learning_rate": f"{rate:.9g}", "batch_size": "8", "width": "32"}
        assert curve == list(zip((4, 8, 12), reports, strict=False))
        assert run.data.metrics.get("value") == value
        assert run.data.metrics["epochs"] == 4 * len(reports)
        assert run.data.tags[contents.STUDY] == "digits depth 1 12345678"


def test_twice_adds_nothing(folder: Path, track: Track, runs: Runs) -> None:
    fake.write_searched(folder)
    (first,) = track(fake.expected(searches=(1,)))
    before = outline(runs)

    (second,) = track(fake.expected(searches=(1,)))

    assert (first.added, second.added) == (True, False)
    assert first.run_id == second.run_id
    assert outline(runs) == before


def test_a_lost_database_is_made_again_with_the_same_runs(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder)
    track(fake.expected(searches=(1,)))
    before = outline(runs)
    assert len(before) == 5
    assert store.database is not None
    store.database.unlink()
    assert store.artifacts is not None
    shutil.rmtree(store.artifacts)

    track(fake.expected(searches=(1,)))

    assert outline(runs) == before


# A study with 4 trials takes 22 writes: 3 to begin, 5 files, 3 a trial, 2 to end.
@pytest.mark.parametrize("killed_at", [0, 1, 5, 8, 9, 10, 11, 19, 20, 21])
def test_killed_half_way_is_completed_and_never_doubled(
    folder: Path, track: Track, runs: Runs, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    fake.write_searched(folder)
    with killing(monkeypatch, killed_at), pytest.raises(KilledError):
        track(fake.expected(searches=(1,)))

    (tracked,) = track(fake.expected(searches=(1,)))

    assert tracked.added
    (study,) = runs("study")
    assert study.info.status == "FINISHED"
    trials = by_number(runs)
    assert [run.info.run_name for run in trials] == NAMES
    assert [run.info.status for run in trials] == ["FAILED", "FINISHED", "FINISHED", "KILLED"]
    assert [run.data.metrics.get("value") for run in trials] == [None, 0.75, 0.25, None]


def test_a_changed_search_is_a_new_run_and_the_old_one_stays(
    folder: Path, track: Track, runs: Runs
) -> None:
    fake.write_searched(folder)
    (old,) = track(fake.expected(searches=(1,)))
    fake.write_searched(folder, seed=8)
    (new,) = track(fake.expected(searches=(1,)))

    current = {run.info.run_id: run.data.tags[contents.CURRENT] for run in runs("study")}
    assert current == {old.run_id: "false", new.run_id: "true"}
    assert len(runs("trial")) == 8


def test_only_finished_searches_that_the_settings_ask_for_count(
    folder: Path, track: Track, runs: Runs
) -> None:
    for point in (0, 1, 2):
        fake.write_searched(folder, point)
    (folder / "results/recipes/tuned-1/recipe.json").unlink()

    tracked = track(fake.expected(searches=(1, 2, 3)))

    assert [run.name for run in tracked] == ["search depth 2"]
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
    path = folder / "results/recipes/tuned-1" / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))

    with pytest.raises(InputError, match=rf"{name}: is damaged; run `dvc repro`$"):
        track(fake.expected(searches=(1,)))
    assert runs("study") == []
