"""A network of one's own through all stages: checked, searched, trained, judged, registered."""

import mlflow
import pandas as pd
import pytest

from depthgauge.artifacts.code import code_text
from depthgauge.artifacts.recipes import read_recipes, recipe_path
from tests.experiment import new_experiment
from tests.own_networks import write_networks

OWN = {"class_path": "networks.py:Good", "depth": 1, "width": 4, "init_args": {"slope": 0.1}}


@pytest.fixture
def own(tmp_path):
    experiment = new_experiment(tmp_path / "own", "table").set("recipe.network", OWN)
    write_networks(experiment.folder)
    return experiment


def test_it_goes_through_all_stages_and_is_used_on_raw_rows(own, place_store, monkeypatch, capsys):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert own.run("check") == 0
    said = capsys.readouterr().err
    assert "check: networks.py:Good: depth 0: 7 parameters, (6,) to 1; all replicates at" in said
    space = {"slope": {"low": 0.01, "high": 0.5}, "learning_rate": {"low": 0.001, "high": 0.1}}
    own.tune(studies=1, trials=3, replicates=2, space=space)
    own.repro("prepare", "baselines", "recipe", "search", "train")
    for point in (0, 1, 2):
        assert own.run("train", "--recipe", "tuned", "--depth", str(point)) == 0
    own.repro("evaluate", "report")
    (found,) = read_recipes(own.folder / recipe_path("tuned", 1))
    assert 0.01 <= found.network.init_args["slope"] <= 0.5
    assert "networks.py:Good" in (own.folder / "results/answer.txt").read_text()
    place_store(own.folder)
    assert own.run("register") == 0
    # What was registered needs its file no more.
    (own.folder / "networks.py").unlink()
    mlflow.set_tracking_uri(f"sqlite:///{own.folder}/.depthgauge/mlflow.db")
    network = mlflow.pyfunc.load_model("models:/small/1")
    answers = network.predict(pd.read_csv(own.raw))
    assert len(answers) == len(pd.read_csv(own.raw))
    assert answers["price"].notna().all()


def test_the_file_and_what_it_imports_decide_a_training(own):
    before = {stage: code_text(stage, own.settings) for stage in ("prepare", "search", "train")}
    assert "networks.py " in before["train"]
    assert "beside.py " in before["search"]
    assert "networks.py" not in before["prepare"]
    path = own.folder / "beside.py"
    path.write_text(path.read_text().replace("2", "3"))
    after = code_text("train", own.settings)
    changed = {*after.splitlines()} ^ {*before["train"].splitlines()}
    assert {line.split(" ")[0] for line in changed} == {"beside.py"}


@pytest.mark.parametrize(
    ("class_path", "said"),
    [
        ("networks.py:Tied", "again.weight and first.weight are one tensor"),
        ("nothing.py:Net", "nothing.py: cannot be read: No such file or directory"),
        ("networks.Good", "recipe.network.class_path: must be a file and a class in it"),
    ],
)
def test_what_cannot_be_used(own, refused, class_path, said):
    own.set("recipe.network", {"class_path": class_path})
    assert said in refused(own, "check")


def test_what_ignores_its_depth_is_told_behind_what_is_known(own, capsys):
    own.set("recipe.network", {"class_path": "networks.py:Ignores"})
    assert own.run("check") == 2
    said = capsys.readouterr().err
    assert "check: networks.py:Ignores: depth 0: 7 parameters" in said
    assert "depthgauge: networks.py:Ignores: ignores depth: 0 and 1 make the same network" in said
