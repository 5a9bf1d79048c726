import copy
import functools
import shutil
import subprocess
from pathlib import Path

import pytest

from depthgauge.cli import main
from tests.experiment import Experiment, new_experiment
from tests.repository import SHARED

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["images", "series", "table"])
def kind(request):
    return request.param


@pytest.fixture
def experiment(tmp_path, kind):
    """An experiment of which no stage has run."""
    return new_experiment(tmp_path / "experiment", kind)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """One experiment of a kind of which every stage has run, made when first asked for."""

    @functools.cache
    def make(kind):
        experiment = new_experiment(tmp_path_factory.mktemp("finished") / kind, kind)
        experiment.repro()
        return experiment

    return make


@pytest.fixture
def copy_of(tmp_path, finished):
    def make(kind, name="copy"):
        original = finished(kind)
        folder = tmp_path / name
        shutil.copytree(original.folder, folder)
        return Experiment(folder, copy.deepcopy(original.content))

    return make


@pytest.fixture
def done(copy_of, kind):
    """An experiment of which every stage has run, for the test to spoil."""
    return copy_of(kind)


@pytest.fixture
def repository(tmp_path):
    """A folder in which experiments can be made."""
    folder = tmp_path / "repository"
    for name in ("params.yaml", *SHARED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


@pytest.fixture
def new(repository, tmp_path, capsys):
    """Writes a table and runs `depthgauge new`: the exit code, what it printed, the experiment."""

    def run(columns, *arguments, name="mine.csv"):
        path = tmp_path / name
        if isinstance(columns, dict):
            rows = zip(*columns.values(), strict=True)
            lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
            columns = "\n".join(lines).encode()
        path.write_bytes(columns)
        code = main(["-C", str(repository), "new", str(path), *arguments])
        out, err = capsys.readouterr()
        return code, out + err, repository / "experiments" / path.stem

    return run
