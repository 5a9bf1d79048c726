"""The door holds what it promises: it is short, and its answer, network and commands are real."""

import re
import shutil
import subprocess

import pytest
from ruamel.yaml import YAML

from depthgauge.artifacts.code import code_text
from depthgauge.cli import main
from depthgauge.codes.registry import codes
from depthgauge.settings.load import load_settings
from tests.documents import ROOT, blocks, commands_of, quotes, text_of
from tests.experiment import new_experiment
from tests.repository import SHARED


def test_it_can_be_read_in_two_minutes():
    assert len(text_of("README.md").encode()) <= 10_000


def test_the_command_of_ci_is_there():
    ran = re.findall(r"^make (?!--)([a-z-]+)$", text_of(".ci/run"), re.MULTILINE)
    assert "test" in ran
    known = [
        words[0] for name in ("README.md", "docs/install.md") for words in commands_of(name, "make")
    ]
    assert {*ran} <= {*known}


@pytest.mark.parametrize(
    ("page", "folder"),
    [
        ("README.md", "."),
        ("docs/index.md", "."),
        ("docs/reading.md", "."),
        ("docs/experiments.md", "experiments/pageviews"),
    ],
)
def test_the_answer_is_the_committed_one(page, folder):
    """At the door the first sentences of `results/answer.txt`, else its whole first line."""
    answer = (ROOT / folder / "results/answer.txt").read_text(encoding="utf-8").splitlines()[0]
    (shown,) = quotes(page)
    whole = page not in ("README.md", "docs/index.md")
    assert shown == answer if whole else answer.startswith(f"{shown} ")


def test_the_network_that_is_shown_is_the_bundled_one():
    """To the letter, and its settings are among those of the experiment."""
    folder = ROOT / "experiments/own-network"
    code = (folder / "my_networks.py").read_text()
    shown = blocks("docs/own-network.md")
    assert [block.text for block in shown if "nn.Module" in block.text] == [code]
    section = next(block.text for block in shown if "class_path" in block.text)
    network = YAML(typ="safe").load(section)["recipe"]["network"]
    settings = load_settings(folder)
    assert network.items() <= settings.recipe.network.model_dump().items()
    # What decides the training holds the file.
    assert "\nmy_networks.py " in code_text("train", settings)


def test_the_verdicts_are_those_that_there_are():
    """Of docs/reading.md: the table, line for line."""
    rows = [f"| {c.code} | `{c.word}` | {c.line} |" for c in codes() if c.kind == "verdict"]
    assert re.findall(r"^\| DG.*", text_of("docs/reading.md"), re.MULTILINE) == rows


def test_a_table_of_ones_own_in_a_clone(tmp_path, monkeypatch):
    """The commands of docs/own-data.md, on a table of that name."""
    for name in ("params.yaml", *SHARED):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    start(tmp_path, monkeypatch)
    run_commands(
        next(b.text for b in blocks("docs/own-data.md") if "makes experiments/my" in b.text)
    )
    assert (tmp_path / "experiments/my/params.yaml").is_file()


def test_a_table_of_ones_own_in_any_repository(tmp_path, monkeypatch):
    """The commands of the door."""
    start(tmp_path, monkeypatch)
    run_commands(next(b.text for b in blocks("README.md") if b.text.startswith("depthgauge new")))
    assert (tmp_path / "params.yaml").is_file()
    assert (tmp_path / "dvc.yaml").is_file()


def start(folder, monkeypatch):
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    rows = [f"{k},{k % 7},{3 * k + k % 5}" for k in range(80)]
    (folder / "my.csv").write_text("\n".join(["area,age,price", *rows]) + "\n")
    monkeypatch.chdir(folder)


def run_commands(block):
    for line in block.splitlines():
        program, *arguments = line.partition(" #")[0].split()
        if program == "depthgauge":
            assert main(arguments) == 0
        else:
            assert arguments in (["repro"], ["repro", "EXPERIMENT=experiments/my"])


def test_every_folder_has_its_line():
    """Of CONTRIBUTING.md: a line names what is there, and the table every folder of the package."""
    tree = next(b.text for b in blocks("CONTRIBUTING.md") if b.text.startswith("dvc.yaml "))
    for path in (line.split()[0] for line in tree.splitlines()):
        assert "NAME" in path or (ROOT / path).exists(), path
    package = ROOT / "src/depthgauge"
    table = text_of("CONTRIBUTING.md").partition("| folder of")[2].partition("\n\n")[0]
    for path in package.iterdir():
        if (path / "__init__.py").is_file():
            assert f"`{path.name}/`" in table, path.name


@pytest.mark.filterwarnings("ignore:optuna.study.study.Study.set_metric_names is experimental")
def test_a_study_is_opened(tmp_path, monkeypatch, capsys):
    """The Python of docs/tuning.md, on a storage with a study."""
    import optuna

    monkeypatch.chdir(tmp_path)
    study = optuna.create_study(storage="sqlite:///optuna.db", study_name="digits depth 3 study 0")
    study.set_metric_names(["mean validation_loss"])
    study.optimize(lambda trial: trial.suggest_float("learning_rate", 0.1, 0.1), n_trials=1)
    exec(next(b.text for b in blocks("docs/tuning.md") if b.language == "python"), {})
    told = capsys.readouterr().out
    assert told == "digits depth 3 study 0 ['mean validation_loss'] 0.1 {'learning_rate': 0.1}\n"


@pytest.mark.slow
def test_the_registered_network_predicts(tmp_path, monkeypatch):
    """The Python of docs/use-the-network.md, after its command."""
    experiment = new_experiment(tmp_path, "images").set("experiment", "digits")
    experiment.raw.rename(experiment.raw.with_name("digits.csv"))
    experiment.set("data.path", "data/raw/digits.csv")
    experiment.repro()
    assert experiment.run("register") == 0
    program = next(b.text for b in blocks("docs/use-the-network.md") if b.language == "python")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/.depthgauge/mlflow.db")
    lines = program.rstrip().splitlines()
    given = {}
    exec("\n".join(lines[:-1]), given)
    assert len(eval(lines[-1], given)) == 60
