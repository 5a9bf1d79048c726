"""A plan of looks, run: what it trains, when it ends, and that its replicates are the same."""

import csv
import json

import numpy as np
import pytest

from depthgauge.artifacts.runs import TEST_LOSSES, part_path
from depthgauge.artifacts.trained import Trained
from depthgauge.statistics import looks as statistics_looks
from depthgauge.tracking.runs import KIND, REPLICATE
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from depthgauge.workflow import train_point
from tests.experiment import new_experiment, snapshot


def looks(experiment):
    return json.loads((experiment.folder / "results/looks.json").read_text())


def trained_at(experiment, point, *parts, recipe="fixed"):
    paths = (experiment.folder / part_path(recipe, point, range(*part)) for part in parts)
    return Trained(tuple(paths))


@pytest.fixture
def to_the_last(monkeypatch):
    """Whatever is found, no look but the last ends a plan."""
    monkeypatch.setattr(statistics_looks, "ending", lambda *_: None)


@pytest.fixture
def planned(tmp_path, to_the_last):
    experiment = new_experiment(tmp_path / "planned", "images").set("replicates", [3, 5, 8])
    return experiment.set("points", [0, 1])


def test_without_a_plan_nothing_is_trained(copy_of):
    experiment = copy_of("series")
    before = snapshot(experiment.folder / "results/train")
    assert experiment.stage("look") == 0
    assert looks(experiment) == {"planned": [3], "taken": [3], "ended": "last"}
    assert not list((experiment.folder / "results/looks").iterdir())
    assert snapshot(experiment.folder / "results/train") == before


def test_replicates_of_later_looks_are_those_of_one_training(planned, tmp_path, capsys):
    planned.repro()
    assert looks(planned) == {"planned": [3, 5, 8], "taken": [3, 5, 8], "ended": "last"}
    told = capsys.readouterr()
    assert "look at 3 replicates: does not decide everything" in told.err
    assert "train fixed depth 1 from replicate 5: 3 replicates" in told.err
    assert "look at 8 replicates: ends the plan: it is the last one" in told.err
    at_once = new_experiment(tmp_path / "whole", "images").set("replicates", 8)
    at_once.set("points", [0, 1]).repro()
    for point in (0, 1):
        whole = trained_at(at_once, point, (0, 8))
        parts = trained_at(planned, point, (0, 3), (3, 5), (5, 8))
        assert list(parts.digests()) == [0, 3, 5]
        for name, curve in whole.curves().items():
            np.testing.assert_array_equal(parts.curves()[name], curve)
        for name, weight in whole.weights("last", 0).items():
            np.testing.assert_array_equal(parts.weights("last", 0)[name], weight)
        rows, losses = whole.test_losses()
        np.testing.assert_array_equal(parts.test_losses()[0], rows)
        np.testing.assert_array_equal(parts.test_losses()[1]["last"], losses["last"])
        for stopping, stops in whole.stopped().items():
            np.testing.assert_array_equal(parts.stopped()[stopping].epochs, stops.epochs)
    # The means are the same, and each look had a third of alpha.
    tables = [(e.folder / "results/points.csv").read_text() for e in (planned, at_once)]
    one, other = (list(csv.DictReader(table.splitlines())) for table in tables)
    assert [row["test_loss"] for row in one] == [row["test_loss"] for row in other]
    page = (planned.folder / "results/report/index.html").read_text()
    assert "3 looks were planned, at 3, 5, 8 replicates" in page
    assert "fixed depth 1 from replicate 3" in page


@pytest.mark.parametrize(
    ("margin", "metrics", "ended"), [(0.9, [], "decided"), (0.0, ["accuracy"], "futile")]
)
def test_it_ends_where_all_is_decided_or_cannot_be(tmp_path, margin, metrics, ended):
    """No rise reaches nine tenths; one that is shared by 18 test images says little of others."""
    experiment = new_experiment(tmp_path / "ends", "images").set("replicates", [6, 7])
    experiment.set("points", [0, 1]).set("metrics", metrics).set("threshold.margin", margin)
    experiment.repro()
    assert looks(experiment) == {"planned": [6, 7], "taken": [6], "ended": ended}
    assert not list((experiment.folder / "results/looks").iterdir())
    page = (experiment.folder / "results/report/index.html").read_text()
    assert "This is look 1, the last" in page


