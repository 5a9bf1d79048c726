"""An experiment of one's own where there is no clone: which files it makes, and which it never
touches."""

import configparser
import gzip
import subprocess
from pathlib import Path

import pytest

from depthgauge.cli import main
from depthgauge.settings.load import load_settings
from depthgauge.workflow.layout import TEMPLATES, other_stages
from tests.experiment import snapshot

ROOT = Path(__file__).parents[2]
ROWS = "".join(f"{k % 7},{'ab'[k % 2]},{k % 7 * 2 + k % 3}\n" for k in range(90))
TABLE = f"x,town,price\n{ROWS}"
MADE = {"params.yaml", "dvc.yaml", ".dvc", ".dvcignore", ".gitignore"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A git repository, in which one stands, with a table in it."""
    place = tmp_path / "it's a föö 数据"
    place.mkdir()
    subprocess.run(["git", "init", "--quiet", place], check=True)
    (place / "my.csv").write_text(TABLE)
    monkeypatch.chdir(place)
    return place


def new(*arguments):
    return main(["new", "my.csv", "--target", "price", *arguments])


def test_in_any_git_repository_it_is_made_where_one_stands(folder):
    assert new() == 0
    assert {p.name for p in folder.iterdir()} == {*MADE, ".git", "my.csv"}
    assert (folder / "dvc.yaml").read_bytes() == (ROOT / "dvc.yaml").read_bytes()
    # The table that lies there is the one that is read.
    assert load_settings(folder).data.path == "my.csv"
    config = configparser.ConfigParser()
    config.read_string((folder / ".dvc/config").read_text().replace("\n    ", "\n"))
    assert "no_scm" not in config["core"]
    assert (folder / ".dvc" / config["plots"]["html_template"]).is_file()
    assert "/.depthgauge/" in (folder / ".gitignore").read_text().splitlines()


def test_without_git_dvc_is_told_to_do_without(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("my.csv").write_text(TABLE)
    assert new() == 0
    assert "no_scm = true" in Path(".dvc/config").read_text()
    assert "git init" not in capsys.readouterr().out


def test_a_further_one_lies_beside_the_first(folder):
    assert new() == 0
    assert new("--name", "second") == 0
    second = folder / "experiments/second"
    assert (second / "dvc.yaml").read_bytes() == (folder / "dvc.yaml").read_bytes()
    assert (second / "data/raw/my.csv").read_text() == TABLE


@pytest.mark.parametrize("name", ["params.yaml", "dvc.yaml", "code", "results", "data/prepared"])
def test_beside_a_pipeline_of_something_else_it_is_a_folder(folder, name, capsys):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("stages: {}\n")
    (folder / ".dvc").mkdir()
    (folder / ".dvc/config").write_text("[core]\n")
    (folder / ".gitignore").write_text("*.tmp")
    before = snapshot(folder)
    assert new() == 0
    assert (
        f"{name} is there already, of something else: made in my instead" in capsys.readouterr().out
    )
    assert {p.name for p in (folder / "my").iterdir()} == {*MADE, "data"}
    after = snapshot(folder)
    assert {k: v for k, v in after.items() if k in before and k != ".gitignore"} == {
        k: v for k, v in before.items() if k != ".gitignore"
    }
    lines = (folder / ".gitignore").read_text().splitlines()
    assert lines[0] == "*.tmp"
    assert "/.depthgauge/" in lines
    # Once more: the folder is taken.
    before = snapshot(folder)
    assert new() == 2
    assert "my: is there already" in capsys.readouterr().err
    assert snapshot(folder) == before


def test_a_fresh_dvc_repository_keeps_its_config(folder):
    (folder / ".dvc").mkdir()
    (folder / ".dvc/config").write_text("[core]\n    remote = mine\n")
    (folder / ".dvcignore").write_text("# mine\n")
    assert new() == 0
    assert (folder / ".dvc/config").read_text() == "[core]\n    remote = mine\n"
    assert (folder / ".dvc/plots/loss.json").is_file()
    assert (folder / ".dvcignore").read_text().startswith("# mine\n")


def test_a_table_that_is_refused_leaves_nothing(folder):
    before = snapshot(folder)
    assert main(["new", "my.csv", "--target", "none"]) == 2
    assert snapshot(folder) == before


def test_the_demo_is_the_default_experiment(folder, capsys):
    assert main(["demo"]) == 0
    for name in ("params.yaml", "dvc.yaml", "data/raw/digits.csv"):
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()
    for name in (".dvc/plots/loss.json", ".dvc/plots/page.html"):
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()
    assert "dvc repro" in capsys.readouterr().out
    before = snapshot(folder)
    assert main(["demo"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert snapshot(folder) == before


def test_what_the_program_brings_is_that_of_the_clone():
    for name in ("dvc.yaml", "params.yaml"):
        assert (TEMPLATES / name).read_bytes() == (ROOT / name).read_bytes()
    packed = gzip.decompress((TEMPLATES / "digits.csv.gz").read_bytes())
    assert packed == (ROOT / "data/raw/digits.csv").read_bytes()


def test_every_command_finds_the_experiment_that_one_stands_in(folder, monkeypatch, capsys):
    assert new() == 0
    below = folder / "notes/of today"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert main(["code"]) == 0
    assert f"depthgauge: the experiment in {folder}\n" in capsys.readouterr().err
    assert (folder / "code/train.txt").is_file()
    # Of no experiment beyond the repository, as git has it.
    inner = folder / "inner"
    subprocess.run(["git", "init", "--quiet", inner], check=True)
    monkeypatch.chdir(inner)
    assert main(["code"]) == 2
    assert (
        "params.yaml: missing; run this in the folder of an experiment" in capsys.readouterr().err
    )


def test_stages_of_another_version_are_named_and_ones_own_are_not(tmp_path):
    path = tmp_path / "dvc.yaml"
    whole = (TEMPLATES / "dvc.yaml").read_text()
    assert other_stages(tmp_path) == []
    path.write_text(whole + "\n  mine:\n    cmd: echo mine\n")
    assert other_stages(tmp_path) == []
    path.write_text(whole.replace("cmd: depthgauge evaluate", "cmd: depthgauge judge"))
    assert other_stages(tmp_path) == ["evaluate"]
    path.write_text("stages:\n  code:\n    cmd: depthgauge code\n")
    assert "track" in other_stages(tmp_path)
    # Not ours, or no YAML: that is for DVC to say.
    for text in ("stages: {}\n", "cmd: depthgauge code: [", "- cmd: depthgauge code\n"):
        path.write_text(text)
        assert other_stages(tmp_path) == []
