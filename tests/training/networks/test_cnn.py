"""The convolutional network, against torch's own convolutions in one and two dimensions."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from depthgauge.training.losses.mse import MeanSquaredError
from depthgauge.training.networks.cnn import CNN


def cnn(depth=2, width=4, kernel=3, dropout=0.0):
    return CNN(depth=depth, width=width, kernel=kernel, dropout=dropout)


@pytest.mark.parametrize(
    ("depth", "shape", "count"),
    [
        (0, (8, 8), 64 * 10 + 10),
        (1, (8, 8), 9 * 4 + 4 + 4 * 64 * 10 + 10),
        (2, (8, 8), 9 * 4 + 4 + 4 * 9 * 4 + 4 + 4 * 64 * 10 + 10),
        (2, (40,), 3 * 4 + 4 + 4 * 3 * 4 + 4 + 4 * 40 * 10 + 10),
    ],
)
def test_counts_of_parameters(depth, shape, count):
    assert cnn(depth).layout(shape, 10).count == count


@pytest.mark.parametrize("shape", [(5, 6), (9,), (1, 4)])
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_outputs_and_gradients_are_those_of_torchs_convolutions(shape, kernel):
    network = cnn(kernel=kernel)
    layout = network.layout(shape, 3)
    flat = torch.from_numpy(np.stack([layout.initial_row(0, r) for r in range(3)]))
    gradient, source = torch.zeros_like(flat), torch.Generator().manual_seed(0)
    x = torch.randn(3, 7, *shape, dtype=torch.float64, generator=source)
    y = torch.randn(3, 7, 3, dtype=torch.float64, generator=source)
    with torch.no_grad():
        p, gradients = layout.views(flat), layout.trained(gradient)
        outputs = network.forward(p, x, None)
        network.backward(p, gradients, x, y, MeanSquaredError(), torch.rand)
    state, found = layout.state(flat), layout.state(gradient)
    for r in range(3):
        module = network.module(shape, 3).double()
        module.load_state_dict({name: tensor[r] for name, tensor in state.items()})
        torch.testing.assert_close(outputs[r], module(x[r]))
        torch.nn.functional.mse_loss(module(x[r]), y[r]).backward()
        for name, parameter in module.named_parameters():
            torch.testing.assert_close(found[name][r], parameter.grad)


def test_a_kernel_has_a_middle():
    with pytest.raises(ValidationError, match="must be odd, so that it has a middle, not 2"):
        cnn(kernel=2)


def test_what_has_no_effect():
    assert cnn(0).without_effect() == {"width", "kernel"}
    assert not cnn(1).without_effect()
