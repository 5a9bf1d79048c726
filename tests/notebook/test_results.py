"""What the results notebook shows."""

import json
import shutil
from types import SimpleNamespace

import pandas as pd
import pytest

from depthgauge.artifacts.runs import read_curves
from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest
from depthgauge.notebook import results
from depthgauge.notebook.results import curves, runs
from tests.experiment import Experiment, new_experiment


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    experiment = new_experiment(tmp_path_factory.mktemp("explore") / "many", "images")
    experiment.set("points", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]).set("recipe.epochs", 3)
    experiment.repro()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert experiment.run("track") == 0
    return experiment


def test_a_panel_for_each_point_in_order_with_the_same_axes(many):
    figure = curves(many.folder)
    points = many.content["points"]
    assert figure.spec()["facet"]["sort"] == [f"depth {point}" for point in points]
    svg = figure.svg()
    assert svg == figure._repr_svg_()
    for point in points:
        assert f">depth {point}</text>" in svg
        measured = read_curves(many.results(point))
        for split in ("train", "test"):
            drawn = [
                row["mean_loss"]
                for row in figure.rows
                if (row["depth"], row["split"]) == (point, split)
            ]
            assert drawn == pytest.approx(measured[f"{split}_loss"].mean(0), rel=1e-5)


def test_a_replicate_that_diverged_is_left_out(many, tmp_path):
    experiment = Experiment(tmp_path / "one", many.content)
    shutil.copytree(many.folder, experiment.folder)
    folder = experiment.results(1)
    lines = (folder / "stopping.csv").read_text().splitlines()
    number, _, *epochs = lines[1].split(",")
    lines[1] = ",".join([number, "0", *epochs])
    data = ("\n".join(lines) + "\n").encode()
    (folder / "stopping.csv").write_bytes(data)
    provenance = json.loads((folder / "provenance.json").read_text())
    provenance["digests"]["stopping.csv"] = bytes_digest(data)
    (folder / "provenance.json").write_text(json.dumps(provenance))
    rows = [r for r in curves(experiment.folder).rows if (r["depth"], r["split"]) == (1, "test")]
    expected = read_curves(folder)["test_loss"][1:].mean(0)
    assert [row["mean_loss"] for row in rows] == pytest.approx(expected, rel=1e-5)


def test_runs_are_in_the_order_of_the_points(many, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    table = runs(many.folder)
    assert list(table.index) == [f"fixed depth {point}" for point in many.content["points"]]
    assert list(table.columns) == ["train loss", "validation loss", "test loss"]


def test_nothing_trained(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    experiment = new_experiment(tmp_path / "new", "series")
    assert len(runs(experiment.folder)) == 0
    with pytest.raises(InputError, match=r"fixed-0/curves.csv: no such file; run `dvc repro`"):
        curves(experiment.folder)


@pytest.mark.parametrize("points", [[0.01, 0.1, 2.0], ["gelu", "relu", "elu"]])
def test_runs_of_points_that_are_no_whole_numbers(tmp_path, monkeypatch, points):
    named = [f"fixed depth {point}" for point in (*points, "earlier")]
    logged = pd.DataFrame(
        {
            "tags.mlflow.runName": named[::-1],
            "tags.depthgauge.current": "true",
            "metrics.last/train_loss_mean": range(4),
        }
    )
    settings = SimpleNamespace(
        experiment="one", axis="depth", recipes=["fixed"], points=points, looks=[3]
    )
    store = SimpleNamespace(database=None, uri="http://127.0.0.1:9")
    monkeypatch.setattr(results, "load_settings", lambda _: settings)
    monkeypatch.setattr(results, "find_store", lambda *_: store)
    monkeypatch.setattr("mlflow.set_tracking_uri", lambda _: None)
    monkeypatch.setattr("mlflow.search_runs", lambda **_: logged)
    table = runs(tmp_path)
    assert list(table.index) == named[:3]
    assert table.to_dict("list") == {"train loss": [3, 2, 1]}
