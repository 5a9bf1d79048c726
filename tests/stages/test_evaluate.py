"""evaluate against a second program, written from the definitions with scipy alone."""

import csv
import shutil

import numpy as np
import pytest
import torch
from scipy import stats

from depthgauge.artifacts.inputs import present_data, present_recipes
from depthgauge.artifacts.provenance import provenance
from depthgauge.artifacts.runs import write_runs
from depthgauge.statistics.stopping import stopped
from depthgauge.training.runs import Runs
from tests.experiment import snapshot

OUTPUTS = {
    *("verdicts.json", "metrics.csv"),
    *("points.csv", "metric-points.csv"),
    *("threshold.json", "loss-by-point.csv", "answer.txt"),
    *("metrics/fixed-last.json", "metrics/fixed-validation.json"),
}


def read_curves_csv(experiment, point):
    """{column: (R, E)}, with the csv module and nothing of the package."""
    with (experiment.results(point) / "curves.csv").open() as file:
        rows = list(csv.DictReader(file))
    replicates = 1 + max(int(row["replicate"]) for row in rows)
    return {
        name: np.array([float(row[name]) for row in rows]).reshape(replicates, -1)
        for name in rows[0]
    }


def independent(experiment, stopping):
    """best, threshold and interpolation threshold of a view from curves.csv."""
    rules, points = experiment.content["threshold"], experiment.content["points"]
    test, train, memorised, finite = [], [], [], []
    for point in points:
        curves = read_curves_csv(experiment, point)
        losses = [curves[f"{split}_loss"] for split in ("train", "validation", "test")]
        finite.append(np.all(np.isfinite(losses), axis=(0, 2)))
        epochs = losses[1].shape[1]
        stop = [
            epochs - 1
            if stopping == "last" or not np.isfinite(row).any()
            else int(np.nanargmin(np.where(np.isinf(row), np.nan, row)))
            for row in losses[1]
        ]
        at = np.arange(len(stop)), stop
        test.append(losses[2][at])
        train.append(losses[0][at])
        if "train_error" in curves:
            memorised.append(curves["train_error"][at][finite[-1]].mean())
    lost = [1 - ok.mean() for ok in finite]
    usable = [k for k in range(len(points)) if lost[k] <= rules["diverged_share"]]
    best = min(usable, key=lambda k: test[k][finite[k]].mean())
    pairs = len(points) * (len(points) - 1) / 2
    threshold = None
    for d in usable:
        if d <= best or threshold is not None:
            continue
        both = finite[best] & finite[d]
        excess = test[d][both] - (1 + rules["margin"]) * test[best][both]
        p = stats.ttest_1samp(excess, 0, alternative="greater").pvalue
        by_train = train[d][both] - train[best][both]
        by_gap = test[d][both] - test[best][both] - by_train
        # The parts, and which of them is the larger.
        larger, gap, training = (
            stats.ttest_1samp(part, 0).confidence_interval(0.95)
            for part in (by_gap - by_train, by_gap, by_train)
        )
        partly = larger.low <= 0 <= larger.high and gap.low > 0 and training.low > 0
        if p * pairs <= rules["alpha"] and (larger.low > 0 or partly):
            threshold = points[d]
    reached = [p for p, m in zip(points, memorised, strict=False) if m <= rules["memorised"]]
    return points[best], threshold, reached[0] if reached else None


def plant(experiment, rng):
    """Results with losses that fall, then rise with depth, and a diverged replicate or two."""
    settings = experiment.settings
    dataset, meta = present_data(experiment.folder, settings)
    replicates, epochs = settings.replicates, settings.recipe.epochs
    turn, slope = rng.integers(0, 4), rng.choice([0.0, 0.02, 0.1])
    luck = rng.normal(0, 0.05, (replicates, 1))
    rows = dataset.splits.test
    for place, point in enumerate(settings.points):
        (recipe,) = present_recipes(experiment.folder, settings, "fixed", point)
        layout = recipe.network.layout(dataset.input_shape, dataset.outputs)
        state = layout.state(torch.zeros(replicates, layout.row_length))
        weights = {name: tensor.numpy() for name, tensor in state.items()}
        level = 0.5 + slope * abs(place - turn) + luck
        time = np.linspace(1.5, 1, epochs)
        noise = rng.normal(0, 0.03, (3, replicates, epochs))
        curves = {
            "train_loss": np.abs(0.4 / (1 + place * rng.choice([0, 0.3])) * time + noise[0]),
            "validation_loss": np.abs(level * time + noise[1]),
            "test_loss": np.abs(level * time + noise[2]),
        }
        for split in ("train", "validation", "test"):
            curves[f"{split}_error"] = rng.uniform(0, 0.2 / (place + 1) ** 3, (replicates, epochs))
        for diverged in rng.choice(replicates, rng.integers(0, 2), replace=False):
            curves[rng.choice(["train_loss", "test_loss"])][diverged, -1] = np.nan
        losses = rng.uniform(0, 1, rows.shape).astype(np.float32)
        trained = Runs(
            np.arange(replicates),
            curves,
            stopped(curves),
            {s: weights for s in ("last", "validation")},
            {"last": losses, "validation": losses},
        )
        made_from = provenance(settings, "fixed", point, [recipe], meta, range(replicates))
        write_runs(experiment.results(point), [trained], rows, made_from)


