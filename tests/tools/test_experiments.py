"""What is stale is told, and a lock as DVC writes it is not: see also tests/test_pipeline.py."""

import shutil

import pytest
from ruamel.yaml import YAML
from tools.experiments import (
    LOCK,
    PIPELINE,
    ROOT,
    _md5,
    experiments,
    forget_stages,
    stages,
    stale_stages,
)

from tests.experiment import new_experiment


@pytest.fixture
def folder(tmp_path):
    """A small experiment of two points with a lock in which every stage has run."""
    experiment = new_experiment(tmp_path / "experiment", "images").set("points", [0, 1])
    folder = experiment.folder
    shutil.copy(ROOT / PIPELINE, folder)
    for name in ("code/train.txt", "results/recipes/fixed-0/recipe.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    locked = {}
    for name, (command, dependencies) in stages(folder).items():
        deps = [{"path": p, "md5": _md5(folder, p) or "0"} for p in sorted(dependencies)]
        locked[name] = {"cmd": command, "deps": deps, "params": {"params.yaml": {"seed": 0}}}
    write(folder, locked)
    return folder


def write(folder, locked):
    with (folder / LOCK).open("w") as file:
        YAML().dump({"schema": "2.0", "stages": locked}, file)


def read(folder):
    return YAML(typ="safe").load((folder / LOCK).read_text())["stages"]


def test_stages_are_those_of_the_settings(folder):
    found = stages(folder)
    assert list(found) == [
        "code",
        "prepare",
        "baselines",
        *(f"{stage}@fixed-{point}" for stage in ("search", "train") for point in (0, 1)),
        "look",
        "evaluate",
        "report",
        "track",
    ]
    command, dependencies = found["train@fixed-1"]
    assert command == "depthgauge train --recipe fixed --point 1"
    assert "results/recipes/fixed-1/recipe.json" in dependencies
    assert "data/raw/table.csv" in found["prepare"][1]


def test_a_lock_that_fits(folder):
    assert list(stale_stages(folder)) == []


def test_what_is_stale(folder):
    (folder / "code/train.txt").write_text("other")
    told = list(stale_stages(folder))
    assert told == [f"train@fixed-{p}: code/train.txt: is another one now" for p in (0, 1)]
    (folder / "code/train.txt").write_text("code/train.txt")
    (folder / "results/recipes/fixed-0/recipe.json").write_text("other")
    told = list(stale_stages(folder))
    assert "train@fixed-0: results/recipes/fixed-0/recipe.json: is another one now" in told
    assert any(line.startswith("report: results/recipes: ") for line in told)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda locked: locked.pop("evaluate"), "evaluate: has not run"),
        (lambda locked: locked.update(old={}), "old: is no stage any more"),
        (lambda locked: locked["track"].update(cmd="x"), "track: ran from another pipeline"),
        (lambda locked: locked["track"].update(deps=[]), "track: ran from another pipeline"),
        (
            lambda locked: locked["track"]["params"]["params.yaml"].update(seed=1),
            "track: seed: ran with 1",
        ),
        (
            lambda locked: locked["prepare"].update(outs=[{"path": "data/prepared", "md5": "1"}]),
            "evaluate: data/prepared: is another one now",
        ),
    ],
)
def test_what_a_lock_may_be_told(folder, change, said):
    locked = read(folder)
    change(locked)
    write(folder, locked)
    assert said in list(stale_stages(folder))


def test_stages_that_are_none_are_forgotten_and_nothing_else(folder):
    before = (folder / LOCK).read_text()
    assert forget_stages(folder) == before
    (folder / LOCK).write_text(before.replace("  code:\n", "  recipe@0:\n    cmd: x\n  code:\n"))
    assert "recipe@0" in read(folder)
    (folder / "results/recipes/fixed-7").mkdir()
    assert forget_stages(folder) == before == (folder / LOCK).read_text()
    assert [path.name for path in (folder / "results/recipes").iterdir()] == ["fixed-0"]


def test_every_bundled_experiment_is_among_them():
    names = {folder.name for folder in experiments(ROOT)}
    assert {"curve", "pageviews", ROOT.name} <= names
