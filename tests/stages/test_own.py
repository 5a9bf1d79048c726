"""A network of one's own through all stages: checked, searched, trained, judged, registered."""

import os
import shutil
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
from depthgauge.settings.load import load_settings
from tests.experiment import Experiment, command, new_experiment, snapshot
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
        pytest.param(signal.SIGTERM, False, -signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, False, -signal.SIGKILL, marks=pytest.mark.slow),
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


TABLE = {
    "x": [k % 11 for k in range(120)],
    "town": ["nsw"[k % 3] for k in range(120)],
    "price": [k % 11 + 0.01 * k for k in range(120)],
}
NETWORKS = """
from torch import nn

from blocks.core import block


class Net(nn.Module):
    def __init__(self, inputs, outputs, depth=2, width=8, *, heads=4, dropout=0.1, act=nn.ReLU):
        super().__init__()
        sizes = [inputs[0], *[width] * depth]
        layers = [block(*sizes[k : k + 2], dropout, act) for k in range(depth)]
        self.body = nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))

    def forward(self, x):
        return self.body(x)


class Gru(nn.Module):
    def __init__(self, inputs, outputs, depth):
        super().__init__()
        self.gru = nn.GRU(1, 4, num_layers=max(1, depth), batch_first=True)
        self.head = nn.Linear(4, outputs)

    def forward(self, x):
        return self.head(self.gru(x.unsqueeze(-1))[0][:, -1])


class From3To5(Net):
    def __init__(self, inputs, outputs, depth, width=200):
        if not 3 <= depth <= 5:
            raise ValueError("3 to 5 layers")
        super().__init__(inputs, outputs, depth, width)


class Flat(Net):
    def forward(self, x):
        return super().forward(x)[:, 0]


class NoDepth(nn.Module):
    def __init__(self, inputs, outputs, width):
        super().__init__()


class Needs(nn.Module):
    def __init__(self, inputs, outputs, depth, width, heads):
        super().__init__()


class NoModule:
    pass
"""
BLOCK = """
from torch import nn


def block(size, width, dropout, act):
    return nn.Sequential(nn.Linear(size, width), act(), nn.Dropout(dropout))
"""


@pytest.fixture
def networks(tmp_path):
    """The folder of a file of networks and the package that it imports."""
    folder = tmp_path / "nets"
    (folder / "blocks").mkdir(parents=True)
    (folder / "my_networks.py").write_text(NETWORKS)
    (folder / "blocks/__init__.py").write_text("")
    (folder / "blocks/core.py").write_text(BLOCK)
    return folder


def test_a_network_of_ones_own(new, networks):
    asked = f"{networks}/my_networks.py:Net"
    code, told, folder = new(TABLE, "--target", "price", "--network", asked)
    assert code == 0, told
    said = "heads=4, dropout=0.1; act: as the class has it; with blocks/__init__.py, blocks/core.py"
    assert f"  network Net of my_networks.py: {said}\n" in told
    assert "  my_networks.py:Net: depth 6: " in told
    for name in ("my_networks.py", "blocks/__init__.py", "blocks/core.py"):
        assert (folder / name).read_bytes() == (networks / name).read_bytes()
    settings = load_settings(folder)
    assert settings.recipe.network.model_dump() == {
        "family": "own",
        "class_path": "my_networks.py:Net",
        "depth": 2,
        "width": 8,
        "init_args": {"heads": 4, "dropout": 0.1},
    }
    assert settings.points == [0, 1, 2, 3, 4, 5, 6]
    # What is searched holds what the class begins with.
    assert settings.search.space.all["width"].low == 8
    assert settings.search.regularisers.all["dropout"].high == 0.5
    assert "    init_args: {heads: 4, dropout: 0.1}" in (folder / "params.yaml").read_text()
    assert Experiment(folder, {}).run("check") == 0
    text = (folder / "params.yaml").read_text()
    (folder / "params.yaml").write_text(
        text.replace("[fixed]", "[fixed, regularised, tuned]").replace("Net #", "Absent #")
    )
    # The file beside params.yaml is the one that counts.
    shutil.rmtree(networks)
    assert Experiment(folder, {}).run("check") == 2
    (folder / "params.yaml").write_text(text.replace("[fixed]", "[fixed, regularised, tuned]"))
    assert Experiment(folder, {}).run("check") == 0


@pytest.mark.parametrize(
    ("name", "points", "width", "why"),
    [
        ("Gru", [1, 2, 3, 4, 5, 6], None, "depth 0 is left out: my_networks.py:Gru: ignores depth"),
        ("From3To5", [3, 4, 5], 200, "depth 6 is left out: my_networks.py:From3To5: cannot be bui"),
    ],
)
def test_depths_that_a_network_does_not_have(new, networks, name, points, width, why):
    asked = f"{networks}/my_networks.py:{name}"
    code, told, folder = new(TABLE, "--target", "price", "--network", asked)
    assert code == 0, told
    assert why in told
    settings, text = load_settings(folder), (folder / "params.yaml").read_text()
    assert (settings.points, settings.recipe.network.width) == (points, width)
    space = settings.search.space.all
    assert ("width" in space) is (width is not None)
    assert width is None or space["width"].high == width
    assert "dropout" not in settings.search.regularisers.all
    assert "# depth 0 is left out: " in text
    assert max(map(len, text.splitlines())) <= 100
    assert Experiment(folder, {}).run("check") == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("NETS/my_networks.py:Absent", "has no class Absent; there is Net, Gru, From3To5, Flat"),
        ("NETS/my_networks.py:NoModule", "my_networks.py: NoModule: is no torch.nn.Module"),
        (
            "NETS/my_networks.py:NoDepth",
            "depth=1, width=64): got an unexpected keyword argument 'd",
        ),
        (
            "NETS/my_networks.py:Needs",
            "missing a required argument: 'heads'; it is to be called as",
        ),
        (
            "NETS/my_networks.py:Flat",
            "my_networks.py:Flat: gives (5,) for 5 examples of shape (4,)",
        ),
        ("NETS/my_networks.py", "must be a file and a class in it, as in my_networks.py:Net"),
        ("my_networks.Net", "must be a file and a class in it, as in my_networks.py:Net"),
        ("NETS/nothing.py:Net", "nothing.py: cannot be read: No such file or directory"),
        ("NETS/my_networks.py:1", "must be a file and a class in it"),
    ],
)
def test_a_network_that_cannot_be_used(new, repository, networks, asked, said):
    before = snapshot(repository)
    asked = asked.replace("NETS", str(networks))
    code, told, folder = new(TABLE, "--target", "price", "--network", asked)
    assert code == 2
    assert told.count("\n") == 1
    assert said in told
    assert snapshot(repository) == before
    assert not folder.exists()
