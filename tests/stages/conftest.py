import copy
import functools
import shutil

import pytest

from tests.experiment import Experiment, new_experiment


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
