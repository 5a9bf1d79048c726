"""benchmarks/reruns.py on small experiments and planted curves."""

import csv
import re

import numpy as np
import pytest

import reruns
from tests.experiment import new_experiment

SPLITS = ("train", "validation", "test")


@pytest.fixture
def experiment(tmp_path):
    return new_experiment(tmp_path / "small", "images")


def planted_curves(level: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """10 replicates, 4 epochs: train loss 0.1 at epoch 3 and 4, the other losses about `level`."""
    curves = {f"{split}_loss": level + 0.001 * rng.random((10, 4)) for split in SPLITS}
    return {**curves, **{f"{split}_error": np.ones((10, 4)) for split in SPLITS}}


def planted(levels: list[float], train: list[float]) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    points = [planted_curves(level, rng) for level in levels]
    for curves, level in zip(points, train, strict=True):
        curves["train_loss"] = level + 0.001 * rng.random((10, 4))
    return points


@pytest.mark.parametrize("kind", ["images", "series"])
def test_table_counts_every_group_of_every_view(tmp_path, capsys, kind):
    experiment = new_experiment(tmp_path / "small", kind)
    arguments = ["--groups", "2", "--epochs", "1", "3", "--replicates", "4", "2"]
    reruns.main([str(experiment.folder), *arguments])
    lines = capsys.readouterr().out.splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if re.match(r"\| \d", line)]
    views = [row for row in rows if len(row) == 6]
    assert len(views) == 2 * 2 * 2
    for epochs, _, replicates, groups, answers, _ in views:
        assert epochs in ("1", "3")
        assert int(groups) == 2 * 4 // int(replicates)
        assert sum(int(n) for n in re.findall(r"(\d+) x best", answers)) == int(groups)


def test_never_the_experiments_own_seed(experiment):
    experiment.set("seed", 5)
    seeds = [seed for seed, _ in reruns.all_curves(experiment.folder, experiment.settings, 3)]
    assert seeds == [6, 7, 8]


def test_a_cut_is_a_shorter_training(experiment):
    def curves(epochs):
        experiment.set("recipe.epochs", epochs)
        return next(reruns.all_curves(experiment.folder, experiment.settings, 1))[1]

    for long, short in zip(curves(5), curves(2), strict=True):
        for name in short:
            np.testing.assert_array_equal(long[name][:, :2], short[name])


@pytest.mark.parametrize("measured", ["test", "validation"])
def test_planted_threshold_is_found_on_the_split_asked_for(experiment, measured):
    curves = planted([1.0, 0.5, 0.6], [0.9, 0.5, 0.1])
    other = {"test": "validation", "validation": "test"}[measured]
    for point, level in zip(curves, [1.0, 2.0, 0.3], strict=True):
        point[f"{other}_loss"] = np.full((10, 4), level)
    verdict = reruns.judge_curves(experiment.settings, curves, "last", measured, None)
    assert verdict.best == 1
    assert verdict.on_this_data.threshold == 2
    assert verdict.for_new_data.threshold is None


def test_csv_has_a_row_for_each_view(experiment):
    settings = experiment.settings.model_copy(update={"replicates": 10})
    curves = planted([1.0, 0.5, 0.6], [0.9, 0.5, 0.1])
    found = list(reruns.reruns(settings, 7, curves, [2, 4], [10, 5], "test", None))
    rows = list(csv.DictReader(reruns.table(found).splitlines()))
    assert len(rows) == 2 * 2 * (1 + 2)
    assert {(row["seed"], row["best"], row["threshold"]) for row in rows} == {("7", "1", "2")}
