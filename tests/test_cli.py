import os
import signal
import subprocess
import sys

import pytest

from depthgauge.cli import main
from tests.experiment import STAGES, command, new_experiment, snapshot

COMMANDS = ("new", "check", *STAGES, "search", "promote", "track", "register")


def depthgauge(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "depthgauge", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def test_a_stage_in_its_folder_as_dvc_runs_it(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    for stage in ("check", "prepare", "recipe"):
        done = depthgauge(*command(stage, 0), cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert (experiment.folder / "data/prepared/meta.json").is_file()
    assert (experiment.folder / "results/recipes/fixed-0/recipe.json").is_file()


def test_bad_input_is_one_line_and_exit_code_2(tmp_path):
    experiment = new_experiment(tmp_path, "series")
    experiment.edit_raw(lambda text: text.replace("\n2020-01-03,", "\n2020-01-03,x"))
    before = snapshot(tmp_path)
    for stage in ("check", "prepare"):
        done = depthgauge(stage, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("depthgauge: data/raw/table.csv: row 4, column 'count': 'x")
        assert done.stderr.count("\n") == 1
    assert snapshot(tmp_path) == before


def test_no_experiment_here(tmp_path):
    done = depthgauge("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "depthgauge: params.yaml: missing; run this in the folder of an experiment, "
        "or name it with -C FOLDER\n"
    )


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chekc"], "invalid choice: 'chekc'"),
        (["check", "now"], "unrecognized arguments: now"),
        (
            ["search"],
            "one of the arguments --depth --width --window --training_size --epochs is required",
        ),
        (["search", "--depth", "two"], "argument --depth: 'two' is not a whole number"),
        (["search", "--depth", "1", "--trials", "1e3"], "--trials: '1e3' is not a whole number"),
        (["train", "--depth", "2"], "the following arguments are required: --recipe"),
        (["train", "--depth", "2", "--recipe", "best"], "invalid choice: 'best'"),
    ],
)
def test_bad_arguments_are_one_line_and_exit_code_2(arguments, what, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith("depthgauge: ")
    assert error.count("\n") == 1
    assert what in error
    assert "--help`" in error


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help(name, capsys):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"] if name else ["--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert f"usage: depthgauge {name}".rstrip() in out
    assert f"examples:\n  depthgauge {name}".rstrip() in out
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_help(name, capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert f"\n    {name} " in capsys.readouterr().out


@pytest.mark.parametrize("point", [-1, 3, 10**30])
@pytest.mark.parametrize("stage", ["recipe", "train"])
def test_a_point_that_the_settings_do_not_have(tmp_path, stage, point, capsys):
    experiment = new_experiment(tmp_path, "images")
    assert experiment.stage(stage, point) == 2
    assert capsys.readouterr().err == (
        f"depthgauge: --depth {point}: is not among the points of params.yaml, [0, 1, 2]\n"
    )


def test_interrupted_by_a_key(tmp_path, monkeypatch, capsys):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("depthgauge.stages.prepare.prepare", interrupted)
    assert new_experiment(tmp_path, "images").stage("prepare") == 128 + signal.SIGINT
    assert capsys.readouterr().err == ("depthgauge: interrupted; the next run goes on from here\n")


def test_reader_that_goes_away(tmp_path):
    experiment = new_experiment(tmp_path, "images")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "depthgauge", "-C", str(experiment.folder), "check"],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode == 128 + signal.SIGPIPE


def test_check_does_not_wait_for_torch_to_refuse(tmp_path):
    """Bad settings and raw data are told without the seconds that torch takes."""
    experiment = new_experiment(tmp_path, "series")
    experiment.edit_raw(lambda text: "day,count\n")
    program = (
        "import sys; from depthgauge.cli import main; code = main(sys.argv[1:]);"
        "print(sorted({'torch', 'mlflow', 'matplotlib', 'scipy'} & set(sys.modules)));"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "-C", str(tmp_path), "check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "[]\n")


@pytest.mark.parametrize(
    ("stage", "unused"),
    [
        ("prepare", {"torch", "mlflow", "matplotlib", "scipy"}),
        (
            "code",
            {"torch", "mlflow", "matplotlib", "pandas", "pyarrow", "scipy", "numpy", "optuna"},
        ),
        (
            "search",
            {"torch", "mlflow", "matplotlib", "pandas", "pyarrow", "scipy", "numpy", "optuna"},
        ),
        ("train", {"mlflow", "matplotlib", "pandas", "scipy"}),
        ("evaluate", {"torch", "mlflow", "matplotlib", "pandas"}),
        ("report", {"torch", "mlflow", "pandas"}),
    ],
)
def test_stages_import_only_what_they_use(stage, unused):
    program = (
        f"import sys; import depthgauge.cli, depthgauge.stages.{stage};"
        "print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert unused & set(done.stdout.split()) == set()
