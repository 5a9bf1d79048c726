"""Metrics of kept weights against a plain PyTorch network and scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics
import torch

from depthgauge.serving.network import describe_network, predict
from depthgauge.training.engine import Job, train_group
from depthgauge.training.metrics.measure import measure
from depthgauge.training.metrics.metric import metrics_for
from tests.training.conftest import make_dataset, make_recipe

SPLITS = ("train", "validation", "test")


def trained(dataset, recipe, replicates):
    job = Job(dataset, recipe, 0, torch.device("cpu"))
    return train_group(job, replicates, lambda *_: None)


@pytest.mark.parametrize("loss", ["cross_entropy", "mae"])
def test_metrics_are_those_of_a_plain_network(loss):
    recipe = make_recipe(loss=loss, epochs=3)
    classes = loss == "cross_entropy"
    dataset = make_dataset("classification" if classes else "regression", 3)
    weights = trained(dataset, recipe, [0, 1, 2]).weights
    found, _ = measure(dataset, recipe, weights, [0, 1, 2])
    assert set(found) == {"last", "validation"}
    for stopping, named in found.items():
        for split in SPLITS:
            own = {name: tensor[1] for name, tensor in weights[stopping].items()}
            s, scaling = dataset.splits.of_replicate(1), dataset.scaling
            rows = dataset.splits[split][s]
            x = (dataset.inputs[rows] - scaling.input_centre[s]) / scaling.input_scale[s]
            description = describe_network(recipe.network, dataset)
            guess = predict(description, own, x).astype(np.float64)
            y = dataset.targets[rows]
            names = metrics_for(len(dataset.classes), recipe.loss.name)
            mine = {name: named[f"{split}_{name}"][1] for name in names}
            if classes:
                accuracy = sklearn.metrics.accuracy_score(y, guess.argmax(1))
                assert mine["accuracy"] == pytest.approx(accuracy)
                # The loss itself, three classes: neither is told again or of two.
                assert not {"cross_entropy", "auc"} & set(mine)
            else:
                y = (y - scaling.target_centre[s]) / scaling.target_scale[s]
                assert mine["r2"] == pytest.approx(sklearn.metrics.r2_score(y, guess), rel=1e-5)
                rmse = sklearn.metrics.root_mean_squared_error(y.ravel(), guess.ravel())
                assert mine["rmse"] == pytest.approx(rmse * scaling.target_scale[s, 0], rel=1e-5)


def test_same_numbers_whichever_replicates_are_measured_together():
    recipe, dataset = make_recipe(loss="mse", epochs=3), make_dataset("regression", 4)
    weights = trained(dataset, recipe, [0, 1, 2, 3]).weights
    together = measure(dataset, recipe, weights, [0, 1, 2, 3], ["rmse"])

    def part(rows):
        some = {s: {k: w[rows] for k, w in named.items()} for s, named in weights.items()}
        return measure(dataset, recipe, some, rows, ["rmse"])

    for rows in ([0, 1], [2, 3], [3]):
        for alone, all_of_them in zip(part(rows), together, strict=True):
            for stopping, named in alone.items():
                for name, values in named.items():
                    assert values.tolist() == all_of_them[stopping][name][rows].tolist()


def test_the_error_rate_of_the_curves_is_one_less_the_accuracy():
    recipe, dataset = (
        make_recipe(loss="cross_entropy", epochs=3),
        make_dataset("classification", 2),
    )
    found = trained(dataset, recipe, [0, 1])
    metrics, _ = measure(dataset, recipe, found.weights, [0, 1])
    for stopping, stopped in found.stopped.items():
        for split in SPLITS:
            errors = stopped.at(found.curves[f"{split}_error"])
            np.testing.assert_allclose(metrics[stopping][f"{split}_accuracy"], 1 - errors)


def test_weights_that_are_no_numbers_measure_as_none():
    recipe, dataset = make_recipe(loss="mse", epochs=3), make_dataset("regression", 2)
    weights = trained(dataset, recipe, [0, 1]).weights
    for named in weights.values():
        named["0.weight"][0] = np.nan
    found = measure(dataset, recipe, weights, [0, 1])[0]["last"]
    assert np.isnan(found["test_r2"]).tolist() == [True, False]


def test_the_costs_of_test_examples_are_those_of_the_metrics_that_are_judged():
    recipe, dataset = make_recipe(loss="mse", epochs=3), make_dataset("regression", 2)
    weights = trained(dataset, recipe, [0, 1]).weights
    values, costs = measure(dataset, recipe, weights, [0, 1], ["mae", "r2"])
    for stopping, named in costs.items():
        assert list(named) == ["mae", "r2"]
        assert named["mae"].shape == (2, dataset.splits.test.shape[1])
        np.testing.assert_allclose(named["mae"].mean(1), values[stopping]["test_mae"])
        np.testing.assert_allclose(named["r2"].mean(1), 1 - values[stopping]["test_r2"])
