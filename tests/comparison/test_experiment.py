"""depthgauge's own experiment: each replicate a run, the search the unit where there is one."""

import csv

import numpy as np
import pytest

from depthgauge.comparison.experiment import read_experiment
from depthgauge.comparison.group import group_runs
from depthgauge.comparison.runs import Asked
from depthgauge.errors import InputError
from tests.experiment import new_experiment

ASKED = Asked(metric="test_loss", order="depth")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    experiment = new_experiment(tmp_path_factory.mktemp("own") / "own", "table")
    experiment.set("recipe.epochs", 2).repro()
    return experiment


def test_the_losses_are_those_of_the_curves(trained):
    found = group_runs(read_experiment(trained.folder, ASKED), ASKED)
    assert found.seed == ("replicate",)
    point = trained.content["points"][0]
    with (trained.results(point) / "curves.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["epoch"] == "2"]
    values = found.configurations[["depth", "stopping"]].to_numpy().tolist()
    column = found.values[:, values.index([str(point), "last"])]
    np.testing.assert_allclose(column, [float(row["test_loss"]) for row in rows])
    assert found.train is not None


def test_replicates_of_one_search_are_one_unit(trained, monkeypatch):
    settings = type(trained.settings)
    monkeypatch.setattr(settings, "clusters", lambda self, _: [r % 2 for r in range(self.trained)])
    found = group_runs(read_experiment(trained.folder, ASKED), ASKED)
    assert found.seed == ("search", "replicate")
    assert len(found.values) == 2


def test_nothing_trained_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such file; run `dvc repro`"):
        read_experiment(new_experiment(tmp_path, "table").folder, ASKED)
