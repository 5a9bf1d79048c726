"""The written-out backward pass against torch.autograd."""

import pytest
import torch

from depthgauge.core.training.layers import ACTIVATIONS, backward, forward
from depthgauge.core.training.losses import LOSSES
from depthgauge.core.training.network import Architecture, layer_views


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("depth", [0, 1, 4])
def test_gradients_are_those_of_autograd(activation, loss, depth):
    source = torch.Generator().manual_seed(1)
    architecture = Architecture(6, 3, depth, 5)
    flat = torch.randn(2, architecture.row_length, dtype=torch.float64, generator=source)
    x = torch.randn(2, 9, 6, dtype=torch.float64, generator=source)
    if loss == "cross_entropy":
        y = torch.randint(0, 3, (2, 9), generator=source)
    else:
        y = torch.randn(2, 9, 3, dtype=torch.float64, generator=source)
    mine = torch.zeros_like(flat)
    layers = layer_views(flat, architecture)
    entering = forward(layers, x, activation)
    gradient = LOSSES[loss].gradient(entering[-1].clone(), y)
    backward(layers, layer_views(mine, architecture), entering, gradient, activation)

    leaf = flat.clone().requires_grad_()
    h = x
    functions = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    for k, (weight, bias) in enumerate(layer_views(leaf, architecture)):
        h = h @ weight + bias
        h = functions[activation](h) if k < depth else h
    per_example = LOSSES[loss].per_example(h, y)
    assert per_example.shape == (2, 9)
    per_example.mean(1).sum().backward()
    torch.testing.assert_close(mine, leaf.grad)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_losses_are_those_of_torch(loss):
    source = torch.Generator().manual_seed(2)
    outputs = torch.randn(3, 8, 4, generator=source)
    if loss == "cross_entropy":
        targets = torch.randint(0, 4, (3, 8), generator=source)
    else:
        targets = torch.randn(3, 8, 4, generator=source)
    reference = {
        "cross_entropy": torch.nn.CrossEntropyLoss(),
        "mae": torch.nn.L1Loss(),
        "mse": torch.nn.MSELoss(),
    }[loss]
    for r in range(3):
        mine = LOSSES[loss].per_example(outputs, targets)[r].mean()
        torch.testing.assert_close(mine, reference(outputs[r], targets[r]))
