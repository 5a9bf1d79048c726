"""A sweep finds what the pipeline finds, and leaves nothing behind."""

import doctest
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import depthgauge as dg
from depthgauge.artifacts.page import PAGE
from depthgauge.artifacts.verdicts import POINTS, read_verdicts
from depthgauge.files.csv_files import write_table
from depthgauge.settings.load import load_settings
from tests.experiment import add_writers, new_experiment

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder_of_moments(tmp_path, monkeypatch):
    """Where temporary folders are made; nothing may stay there."""
    folder = tmp_path / "moments"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [*folder.iterdir()] == []


def written(frame, folder):
    """A result's frame as points.csv has it."""
    write_table(folder / "found.csv", frame.astype(object).to_dict("records"))
    return (folder / "found.csv").read_bytes()


def test_an_experiment_is_what_its_pipeline_finds(tmp_path, monkeypatch):
    """All of it: the numbers, the words, the figure and the page have the same bytes."""
    # Whatever they name is left alone.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("OPTUNA_STORAGE", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    experiment = add_writers(new_experiment(tmp_path / "small", "images"), 12)
    experiment.tune().set("recipes", ["fixed", "grouped", "tuned"])
    result = dg.sweep(experiment.folder, progress=False)
    monkeypatch.delenv("OPTUNA_STORAGE")
    assert not (experiment.folder / "results").exists()
    experiment.repro("prepare", "baselines", "recipe", "search")
    for point in experiment.content["points"]:
        assert experiment.run("search", f"--depth={point}", "--recipe=grouped") == 0
        for recipe in ("fixed", "grouped", "tuned"):
            assert experiment.run("train", f"--depth={point}", f"--recipe={recipe}") == 0
    experiment.repro("look", "evaluate", "report")
    verdicts = read_verdicts(experiment.folder, experiment.settings)
    assert result.answer == verdicts.sentence
    shown = f"Codes: {', '.join(result.codes)} (depthgauge explain CODE)"
    assert repr(result) == f"{result.answer}\n{shown}"
    assert written(result.frame, tmp_path) == (experiment.folder / POINTS).read_bytes()
    assert result.to_html() == (experiment.folder / PAGE).read_text()
    picture = (experiment.folder / "results/loss-by-depth.svg").read_text()
    assert result.plot().svg("small: 3 replicates of each depth") == picture
    for (recipe, stopping), row in result.verdicts.iterrows():
        verdict = verdicts.by_view[recipe, stopping]
        assert (row.best, row.verdict) == (verdict.best, str(verdict.on_this_data.outcome))


@pytest.mark.parametrize("kind", ["images", "series", "table"])
def test_what_is_in_memory_is_as_in_a_file(tmp_path, kind):
    experiment = new_experiment(tmp_path / "small", kind)
    if kind == "series":
        days = pd.date_range("2020-01-01", periods=120)
        views = np.random.default_rng(1).poisson(40, 120) + 1
        pd.DataFrame({"day": days, "count": views}).to_csv(experiment.raw, index=False)
    raw = pd.read_csv(experiment.raw)
    target = experiment.content["data"]["target"]
    same = {n: experiment.content[n] for n in ("replicates", "recipe", "metrics", "threshold")}
    data = {k: v for k, v in experiment.content["data"].items() if k != "path"}
    if kind == "images":
        pixels = raw.drop(columns=target).to_numpy().reshape(-1, 2, 2)
        given = pixels, raw[target].to_numpy()
        data["target"] = "y"
    else:
        given = raw, target
    more = {"kind": kind, "date": "day"} if kind == "series" else {}
    result = dg.sweep(*given, depth=range(3), data=data, progress=False, **more, **same)
    experiment.repro("prepare", "baselines", "recipe", "train", "look", "evaluate")
    assert written(result.frame, tmp_path) == (experiment.folder / POINTS).read_bytes()
    assert result.answer == read_verdicts(experiment.folder, experiment.settings).sentence


