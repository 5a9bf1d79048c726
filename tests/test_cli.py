import errno
import importlib
import os
import pkgutil
import signal
import subprocess
import sys
import types

import pytest

from depthgauge import __version__, cli, stages
from depthgauge.axes.axis import axis_names
from depthgauge.cli import COMMANDS, main
from depthgauge.errors import InputError
from tests.experiment import command, new_experiment, snapshot


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
        "or name it with -C FOLDER; `depthgauge new` makes one of a table\n"
    )


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["chekc"], "invalid choice: 'chekc'; did you mean check?"),
        (["banana"], "invalid choice: 'banana' (choose from 'new', 'demo', 'check', "),
        (["check", "now"], "unrecognized arguments: now"),
        (["search"], f"one of the arguments --{' --'.join((*axis_names(), 'point'))} is required"),
        (["search", "--depth", "2", "--form", "a"], "unrecognized arguments: --form a"),
        (["search", "--depth", "1", "--trials", "1e3"], "--trials: invalid int value: '1e3'"),
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
    assert "?." not in out
    assert f"examples:\n  depthgauge {name}".rstrip() in out
    # argparse breaks no line within the flags of which one is needed.
    assert max(len(line) for line in out.splitlines() if " | --" not in line) <= 100


def test_without_a_command_it_says_what_there_is(capsys):
    assert main([]) == 0
    out = capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--help"])
    assert capsys.readouterr().out == out
    for name in COMMANDS:
        assert f"\n    {name} " in out


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"depthgauge {__version__}\n"


def test_completion_in_bash(tmp_path):
    """As bash does it at a press of the tab key; nothing of depthgauge runs then."""
    script = tmp_path / "completion.sh"
    script.write_text(depthgauge("--completion", "bash").stdout)

    def completed(*words):
        line = f"COMP_WORDS=(depthgauge {' '.join(words)}); COMP_CWORD={len(words)}"
        program = f'. {script}; {line}; _shtab_depthgauge; echo "${{COMPREPLY[@]}}"'
        done = subprocess.run(
            ["bash", "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        return done.stdout.split()

    assert completed("stu") == ["studies"]
    assert set(completed("se")) == {"search"}
    assert completed("search", "--recipe", "tu") == ["tuned"]
    assert completed("search", "--tim") == ["--timeout"]
    (tmp_path / "table.csv").touch()
    (tmp_path / "tables").mkdir()
    assert "table.csv" in completed("new", "tab")
    assert "table.csv" not in completed("-C", "tab")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_a_stage_of_its_name(name):
    """Its module has the function, and its docstring the help: a line, more, and examples."""
    stage = importlib.import_module(f"depthgauge.stages.{name}")
    assert callable(getattr(stage, name))
    assert stage.__doc__.startswith(f"{name}: ")
    assert stage.__doc__.count(f"\n\nexamples:\n  depthgauge {name}") == 1


def test_every_stage_is_a_command():
    names = {module.name for module in pkgutil.iter_modules(stages.__path__)}
    assert names == set(COMMANDS)


@pytest.mark.parametrize("asked", ["1", "01", "1.0", "1e0"])
def test_a_point_however_it_is_written(tmp_path, asked, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "depthgauge.stages.search.search", lambda *_, point, **__: seen.append(point)
    )
    assert (
        new_experiment(tmp_path, "images").run("search", "--recipe", "fixed", "--depth", asked) == 0
    )
    assert seen == [1]


def test_a_point_is_what_the_axis_says():
    """Whole and decimal numbers and names alike."""
    settings = types.SimpleNamespace(axis="depth", points=[0.01, 0.1])
    assert cli._find_point(settings, "depth", "0.10") == 0.1
    settings.points = ["gelu", "relu"]
    assert cli._find_point(settings, "depth", "relu") == "relu"
    settings.points = ["1", "2"]
    assert cli._find_point(settings, "depth", "1") == "1"
    with pytest.raises(InputError, match=r"^params.yaml: axis: is depth; name a point with that"):
        cli._find_point(settings, "width", "3")


@pytest.mark.parametrize("point", [-1, 3, 10**30, "two", "nan", ""])
@pytest.mark.parametrize("stage", ["search", "train"])
def test_a_point_that_the_settings_do_not_have(tmp_path, stage, point, capsys):
    experiment = new_experiment(tmp_path, "images")
    arguments = ["search", "--depth", str(point)]
    if stage == "train":
        arguments = command(stage, point)
    assert experiment.run(*arguments) == 2
    assert capsys.readouterr().err == (
        f"depthgauge: --depth {point}: is not among the points of params.yaml, [0, 1, 2]\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system", "a/b"), "a/b: cannot be used: Read-only"),
        (OSError(errno.ENOSPC, "No space left on device"), "a file: cannot be used: No space"),
    ],
)
def test_what_the_machine_refuses_is_one_line(tmp_path, monkeypatch, capsys, error, said):
    def refused(*_, **__):
        raise error

    monkeypatch.setattr("depthgauge.stages.prepare.prepare", refused)
    assert new_experiment(tmp_path, "images").stage("prepare") == 2
    told = capsys.readouterr().err
    assert told.startswith(f"depthgauge: {said}")
    assert told.count("\n") == 1


def test_a_fault_of_the_program_is_not_hidden(tmp_path, monkeypatch):
    def wrong(*_, **__):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "a/b")

    monkeypatch.setattr("depthgauge.stages.prepare.prepare", wrong)
    with pytest.raises(FileNotFoundError):
        new_experiment(tmp_path, "images").stage("prepare")


@pytest.mark.parametrize("check", [False, True])
def test_the_first_stage_sweeps_and_its_check_writes_nothing(tmp_path, check):
    experiment = new_experiment(tmp_path, "images")
    assert experiment.run("code") == 0
    left = tmp_path / "code/.train.txt.0123abcd.partial"
    left.write_text("half")
    os.utime(left, (0, 0))
    assert experiment.run("code", *(["--check"] if check else [])) == 0
    assert left.exists() == check


def test_interrupted_by_a_key(tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
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
        ("code", {"torch", "mlflow", "matplotlib", "pandas", "pyarrow", "scipy", "optuna"}),
        ("search", {"torch", "mlflow", "matplotlib", "pandas", "pyarrow", "scipy", "optuna"}),
        ("train", {"mlflow", "matplotlib", "pandas", "scipy"}),
        ("evaluate", {"mlflow", "matplotlib", "optuna", "pandas"}),
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
