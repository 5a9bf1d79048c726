"""What every loss must fulfil, whatever it is."""

import numpy as np
import pytest
import torch
from torch import nn

from depthgauge.entries import entry_names, find_entry
from depthgauge.training.losses.huber import Huber
from depthgauge.training.losses.loss import LOSSES, Loss, NumberLoss
from tests.openings.opening import opened

NAMES = entry_names(LOSSES)
OF_TORCH = {
    "cross_entropy": nn.CrossEntropyLoss(),
    "mae": nn.L1Loss(),
    "mse": nn.MSELoss(),
    "huber": nn.HuberLoss(),
}


@pytest.fixture(params=[*NAMES, "log_cosh"])
def loss(request):
    """Every loss, and one that gives nothing but the cost of an error."""
    with opened("training.losses"):
        yield find_entry(LOSSES, request.param)()


def batch(loss, dtype=torch.float64):
    source = torch.Generator().manual_seed(2)
    outputs = 2 * torch.randn(3, 8, 4, generator=source, dtype=dtype)
    if loss.classes:
        return outputs, torch.randint(0, 4, (3, 8), generator=source)
    return outputs, torch.randn(3, 8, 4, generator=source, dtype=dtype)


def test_the_gradient_is_that_of_autograd(loss):
    outputs, targets = batch(loss)
    leaf = outputs.clone().requires_grad_()
    loss.per_example(leaf, targets).mean(1).sum().backward()
    with torch.no_grad():
        mine = loss.gradient(outputs.clone(), targets)
    torch.testing.assert_close(mine, leaf.grad)


def test_there_is_one_value_for_each_example(loss):
    outputs, targets = batch(loss)
    values = loss.per_example(outputs, targets)
    assert values.shape == (3, 8)
    one = loss.per_example(outputs[1:2, 5:6], targets[1:2, 5:6])
    torch.testing.assert_close(one[0, 0], values[1, 5])
    assert loss.words
    assert type(loss).model_validate(loss.model_dump()) == loss


def test_no_constant_of_a_grid_is_better(loss):
    if not isinstance(loss, NumberLoss):
        pytest.skip("of classes")
    values = np.random.default_rng(1).gamma(1, 2, 101)
    grid = np.linspace(values.min(), values.max(), 2000)
    best = loss.best_constant(values)
    least = min(loss.of(constant - values).mean() for constant in grid)
    assert loss.of(best - values).mean() <= least + 1e-12
    assert loss.best_constant(np.full(3, 2.5)) == 2.5


def test_numpy_and_torch_cost_the_same(loss):
    if not isinstance(loss, NumberLoss):
        pytest.skip("of classes")
    errors = np.random.default_rng(1).normal(0, 3, (40, 1))
    mine = loss.per_example(torch.from_numpy(errors)[None], torch.zeros(1, 40, 1))[0]
    np.testing.assert_allclose(loss.of(errors)[:, 0], mine.numpy(), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", OF_TORCH)
def test_losses_are_those_of_torch(name):
    loss = find_entry(LOSSES, name)()
    outputs, targets = batch(loss, torch.float32)
    for r in range(3):
        mine = loss.per_example(outputs, targets)[r].mean()
        torch.testing.assert_close(mine, OF_TORCH[name](outputs[r], targets[r]))


@pytest.mark.parametrize("delta", [0.3, 1.0, 2.5])
def test_hubers_bend_is_where_it_is_put(delta):
    loss = Huber(delta=delta)
    outputs, targets = batch(loss)
    mine = loss.per_example(outputs, targets).mean()
    torch.testing.assert_close(mine, nn.HuberLoss(delta=delta)(outputs, targets))
    torch.testing.assert_close(
        loss.gradient(outputs.clone(), targets), Loss.gradient(loss, outputs, targets)
    )
