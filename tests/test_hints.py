"""Commands in messages: typed as they stand, they do what they say."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from depthgauge import hints
from depthgauge.hints import MADE_IN, command, named_commands, seen_from_here
from tests.experiment import new_experiment


@pytest.fixture
def found(monkeypatch):
    """Both programs are on the path, as in an active environment."""
    monkeypatch.delenv(MADE_IN, raising=False)
    monkeypatch.setattr(hints.shutil, "which", lambda name: f"/bin/{name}")


def test_in_the_folder_and_elsewhere(tmp_path, monkeypatch, found):
    folder = tmp_path / "experiments/my own"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert command(Path(), "depthgauge register") == "depthgauge register"
    assert command(Path(), "dvc repro") == "dvc repro"
    monkeypatch.chdir(tmp_path)
    there = "'experiments/my own'"
    assert command(folder, "depthgauge register") == f"depthgauge -C {there} register"
    assert command(folder, "dvc repro") == f"cd {there} && dvc repro"
    assert seen_from_here(folder / "a.html") == "experiments/my own/a.html"
    said = named_commands("a: no such file; run `dvc repro`, then `depthgauge track`", folder)
    assert said == (
        f"a: no such file; run `cd {there} && dvc repro`, then `depthgauge -C {there} track`"
    )
    assert named_commands("column `dvc`, `make repro`", folder) == "column `dvc`, `make repro`"


def test_from_make_there_is_no_active_environment(tmp_path, monkeypatch, found):
    folder = tmp_path / "experiments/my"
    folder.mkdir(parents=True)
    monkeypatch.setenv(MADE_IN, str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv/bin/python"))
    # DVC runs a stage in the experiment's folder.
    monkeypatch.chdir(folder)
    assert command(Path(), "dvc repro") == "make repro EXPERIMENT=experiments/my"
    assert command(tmp_path, "dvc repro") == "make repro"
    told = command(Path(), "depthgauge register")
    assert told == ".venv/bin/depthgauge -C experiments/my register"
    assert command(tmp_path, "depthgauge ui") == ".venv/bin/depthgauge ui"


def test_pasted_without_an_active_environment(tmp_path, monkeypatch):
    """The real programs, from another folder, with a path that does not hold them."""
    experiment = new_experiment(tmp_path / "an experiment", "images")
    monkeypatch.setattr(hints.shutil, "which", lambda name: None)
    monkeypatch.chdir(tmp_path)
    plain = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(hints.__file__).parents[1])}
    words = command(experiment.folder, "depthgauge check")
    assert words.endswith(" -C 'an experiment' check")
    for line in (words, command(experiment.folder, "dvc --version")):
        done = subprocess.run(
            line, shell=True, env=plain, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, (line, done.stderr)
    assert shlex.split(words)[0] == str(Path(sys.executable).parent / "depthgauge")