def test_thresholds_equal_those_of_an_independent_program(copy_of):
    experiment = copy_of("images").set("points", [0, 1, 2, 4]).set("replicates", 10)
    experiment.set("recipe.epochs", 5)
    experiment.repro("prepare", "baselines", "recipe")
    answers = set()
    for seed in range(12):
        plant(experiment, np.random.default_rng(seed))
        assert experiment.stage("look") == 0
        assert experiment.stage("evaluate") == 0
        for stopping, found in experiment.threshold()["fixed"].items():
            best, threshold, interpolation = independent(experiment, stopping)
            assert found["best"] == best
            assert found["overfitting_threshold"] == threshold
            assert found["interpolation_threshold"] == interpolation
            assert found["on_this_data"]["threshold"] == threshold
            assert row_of(experiment, stopping, best)["on_this_data"] == "best"
            if threshold is not None:
                assert row_of(experiment, stopping, threshold)["on_this_data"] == "overfits"
            answers.add((best, threshold))
    # They are not all alike, and some have no threshold.
    assert len(answers) > 4
    assert None in {threshold for _, threshold in answers}


def row_of(experiment, stopping, point):
    with (experiment.folder / "results/points.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["stopping"] == stopping]
    assert [int(row["point"]) for row in rows] == experiment.content["points"]
    return next(row for row in rows if int(row["point"]) == point)


def test_trained_networks_too(done):
    for stopping, found in done.threshold()["fixed"].items():
        best, threshold, _ = independent(done, stopping)
        assert (found["best"], found["overfitting_threshold"]) == (best, threshold)


def test_points_csv_holds_the_means_of_the_curves(done, kind):
    for point in done.content["points"]:
        curves = read_curves_csv(done, point)
        row = row_of(done, "last", point)
        for name in ("train_loss", "test_loss"):
            assert float(row[name]) == pytest.approx(curves[name][:, -1].mean(), rel=1e-8)
        test = stats.ttest_1samp(curves["test_loss"][:, -1], 0).confidence_interval(0.95)
        assert float(row["test_loss_low"]) == pytest.approx(test.low, rel=1e-6)
        assert float(row["test_loss_high"]) == pytest.approx(test.high, rel=1e-6)
        assert ("test_error" in row) == (kind == "images")


def test_threshold_json_holds_what_is_documented(done):
    found = done.threshold()
    assert set(found) == {"fixed"}
    assert set(found["fixed"]) == {"last", "validation"}
    for entry in found["fixed"].values():
        assert set(entry) == {
            "best",
            "not_excluded",
            "recommended",
            "least_validation",
            "overfitting_threshold",
            "interpolation_threshold",
            "rise",
            "on_this_data",
            "for_new_data",
            "stability",
            "second_descent",
            "by_metric",
        }
        assert set(entry["by_metric"]) == set(done.content["metrics"])
        for answer in ("on_this_data", "for_new_data"):
            assert {"outcome", "threshold"} <= set(entry[answer])
            assert entry[answer]["outcome"] in {
                "threshold found",
                "none resolved",
                "grid too short",
                "cannot tell",
            }


def outputs(experiment):
    return {n: d for n, d in snapshot(experiment.folder / "results").items() if n in OUTPUTS}


def test_same_bytes_again_and_elsewhere(copy_of, kind):
    one, other = copy_of(kind, "one"), copy_of(kind, "other place")
    before = outputs(one)
    assert set(before) == OUTPUTS
    for name in OUTPUTS:
        (other.folder / "results" / name).unlink()
    assert other.stage("evaluate") == 0
    assert one.stage("evaluate") == 0
    assert outputs(one) == outputs(other) == before


def test_points_come_from_the_settings(copy_of):
    experiment = copy_of("images")
    # Leftovers of points that are no longer asked for, whole and broken ones.
    shutil.copytree(experiment.results(1), experiment.results(5))
    (experiment.folder / "results/train/fixed-7").mkdir()
    experiment.set("points", [0, 2])
    assert experiment.stage("evaluate") == 0
    assert row_of(experiment, "last", 2)
    assert (experiment.folder / "results/loss-by-point.csv").read_text().count("\n") == 3


def test_loss_by_point_is_what_dvc_draws(done):
    with (done.folder / "results/loss-by-point.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["depth"]) for row in rows] == done.content["points"]
    for row in rows:
        for stopping in ("last", "validation"):
            for split in ("train", "test"):
                same = row_of(done, stopping, int(row["depth"]))[f"{split}_loss"]
                assert row[f"fixed_{stopping}_{split}"] == same


def test_says_the_answer(copy_of, capsys):
    experiment = copy_of("images")
    assert experiment.stage("evaluate") == 0
    said = capsys.readouterr().out
    assert said == (experiment.folder / "results/answer.txt").read_text()
    assert "fixed recipe, after the last epoch:\n  On this data: " in said
    assert "fixed recipe, at least validation loss:\n" in said
    assert said.count("  For new data from the same source: ") == 2
