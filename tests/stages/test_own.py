"""A network of one's own through all stages: checked, searched, trained, judged, registered."""

import os
import signal
import subprocess
import sys
import time

import mlflow
import pandas as pd
import psutil
import pytest

from depthgauge.artifacts.code import code_text
from depthgauge.artifacts.recipes import read_recipes, recipe_path
from tests.experiment import command, new_experiment, snapshot
from tests.own_networks import write_networks

OWN = {"class_path": "networks.py:Good", "depth": 1, "width": 4, "init_args": {"slope": 0.1}}

# Two cores, whatever the machine has, and processes however short it is.
PROGRAM = """
import sys
from depthgauge.cli import main
from depthgauge.training import groups
from depthgauge.workflow import train_point
if __name__ == "__main__":
    groups.PROCESS_STEPS, train_point.cores = 0, lambda: 2
    sys.exit(main(sys.argv[1:]))
"""


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
    own.repro("prepare", "recipe", "search", "train")
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


def start(experiment):
    """Its training at depth 1, in a process group of its own, as a terminal has it."""
    arguments = ["-C", str(experiment.folder), *command("train", 1)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def asking(own):
    """Replicates one after the other, 12 in groups of a second or so."""
    own.set("recipe.network", {"class_path": "networks.py:Asks", "depth": 1, "width": 4})
    own.set("replicates", 12).set("recipe.epochs", 40)
    own.repro("prepare", "recipe")
    return own


@pytest.mark.parametrize(
    ("number", "everyone", "code"),
    [
        (signal.SIGINT, True, 130),
        (signal.SIGTERM, False, -signal.SIGTERM),
        (signal.SIGKILL, False, -signal.SIGKILL),
    ],
)
def test_an_interrupted_training_leaves_no_process_and_goes_on(asking, number, everyone, code):
    partial = asking.folder / ".depthgauge/checkpoints"
    process = start(asking)
    until = time.monotonic() + 120
    while not (kept := list(partial.rglob("*.npz"))):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2
    (os.killpg if everyone else os.kill)(process.pid, number)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert "Traceback" not in error
    # Children of one that was killed end by themselves.
    assert psutil.wait_procs(children, timeout=30)[1] == []
    assert not asking.results(1).exists()
    if number != signal.SIGKILL:
        return
    process = start(asking)
    assert process.communicate(timeout=120)[1].count("12 replicates in") == 1
    assert process.returncode == 0
    assert {path.exists() for path in kept} == {False}
    gone_on = snapshot(asking.results(1))
    # All groups anew, in this process.
    assert asking.stage("train", 1) == 0
    assert snapshot(asking.results(1)) == gone_on
