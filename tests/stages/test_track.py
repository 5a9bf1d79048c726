"""track, from what real stages wrote."""

import csv

import pytest
from optuna.trial import TrialState

from depthgauge.artifacts.recipes import read_recipes, recipe_path
from depthgauge.follow import STAGE
from depthgauge.search.storage import open_storage
from depthgauge.tracking.runs import KIND, PARENT, TRIAL
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from tests.experiment import new_experiment

STATUS = {TrialState.COMPLETE: "FINISHED", TrialState.PRUNED: "KILLED", TrialState.FAIL: "FAILED"}
POINT = 1


@pytest.fixture(scope="module")
def searched(tmp_path_factory, place_store):
    """A search with trials of every state, logged to MLflow."""
    experiment = new_experiment(tmp_path_factory.mktemp("track") / "small", "images")
    experiment.set("points", [POINT]).tune(sampler="random", trials=12, objective="train_loss")
    sgd = {"name": "sgd", "learning_rate": 0.01, "momentum": 0.0, "weight_decay": 0.0}
    experiment.set("recipe.optimizer", sgd).set("recipe.epochs", 12)
    experiment.set("search.space.learning_rate", {"low": 1e-3, "high": 1e20})
    experiment.repro("prepare", "search")
    place_store(experiment.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert experiment.run("track") == 0
    return experiment


@pytest.fixture(scope="module")
def study(searched):
    """Optuna's own word on the trials."""
    storage = open_storage(str(searched.folder / ".depthgauge/optuna.log"))
    (summary,) = storage.get_all_studies()
    return storage.get_all_trials(summary._study_id)


def logged_runs(experiment):
    """The runs by kind, each with its curve {epoch: value}."""
    with open_store(find_store(experiment.folder, {}), lambda _: None) as client:
        logged = client.get_experiment_by_name("small")
        by_kind = {}
        for run in client.search_runs([logged.experiment_id]):
            history = client.get_metric_history(run.info.run_id, "intermediate_value")
            curve = {metric.step: metric.value for metric in history}
            by_kind.setdefault(run.data.tags[KIND], []).append((run, curve))
    return by_kind


@pytest.fixture(scope="module")
def logged(searched):
    return logged_runs(searched)


def test_one_run_for_the_study_and_one_for_each_trial(searched, study, logged):
    assert set(logged) == {"study", "trial"}
    ((parent, _),) = logged["study"]
    assert {run.data.tags[PARENT] for run, _ in logged["trial"]} == {parent.info.run_id}
    assert sorted(int(run.data.tags[TRIAL]) for run, _ in logged["trial"]) == list(
        range(len(study))
    )
    (found,) = read_recipes(searched.folder / recipe_path("tuned", POINT))
    recipe = found.flat()
    params = parent.data.params.items()
    best = {k.removeprefix("best/"): float(v) for k, v in params if k.startswith("best/")}
    searched_keys = ("optimizer.learning_rate", "batch_size", "network.width")
    assert best == {k.split(".")[-1]: pytest.approx(recipe[k], rel=1e-8) for k in searched_keys}
    values = [trial.value for trial in study if trial.state is TrialState.COMPLETE]
    assert parent.data.metrics["best_value"] == pytest.approx(min(values), rel=1e-8)


def test_trials_are_as_optuna_knows_them(study, logged):
    assert {trial.state for trial in study} == set(STATUS)
    for run, curve in logged["trial"]:
        trial = study[int(run.data.tags[TRIAL])]
        assert run.info.status == STATUS[trial.state]
        logged_values = {name: float(text) for name, text in run.data.params.items()}
        # With the point, so that trials of several can be drawn together.
        assert logged_values == pytest.approx({**trial.params, "depth": POINT}, rel=1e-8)
        assert curve == pytest.approx(trial.intermediate_values, rel=1e-8)
        complete = trial.state is TrialState.COMPLETE
        value = pytest.approx(trial.value, rel=1e-8) if complete else None
        assert run.data.metrics.get("value") == value


def test_a_second_time_adds_nothing(searched, logged):
    with (searched.folder / "results/tracked.csv").open() as file:
        before = list(csv.DictReader(file))
    assert [row["run"] for row in before] == [f"search depth {POINT} study 0"]
    assert searched.run("track") == 0
    again = logged_runs(searched)
    assert {kind: len(runs) for kind, runs in again.items()} == {
        kind: len(runs) for kind, runs in logged.items()
    }


DEAD = "http://me:secret@127.0.0.1:9"


def test_a_dead_server_ends_track_by_hand_and_no_pipeline(searched, capsys, monkeypatch):
    path = searched.folder / "results/tracked.csv"
    whole = path.read_bytes()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", DEAD)
    assert searched.run("track") == 2
    assert path.read_bytes() == whole
    capsys.readouterr()

    monkeypatch.setenv(STAGE, "track")
    assert searched.run("track") == 0

    error = capsys.readouterr().err
    assert error.startswith("track: NOT LOGGED to MLflow: ")
    assert error.count("\n") == 1
    assert "secret" not in error
    assert "dvc repro` tries again" in error
    # The next `dvc repro`, whose first stage this is, finds the output gone and runs `track`.
    assert searched.run("code") == 0
    assert not path.exists()
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert searched.run("track") == 0
    assert path.read_bytes() == whole
    assert searched.run("code") == 0
    assert path.read_bytes() == whole


def test_results_that_cannot_be_read_end_the_pipeline_all_the_same(searched, monkeypatch, capsys):
    path = searched.folder / f"results/recipes/tuned-{POINT}/study-0/trials.csv"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    monkeypatch.setenv(STAGE, "track")
    try:
        assert searched.run("track") == 2
    finally:
        path.write_bytes(whole)
    assert "trials.csv: is not what the search wrote" in capsys.readouterr().err
