"""track, from what real stages wrote."""

import csv
import json

import pytest
from optuna.trial import TrialState

from depthgauge.search.storage import open_storage
from depthgauge.tracking.contents import KIND, PARENT, TRIAL
from depthgauge.tracking.place import find_store
from depthgauge.tracking.session import open_store
from tests.experiment import new_experiment

STATUS = {
    TrialState.COMPLETE: "FINISHED",
    TrialState.PRUNED: "KILLED",
    TrialState.FAIL: "FAILED",
}
POINT = 1


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A search with trials of every state, logged to MLflow."""
    experiment = new_experiment(tmp_path_factory.mktemp("track") / "small", "images")
    experiment.set("points", [POINT]).tune(sampler="random", trials=12, objective="train_loss")
    experiment.set("recipe.optimizer", "gradient_descent").set("training.epochs", 12)
    experiment.set("search.space.learning_rate", {"low": 1e-3, "high": 1e20})
    experiment.repro("prepare", "search")
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


def logged(searched):
    """The runs of each kind, and the reported values of each of them by epoch."""
    by_kind, curves = {}, {}
    # Whoever has the store open keeps others waiting.
    with open_store(find_store(searched.folder, {}), lambda _: None) as client:
        experiment = client.get_experiment_by_name("small")
        for run in client.search_runs([experiment.experiment_id]):
            by_kind.setdefault(run.data.tags[KIND], []).append(run)
            history = client.get_metric_history(run.info.run_id, "intermediate_value")
            curves[run.info.run_id] = {metric.step: metric.value for metric in history}
    return by_kind, curves


def test_one_run_for_the_study_and_one_for_each_trial(searched, study):
    runs, _ = logged(searched)
    assert set(runs) == {"study", "trial"}
    (parent,) = runs["study"]
    assert {run.data.tags[PARENT] for run in runs["trial"]} == {parent.info.run_id}
    assert sorted(int(run.data.tags[TRIAL]) for run in runs["trial"]) == list(range(len(study)))
    recipe = json.loads((searched.folder / f"results/recipes/tuned-{POINT}.json").read_text())
    best = {k.removeprefix("best/"): v for k, v in parent.data.params.items() if "best/" in k}
    assert best == {key: str(recipe[key]) for key in ("learning_rate", "batch_size", "width")}
    values = [trial.value for trial in study if trial.state is TrialState.COMPLETE]
    assert parent.data.metrics["best_value"] == pytest.approx(min(values), rel=1e-8)


def test_trials_are_as_optuna_knows_them(searched, study):
    runs, curves = logged(searched)
    assert {trial.state for trial in study} == set(STATUS)
    for run in runs["trial"]:
        trial = study[int(run.data.tags[TRIAL])]
        assert run.info.status == STATUS[trial.state]
        logged_values = {name: float(text) for name, text in run.data.params.items()}
        assert logged_values == pytest.approx(trial.params, rel=1e-8)
        curve = curves[run.info.run_id]
        assert curve == pytest.approx(trial.intermediate_values, rel=1e-8)
        complete = trial.state is TrialState.COMPLETE
        value = pytest.approx(trial.value, rel=1e-8) if complete else None
        assert run.data.metrics.get("value") == value


def test_a_second_time_adds_nothing(searched):
    with (searched.folder / "results/tracked.csv").open() as file:
        assert [row["run"] for row in csv.DictReader(file)] == [f"search depth {POINT}"]
    before = logged(searched)[1]
    assert searched.run("track") == 0
    assert logged(searched)[1] == before
