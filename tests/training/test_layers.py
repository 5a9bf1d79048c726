"""The written-out backward pass against torch.autograd."""

import pytest
import torch
from depthgauge.training.layers import ACTIVATIONS, backward, forward
from depthgauge.training.network import Architecture, layer_views

from depthgauge.training.losses import LOSSES
from tests.training import plain


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
    passed = forward(layers, x, activation)
    gradient = LOSSES[loss].gradient(passed.outputs.clone(), y)
    backward(layers, layer_views(mine, architecture), passed, gradient, activation)

    leaf = flat.clone().requires_grad_()
    h = x
    for k, (weight, bias) in enumerate(layer_views(leaf, architecture)):
        h = h @ weight + bias
        h = plain.ACTIVATIONS[activation]()(h) if k < depth else h
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
    reference = plain.LOSSES[loss]()
    for r in range(3):
        mine = LOSSES[loss].per_example(outputs, targets)[r].mean()
        torch.testing.assert_close(mine, reference(outputs[r], targets[r]))


def test_two_relus_make_a_hard_sigmoid():
    """The lecture's identity, to float precision: a line between two kinks is the difference of
    two ReLUs that have their kinks there."""
    for dtype, precision in ((torch.float32, 2**-22), (torch.float64, 2**-51)):
        x = torch.linspace(-10, 10, 4001, dtype=dtype)
        hard = ACTIVATIONS["hard_sigmoid"].forward(x.clone())
        two = torch.relu(x / 6 + 0.5) - torch.relu(x / 6 - 0.5)
        torch.testing.assert_close(two, hard, rtol=0, atol=precision)


def test_a_network_of_two_relus_is_a_network_of_one_hard_sigmoid():
    """The same through our own layers: weights (w, w) and biases half a unit to either side."""
    x = torch.linspace(-9, 9, 101, dtype=torch.float64).reshape(1, -1, 1).expand(2, -1, -1)

    def network(columns, biases, outgoing):
        def tensor(values, *shape):
            return torch.tensor([values] * 2, dtype=torch.float64).reshape(2, *shape)

        width = len(columns)
        first = (tensor(columns, 1, width), tensor(biases, 1, width))
        return [first, (tensor(outgoing, width, 1), tensor([0.25], 1, 1))]

    one = forward(network([2.0], [-1.0], [3.0]), x, "hard_sigmoid").outputs
    third = 2.0 / 6
    two = forward(network([third] * 2, [1 / 3, -2 / 3], [3.0, -3.0]), x, "relu").outputs
    torch.testing.assert_close(two, one, rtol=0, atol=1e-14)
