"""How long a training took is kept beside its results, and shown by MLflow."""

import mlflow
import pytest

from depthgauge.artifacts.durations import known_seconds, timed
from tests.experiment import new_experiment, snapshot


def test_what_is_made_is_timed_and_what_is_there_is_not(tmp_path):
    results = tmp_path / "results"
    (tmp_path / ".dvc").mkdir()
    assert known_seconds(results) is None
    with timed(results):
        results.mkdir()
        (results / "provenance.json").write_text("{}")
    first = known_seconds(results)
    assert first is not None
    assert first >= 0
    (kept,) = (tmp_path / ".depthgauge/durations").iterdir()
    kept.write_text("7.5\n")
    with timed(results):
        pass
    assert known_seconds(results) == 7.5
    # Of other settings nothing is known.
    (results / "provenance.json").write_text("[]")
    assert known_seconds(results) is None


def test_a_failure_is_not_timed(tmp_path):
    def fail():
        with timed(tmp_path):
            (tmp_path / "provenance.json").write_text("{}")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert known_seconds(tmp_path) is None


def test_outside_a_repository_nothing_is_put_among_the_results(tmp_path):
    with timed(tmp_path):
        (tmp_path / "provenance.json").write_text("{}")
    assert [path.name for path in tmp_path.iterdir()] == ["provenance.json"]


def test_mlflow_shows_it(tmp_path, place_store, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = new_experiment(tmp_path, "images")
    (tmp_path / ".dvc").mkdir()
    experiment.repro("prepare", "baselines", "recipe", "train")
    results = {point: experiment.results(point) for point in experiment.content["points"]}
    before = {point: snapshot(folder) for point, folder in results.items()}
    experiment.repro("evaluate", "report")
    place_store(experiment.folder)
    assert experiment.run("track") == 0
    client = mlflow.MlflowClient(f"sqlite:///{experiment.folder}/.depthgauge/mlflow.db")
    number = client.get_experiment_by_name("small").experiment_id
    runs = {run.info.run_name: run.info for run in client.search_runs([number])}
    for point, folder in results.items():
        assert snapshot(folder) == before[point]
        took = known_seconds(folder)
        assert took is not None
        info = runs[f"fixed depth {point}"]
        assert (info.end_time - info.start_time) / 1000 == pytest.approx(took, abs=0.002)
