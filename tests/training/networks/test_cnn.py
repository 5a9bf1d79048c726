"""The convolutional network, against torch's own convolutions in one and two dimensions."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from depthgauge.training.losses.mse import MeanSquaredError
from depthgauge.training.networks.cnn import CNN


def cnn(depth=2, width=4, kernel=3, dropout=0.0, dimensions=2):
    return CNN(depth=depth, width=width, kernel=kernel, dropout=dropout, dimensions=dimensions)


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


@pytest.mark.parametrize(
    ("dimensions", "shape"),
    [(2, (5, 6)), (2, (9,)), (2, (1, 4)), (2, (3, 4, 5)), (1, (9,)), (1, (3, 8))],
)
@pytest.mark.parametrize("kernel", [1, 3, 5])
def test_outputs_and_gradients_are_those_of_torchs_convolutions(dimensions, shape, kernel):
    network = cnn(kernel=kernel, dimensions=dimensions)
    layout = network.layout(shape, 3)
    flat = torch.from_numpy(np.stack([layout.initial_row(0, r) for r in range(3)]))
    gradient, source = torch.zeros_like(flat), torch.Generator().manual_seed(0)
    x = torch.randn(3, 7, *shape, dtype=torch.float64, generator=source)
    seen = x.view(3, 7, *network.seen_shape(shape))
    y = torch.randn(3, 7, 3, dtype=torch.float64, generator=source)
    with torch.no_grad():
        p, gradients = layout.views(flat), layout.trained(gradient)
        outputs = network.forward(p, seen, None)
        network.backward(p, gradients, seen, y, MeanSquaredError(), torch.rand)
    state, found = layout.state(flat), layout.state(gradient)
    for r in range(3):
        module = network.module(shape, 3).double()
        module.load_state_dict({name: tensor[r] for name, tensor in state.items()})
        torch.testing.assert_close(outputs[r], module(x[r]))
        torch.nn.functional.mse_loss(module(x[r]), y[r]).backward()
        for name, parameter in module.named_parameters():
            torch.testing.assert_close(found[name][r], parameter.grad)


def test_in_one_dimension_a_sequence_has_channels():
    """A plain Conv1d over (channels, steps), and no word about the order of the channels."""
    network = cnn(depth=1, dimensions=1)
    layout = network.layout((3, 8), 2)
    state = layout.state(torch.from_numpy(layout.initial_row(0, 0))[None])
    assert state["0.weight"].shape == (1, 4, 3, 3)
    x = torch.randn(5, 3, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    hidden = torch.nn.functional.conv1d(x, state["0.weight"][0], state["0.bias"][0], padding=1)
    expected = hidden.relu().flatten(1) @ state["3.weight"][0].T + state["3.bias"][0]
    with torch.no_grad():
        p = layout.views(torch.from_numpy(layout.initial_row(0, 0))[None])
        torch.testing.assert_close(network.forward(p, x[None], None)[0], expected)


@pytest.mark.parametrize("directions", [1, 2])
def test_a_kernel_goes_where_neighbours_lie(directions):
    assert cnn(dimensions=directions).unfit(directions) is None
    other = 3 - directions
    assert f"use {directions}" in cnn(dimensions=other).unfit(directions)


def test_a_kernel_has_a_middle():
    with pytest.raises(ValidationError, match="must be odd, so that it has a middle, not 2"):
        cnn(kernel=2)


def test_what_has_no_effect():
    assert cnn(0).without_effect() == {"width", "kernel"}
    assert not cnn(1).without_effect()
