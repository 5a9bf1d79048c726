"""A replicate as plain PyTorch predicts what the engine measured."""

import numpy as np
import pytest
import torch

from depthgauge.serving.network import describe_network, predict
from depthgauge.training.engine import train_group
from depthgauge.training.networks.activations import ACTIVATIONS
from tests.training.conftest import make_prepared, make_recipe
from tests.training.plain import scaled_splits


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", [0, 2])
def test_predictions_have_the_measured_loss(activation, depth):
    recipe = make_recipe(activation=activation, depth=depth, loss="mse")
    prepared = make_prepared("regression", 3)
    runs = train_group(
        prepared, recipe, range(3), 5, torch.device("cpu"), torch.float32, lambda e, c: None
    )
    description = describe_network(recipe.network, prepared)
    weights = {name: tensor[1] for name, tensor in runs.weights["last"].items()}
    inputs, targets = scaled_splits(prepared, 1, torch.float32)["test"]
    loss = np.square(predict(description, weights, inputs.numpy()) - targets.numpy()).mean()
    assert loss == pytest.approx(runs.curves["test_loss"][1, -1], rel=1e-5)