def test_a_second_run_trains_nothing_and_another_margin_only_what_is_missing(planned, monkeypatch):
    planned.repro("prepare", "recipe", "train", "look")
    before = snapshot(planned.folder / "results/looks")
    monkeypatch.setattr(train_point, "train_groups", None)
    assert planned.stage("look") == 0
    assert snapshot(planned.folder / "results/looks") == before
    assert planned.set("threshold.margin", 0.02).stage("look") == 0
    assert snapshot(planned.folder / "results/looks") == before


def test_what_no_look_of_the_plan_trained_is_taken_away(planned):
    planned.repro("prepare", "recipe", "train", "look")
    looks_folder = planned.folder / "results/looks"
    assert sorted(path.name for path in looks_folder.iterdir()) == ["5", "8"]
    planned.set("replicates", [3, 8]).repro("prepare", "baselines", "recipe", "train", "look")
    assert [path.name for path in looks_folder.iterdir()] == ["8"]
    assert looks(planned)["taken"] == [3, 8]
    planned.repro("evaluate", "report")


def test_replicates_of_other_settings_are_trained_again(planned):
    planned.repro("prepare", "baselines", "recipe", "train", "look")
    planned.set("recipe.epochs", 3).repro("recipe", "train", "look")
    curves = trained_at(planned, 1, (0, 3), (3, 5), (5, 8)).curves()
    assert {curve.shape for curve in curves.values()} == {(8, 3)}
    planned.repro("evaluate")


def test_studies_share_each_look(tmp_path, to_the_last):
    experiment = new_experiment(tmp_path / "tuned", "images").set("replicates", [4, 6])
    experiment.tune(studies=2, trials=2, replicates=1).set("points", [0, 1])
    for stage in ("prepare", "baselines", "recipe", "search", "train"):
        experiment.repro(stage)
    for point in (0, 1):
        assert experiment.run("train", "--recipe", "tuned", "--depth", str(point)) == 0
    experiment.repro("look", "evaluate", "report")
    assert looks(experiment)["taken"] == [4, 6]
    trained = trained_at(experiment, 1, (0, 4), (4, 6), recipe="tuned")
    for study in (0, 1):
        assert {len(w) for w in trained.weights("last", study).values()} == {3}
    experiment.set("replicates", [4, 5])
    assert experiment.stage("check") == 2


def test_what_is_damaged_is_told(planned, refused):
    planned.repro("prepare", "recipe", "train", "look")
    path = planned.folder / part_path("fixed", 1, range(3, 5)) / TEST_LOSSES
    path.write_bytes(path.read_bytes()[:-1])
    assert "is not the file provenance.json tells of" in refused(planned, "evaluate")
    (planned.folder / "results/looks.json").unlink()
    assert "results/looks.json: no such file; run `dvc repro`" in refused(planned, "evaluate")


def test_everything_is_logged_and_the_network_is_registered(
    planned, place_store, monkeypatch, capsys
):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    planned.repro()
    place_store(planned.folder)
    assert planned.run("register") == 0
    with open_store(find_store(planned.folder, {}), lambda _: None) as client:
        logged = client.get_experiment_by_name("small")
        runs = client.search_runs([logged.experiment_id])
        by_name = {run.info.run_name: run for run in runs}
        assert {"fixed depth 1", "fixed depth 1 from replicate 3", "summary"} <= set(by_name)
        assert {f"replicate {number}" for number in range(8)} <= set(by_name)
        path = planned.folder / "results/metrics.csv"
        with path.open() as file:
            rows = [r for r in csv.DictReader(file) if (r["point"], r["stopping"]) == ("1", "last")]
        for run in runs:
            tags = run.data.tags
            if tags[KIND] == "replicate" and tags["depthgauge.point"] == "1":
                row = rows[int(tags[REPLICATE])]
                measured = run.data.metrics["last/test_accuracy"]
                assert measured == pytest.approx(float(row["test_accuracy"]))
    capsys.readouterr()
    assert planned.run("track") == 0
    assert "track: 0 runs added" in capsys.readouterr().err
