"""Shapes, counts and the distribution of initial weights."""

import numpy as np
import pytest
import torch
from depthgauge.training.network import (
    Architecture,
    initial_parameters,
    layer_views,
    sequential_tensors,
)
from torch import nn


def sequential(inputs, outputs, depth, width):
    layers, size = [], inputs
    for _ in range(depth):
        layers += [nn.Linear(size, width), nn.ReLU()]
        size = width
    return nn.Sequential(*layers, nn.Linear(size, outputs))


@pytest.mark.parametrize("depth", range(9))
@pytest.mark.parametrize(("inputs", "outputs", "width"), [(64, 10, 64), (56, 1, 100), (1, 1, 1)])
def test_the_number_of_parameters_is_that_of_a_sequential(inputs, outputs, depth, width):
    reference = sequential(inputs, outputs, depth, width)
    architecture = Architecture(inputs, outputs, depth, width)
    assert architecture.parameter_count == sum(p.numel() for p in reference.parameters())


@pytest.mark.parametrize(
    ("depth", "count"), list(enumerate([650, 4810, 8970, 13130, 17290, 21450, 25610, 29770, 33930]))
)
def test_the_default_networks_have_these_many_parameters(depth, count):
    assert Architecture(64, 10, depth, 64).parameter_count == count


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_exported_tensors_load_into_a_sequential(depth):
    architecture = Architecture(5, 3, depth, 4)
    rows = np.stack([initial_parameters(architecture, "default", 1, r) for r in range(2)])
    flat = torch.from_numpy(rows)
    network = sequential(5, 3, depth, 4).double()
    network.load_state_dict({k: t[1] for k, t in sequential_tensors(flat, architecture).items()})
    x = torch.randn(6, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    h = x
    for k, (weight, bias) in enumerate(layer_views(flat, architecture)):
        h = h @ weight[1] + bias[1]
        h = h.relu() if k < depth else h
    torch.testing.assert_close(network(x), h)


@pytest.mark.parametrize("initialisation", ["default", "kaiming"])
def test_initial_weights_have_the_spread_that_pytorch_gives(initialisation):
    architecture = Architecture(200, 10, 2, 150)
    row = torch.from_numpy(initial_parameters(architecture, initialisation, 0, 0))[None]
    for (weight, bias), (fan_in, fan_out) in zip(
        layer_views(row, architecture), architecture.layer_sizes, strict=True
    ):
        with torch.random.fork_rng():
            torch.manual_seed(1)
            reference = nn.Linear(fan_in, fan_out).requires_grad_(False)
            if initialisation == "kaiming":
                nn.init.kaiming_normal_(reference.weight, nonlinearity="relu")
                assert not bias.any()
        if initialisation == "default":
            assert float(bias.abs().max()) <= 1 / np.sqrt(fan_in)
            assert float(weight.abs().max()) <= 1 / np.sqrt(fan_in)
        assert float(weight.std()) == pytest.approx(float(reference.weight.std()), rel=0.08)
        assert float(weight.mean()) == pytest.approx(0, abs=0.01)


def test_initial_weights_depend_on_seed_and_replicate_alone():
    architecture = Architecture(8, 2, 1, 5)
    rows = [initial_parameters(architecture, "default", s, r) for s, r in ((0, 0), (0, 1), (1, 0))]
    again = initial_parameters(architecture, "default", 0, 0)
    np.testing.assert_array_equal(rows[0], again)
    assert not np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])