@pytest.mark.slow
def test_arrays_of_the_default_experiment_give_its_committed_results(tmp_path):
    """Digits as an array of images: the points of both recipes that are not searched for."""
    raw = pd.read_csv(ROOT / "data/raw/digits.csv")
    images = raw.drop(columns=["digit", "writer"]).to_numpy().reshape(-1, 8, 8)
    settings = load_settings(ROOT)
    names = ("seed", "replicates", "recipe", "metrics", "threshold")
    same = settings.model_dump(include=names)
    result = dg.sweep(
        images,
        raw["digit"].to_numpy(),
        groups=raw["writer"].to_numpy(),
        depth=settings.points,
        recipes=["fixed", "grouped"],
        data={"split": settings.data.model_dump()["split"]},
        progress=False,
        **same,
    )
    committed = (ROOT / POINTS).read_text().splitlines(keepends=True)
    mine = [line for line in committed if not line.startswith("tuned,")]
    assert written(result.frame, tmp_path).decode() == "".join(mine)


@pytest.mark.slow
def test_the_default_experiment_gives_its_committed_answer(tmp_path):
    result = dg.sweep(ROOT, progress=False)
    assert written(result.frame, tmp_path) == (ROOT / POINTS).read_bytes()
    assert result.answer == (ROOT / "results/answer.txt").read_text().partition("\n")[0]


def numbers(rows=60):
    rng = np.random.default_rng(3)
    x = rng.uniform(-1, 1, (rows, 1))
    return x, x[:, 0] ** 2 + rng.normal(0, 0.1, rows)


def test_functions_go_through_the_networks_predictions():
    result = dg.sweep(*numbers(), depth=[0, 1], replicates=2, epochs=2, progress=False)
    figure = result.functions()
    assert figure.svg().count(">depth ") == 2
    line = [row for row in figure.rows if row["depth"] == 0 and "prediction" in row]
    y = np.array([row["prediction"] for row in line])
    # A linear model draws a line.
    np.testing.assert_allclose(np.diff(y, 2), 0, atol=1e-4 * np.ptp(y) + 1e-6)
    with pytest.raises(ValueError, match=r"^replicate: must be from 0 to 1, not 2$"):
        result.functions(2)
    assert result.curves().spec()["facet"]["sort"] == ["depth 0", "depth 1"]
    first = result.frame.iloc[:2]
    assert result.losses()["test loss"].tolist() == first["test_loss"].tolist()
    shown = result._repr_html_()
    assert result.answer.split(",")[0] in shown
    assert "data:image/svg+xml;base64," in shown


def test_the_example_of_the_docstring_runs():
    module = importlib.import_module("depthgauge.notebook.sweep")
    (example,) = doctest.DocTestFinder().find(module.sweep, "sweep", globs={})
    assert doctest.DocTestRunner().run(example) == (0, 3 + 2)


def test_a_script_is_not_run_by_the_processes_that_it_starts(tmp_path):
    """Networks that go one by one are trained in processes; a script needs no guard for them."""
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np, depthgauge as dg, depthgauge.training.groups as groups\n"
        "print('ran', flush=True)\n"
        "groups.PROCESS_STEPS, groups.cores = 0, 2\n"
        "from depthgauge.training.networks.mlp import MLP\n"
        "MLP.one_by_one = lambda *_: True\n"
        "from depthgauge.workflow import train_point\n"
        "train_point.cores = lambda: 2\n"
        "X = np.random.default_rng(0).normal(size=(60, 2))\n"
        "result = dg.sweep(X, X[:, 0], depth=[0, 1], replicates=4, epochs=2, progress=False)\n"
        "print(result.settings.points)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("ran\n[0, 1]\n", "")


def test_a_key_press_ends_it_cleanly(tmp_path, folder_of_moments):
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np, depthgauge as dg\n"
        "X = np.random.default_rng(0).normal(size=(400, 2))\n"
        "try:\n"
        "    dg.sweep(X, X[:, 0], epochs=10**6)\n"
        "except KeyboardInterrupt:\n"
        "    print('ended')\n"
    )
    environment = os.environ | {"TMPDIR": str(folder_of_moments)}
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        # It says how far it is once it trains.
        line = process.stderr.readline()
        assert "replicate-epochs" in line
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (said, process.returncode) == ("ended\n", 0)
    assert time.monotonic() - pressed < 60


def test_what_is_public_is_named_and_imported_when_it_is_used():
    code = (
        "import sys, depthgauge as dg\n"
        "print({'numpy', 'pandas', 'torch', 'depthgauge.notebook'} & set(sys.modules))\n"
        "print(set(dg.__all__) <= set(dir(dg)), dg.sweep.__name__)\n"
        "print({'mlflow', 'optuna', 'torch'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\nTrue sweep\nset()\n", "")
    with pytest.raises(AttributeError, match="has no attribute 'sweeps'"):
        dg.sweeps  # noqa: B018
