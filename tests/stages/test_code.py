"""code: writes the texts that stages depend on, says what will run again, and checks."""

import re
import subprocess
import sys
from importlib.metadata import version

from depthgauge import hints
from depthgauge.artifacts.code import STAGES, code_path
from tests.experiment import new_experiment


def test_written_said_and_checked(tmp_path, capsys, monkeypatch):
    experiment = new_experiment(tmp_path / "experiment", "images")
    monkeypatch.chdir(experiment.folder)
    monkeypatch.setattr(hints.shutil, "which", lambda name: name)
    assert experiment.run("code", "--check") == 2
    assert "code/prepare.txt: no such file; run `dvc repro`" in capsys.readouterr().err
    assert experiment.run("code") == 0
    err = capsys.readouterr().err
    assert err == "code: written down for the first time: every stage runs\n"
    assert all((experiment.folder / code_path(stage)).is_file() for stage in STAGES)
    assert experiment.run("code") == 0
    assert experiment.run("code", "--check") == 0
    assert capsys.readouterr().err == ""
    path = experiment.folder / "code/train.txt"
    path.write_text(path.read_text().replace("training/engine.py ", "training/engine.py 0"))
    assert experiment.run("code", "--check") == 2
    assert capsys.readouterr().err == (
        f"depthgauge: {path}: is of other code: training/engine.py; run `dvc repro`\n"
    )
    assert experiment.run("code") == 0
    assert capsys.readouterr().err == "code: train will run again: training/engine.py changed\n"


def test_bad_settings_stop_it(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "experiment", "images").set("axis", "depth; ls")
    assert experiment.run("code") == 2
    assert not (experiment.folder / "code").exists()


def test_it_takes_no_heavy_import(tmp_path):
    experiment = new_experiment(tmp_path / "experiment", "images")
    program = (
        "import sys; from depthgauge.cli import main; main(sys.argv[1:]);"
        "print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "-C", str(experiment.folder), "code"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    heavy = {"torch", "mlflow", "optuna", "pandas", "pyarrow", "scipy", "matplotlib", "altair"}
    assert not heavy & set(done.stdout.split())


def test_check_says_what_another_version_makes_run_again(tmp_path, capsys):
    """Of the program or of a library, before anything is run, and without writing."""
    experiment = new_experiment(tmp_path / "e", "table")
    assert experiment.run("check") == 0
    assert "will run again" not in capsys.readouterr().err
    assert experiment.run("code") == 0
    path = experiment.folder / "code/train.txt"
    text = re.sub(r"^numpy .*$", "numpy 1.0.0", path.read_text(), flags=re.M)
    text = re.sub(r"^(training/engine.py) .*$", r"\1 0", text, flags=re.M)
    path.write_text(text)
    capsys.readouterr()
    assert experiment.run("check") == 0
    lines = [s for s in capsys.readouterr().err.splitlines() if "will run again" in s]
    now = version("numpy")
    assert lines == [
        f"check: train will run again: numpy (1.0.0 before, {now} now), training/engine.py changed"
    ]
    assert path.read_text() == text
