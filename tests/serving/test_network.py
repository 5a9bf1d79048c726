"""A replicate as a plain Sequential predicts what the engine measured."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from depthgauge.serving.network import MODULES, predicted, sequential
from depthgauge.training.engine import train_group
from depthgauge.training.layers import ACTIVATIONS
from tests.training.conftest import make_prepared, recipe  # noqa: F401
from tests.training.plain import scaled_splits


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("depth", [0, 2])
def test_predictions_have_the_measured_loss(recipe, activation, depth):  # noqa: F811
    recipe = replace(recipe, activation=activation, depth=depth, loss="mse")
    prepared = make_prepared("regression", 3)
    trained = train_group(
        prepared, recipe, range(3), 5, torch.device("cpu"), torch.float32, lambda e, c: None
    )
    network = sequential(trained.weights["last"], 1, activation)
    inputs, targets = scaled_splits(prepared, 1, torch.float32)["test"]
    loss = np.square(predicted(network, inputs.numpy()) - targets.numpy()).mean()
    assert loss == pytest.approx(trained.curves["test_loss"][1, -1], rel=1e-5)


def test_every_activation_has_its_module():
    assert set(MODULES) == set(ACTIVATIONS)
