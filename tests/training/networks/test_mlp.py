"""The fully connected network: shapes, counts, initial weights and activations."""

import numpy as np
import pytest
import torch
from torch import nn

from depthgauge.training.networks.activations import ACTIVATIONS, activations
from depthgauge.training.networks.mlp import MLP
from tests.training import plain


def mlp(depth=1, width=64, activation="relu", initialisation="kaiming_uniform"):
    return MLP(depth=depth, width=width, activation=activation, initialisation=initialisation)


@pytest.mark.parametrize(
    ("depth", "count"), list(enumerate([650, 4810, 8970, 13130, 17290, 21450, 25610, 29770, 33930]))
)
def test_the_default_networks_have_these_many_parameters(depth, count):
    assert mlp(depth).layout((64,), 10).count == count


def test_a_width_beyond_any_machine_is_only_counted():
    assert mlp(3, 10**12).layout((64,), 10).count > 2 * 10**24


@pytest.mark.parametrize("initialisation", ["kaiming_uniform", "kaiming_normal"])
def test_initial_weights_have_the_spread_that_pytorch_gives(initialisation):
    network = mlp(2, 150, initialisation=initialisation)
    layout = network.layout((200,), 10)
    state = layout.state(torch.from_numpy(layout.initial_row(0, 0))[None])
    for k, (fan_in, fan_out) in enumerate(network.sizes((200,), 10)):
        weight, bias = state[f"{2 * k}.weight"], state[f"{2 * k}.bias"]
        with torch.random.fork_rng():
            torch.manual_seed(1)
            reference = nn.Linear(fan_in, fan_out).requires_grad_(False)
            if initialisation == "kaiming_normal":
                nn.init.kaiming_normal_(reference.weight, nonlinearity="relu")
                assert not bias.any()
        if initialisation == "kaiming_uniform":
            assert float(bias.abs().max()) <= 1 / np.sqrt(fan_in)
            assert float(weight.abs().max()) <= 1 / np.sqrt(fan_in)
        assert float(weight.std()) == pytest.approx(float(reference.weight.std()), rel=0.08)
        assert float(weight.mean()) == pytest.approx(0, abs=0.01)


def test_what_has_no_effect():
    assert mlp(0).without_effect() == {"width", "activation", "normalisation", "dropout"}
    assert not mlp(1).without_effect()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_module_and_its_backward_pass_that_of_autograd(name):
    activation = activations()[name]
    x = torch.linspace(-4, 4, 101, dtype=torch.float64)
    leaf = x.clone().requires_grad_()
    expected = plain.ACTIVATIONS[name]()(leaf)
    assert activation.module is plain.ACTIVATIONS[name]
    hidden = x.clone()
    output = activation.forward(hidden)
    torch.testing.assert_close(output, expected.detach())
    weights = torch.linspace(1, 2, 101, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(expected, leaf, weights)
    kept = hidden if activation.keeps_input else output
    torch.testing.assert_close(activation.backward(weights, kept), gradient)


def test_two_relus_make_a_hard_sigmoid():
    """The lecture's identity, to float precision: a line between two kinks is the difference of
    two ReLUs that have their kinks there."""
    for dtype, precision in ((torch.float32, 2**-22), (torch.float64, 2**-51)):
        x = torch.linspace(-10, 10, 4001, dtype=dtype)
        hard = activations()["hardsigmoid"].forward(x.clone())
        two = torch.relu(x / 6 + 0.5) - torch.relu(x / 6 - 0.5)
        torch.testing.assert_close(two, hard, rtol=0, atol=precision)


def test_a_network_of_two_relus_is_a_network_of_one_hard_sigmoid():
    """The same through our own layers: weights (w, w) and biases half a unit to either side."""
    x = torch.linspace(-9, 9, 101, dtype=torch.float64).reshape(1, -1, 1).expand(2, -1, -1)

    def outputs(activation, columns, biases, outgoing):
        width = len(columns)
        layout = (network := mlp(1, width, activation)).layout((1,), 1)
        row = torch.tensor([*columns, *biases, *outgoing, 0.25], dtype=torch.float64)
        flat = torch.zeros(2, layout.row_length, dtype=torch.float64)
        flat[:, : len(row)] = row
        return network.forward(layout.views(flat), x, None)

    one = outputs("hardsigmoid", [2.0], [-1.0], [3.0])
    third = 2.0 / 6
    two = outputs("relu", [third] * 2, [1 / 3, -2 / 3], [3.0, -3.0])
    torch.testing.assert_close(two, one, rtol=0, atol=1e-14)
