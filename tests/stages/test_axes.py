"""Every axis goes through every stage, by one edit of the settings."""

import csv
import json

import numpy as np
import pytest

from depthgauge.artifacts.runs import read_curves, read_provenance, read_test_losses
from tests.experiment import new_experiment

AXES = {
    "width": ("images", [1, 3, 5]),
    "window": ("series", [1, 3, 4]),
    "training_size": ("images", [20, 25, 30]),
    "epochs": ("table", [1, 2, 4]),
}


@pytest.fixture(params=list(AXES))
def swept(request, tmp_path):
    kind, points = AXES[request.param]
    experiment = new_experiment(tmp_path, kind)
    return experiment.set("axis", request.param).set("points", points)


def test_all_stages(swept):
    swept.repro()
    axis, points = swept.content["axis"], swept.content["points"]
    with (swept.folder / "results/points.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["axis"] for row in rows} == {axis}
    assert [int(row["point"]) for row in rows if row["stopping"] == "last"] == points
    assert (swept.folder / f"results/loss-by-{axis}.svg").is_file()
    assert swept.threshold()["fixed"]["last"].keys() >= {"best", "second_descent"}
    # Every point is measured on the same examples.
    tested = [read_test_losses(swept.results(point))[0] for point in points]
    for rows_of_point in tested[1:]:
        np.testing.assert_array_equal(rows_of_point, tested[0])


def test_a_point_is_what_it_says(swept):
    swept.repro("prepare", "recipe", "train")
    axis = swept.content["axis"]
    for point in swept.content["points"]:
        settings = read_provenance(swept.results(point))["settings"]
        if axis in ("width", "epochs"):
            assert settings[{"width": "network.width"}.get(axis, axis)] == point
        epochs = read_curves(swept.results(point))["train_loss"].shape[1]
        assert epochs == (point if axis == "epochs" else 2)


def test_what_is_swept_is_not_searched(tmp_path):
    experiment = new_experiment(tmp_path, "images").set("axis", "width").set("points", [2, 3])
    experiment.tune()
    experiment.repro("prepare", "recipe", "search")
    for point in (2, 3):
        path = experiment.folder / f"results/recipes/tuned-{point}/recipe.json"
        (recipe,) = json.loads(path.read_text())
        assert recipe["network"]["width"] == point
        assert experiment.run("train", "--width", str(point), "--recipe", "tuned") == 0


@pytest.mark.parametrize(
    ("kind", "changes", "what"),
    [
        ("images", {"axis": "window", "points": [4]}, "params.yaml: axis: window needs data.kind"),
        ("series", {"axis": "window", "points": [1, 9]}, "params.yaml: data.window: 4 must be"),
        ("images", {"axis": "width", "points": [0, 1]}, "params.yaml: points[0]: must be greater"),
        (
            "images",
            {"axis": "width", "recipe.network.depth": 0, "points": [1, 2]},
            "params.yaml: axis: width changes nothing with this recipe.network",
        ),
        (
            "images",
            {"axis": "training_size", "points": [10, 31]},
            "params.yaml: points: training_size 31 must be from 1 to 30",
        ),
        (
            "images",
            {"axis": "training_size", "points": [1, 30]},
            "params.yaml: points: training_size 1: replicate 0: none of its 1 ",
        ),
    ],
)
def test_points_that_cannot_be_swept(tmp_path, capsys, kind, changes, what):
    experiment = new_experiment(tmp_path, kind)
    for key, value in changes.items():
        experiment.set(key, value)
    assert experiment.run("check") == 2
    error = capsys.readouterr().err
    assert what in error
    assert error.count("\n") == 1


def test_the_flag_is_that_of_the_axis(tmp_path, capsys):
    experiment = new_experiment(tmp_path, "images").set("axis", "width").set("points", [2, 3])
    assert experiment.run("search", "--depth", "2") == 2
    assert "axis: is width; name a point with that flag" in capsys.readouterr().err
    assert experiment.run("search", "--width", "4") == 2
    assert "not among the points of params.yaml, [2, 3]" in capsys.readouterr().err
