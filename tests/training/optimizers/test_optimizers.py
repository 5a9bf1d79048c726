"""What every optimizer must fulfil, whatever it is."""

import pytest
import torch

from depthgauge.entries import entry_names, find_entry
from depthgauge.training.optimizers.optimizer import OPTIMIZERS, learning_rates

NAMES = entry_names(OPTIMIZERS)
RATES = [0.1, 0.05, 0.2, 0.0, 0.1]


def settings_of(model):
    """Its settings, those of its own at their defaults and, numbers below 1, at one half."""
    common = {"learning_rate": 0.1, "weight_decay": 0.03}
    own = [n for n in model.model_fields if n not in ("name", *common)]
    return [model(**common), *(model(**common, **{name: 0.5}) for name in own)]


CASES = [case for name in NAMES for case in settings_of(find_entry(OPTIMIZERS, name))]
IDS = [repr(case) for case in CASES]


def steps_of(optimizer, start, gradients, pause=None):
    flat, gradient = start.clone(), torch.zeros_like(start)
    memory = optimizer.memory(flat)
    step = optimizer.start(flat, gradient, memory)
    for done, (rate, new) in enumerate(zip(RATES, gradients, strict=True)):
        if done == pause:
            # All that is kept, in other tensors.
            flat, gradient = flat.clone(), torch.zeros_like(start)
            memory = [kept.clone() for kept in memory]
            step = optimizer.start(flat, gradient, memory, done)
        gradient.copy_(new)
        step(rate)
    return flat


@pytest.fixture
def start():
    return torch.randn(4, 64, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def gradients():
    return torch.randn(len(RATES), 4, 64, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("optimizer", CASES, ids=IDS)
def test_steps_are_those_of_the_class_of_torch_that_has_its_name(optimizer, start, gradients):
    leaf = start.clone().requires_grad_()
    own = optimizer.model_dump(exclude={"name", "learning_rate"})
    reference = getattr(torch.optim, type(optimizer).__name__)([leaf], lr=1.0, **own)
    for rate, gradient in zip(RATES, gradients, strict=True):
        reference.param_groups[0]["lr"] = rate
        leaf.grad = gradient.clone()
        reference.step()
    torch.testing.assert_close(steps_of(optimizer, start, gradients), leaf.detach())


@pytest.mark.parametrize("pause", range(len(RATES)))
@pytest.mark.parametrize("optimizer", CASES, ids=IDS)
def test_goes_on_from_what_it_keeps(optimizer, start, gradients, pause):
    whole = steps_of(optimizer, start, gradients)
    assert torch.equal(steps_of(optimizer, start, gradients, pause), whole)


@pytest.mark.parametrize("optimizer", CASES, ids=IDS)
def test_no_replicate_touches_another(optimizer, start, gradients):
    """Neither by its company nor by an infinity of its own."""
    together = steps_of(optimizer, start, gradients)
    apart = steps_of(optimizer, start[2:], gradients[:, 2:])
    assert torch.equal(together[2:], apart)
    gradients[1, 0, 5] = torch.inf
    assert torch.equal(steps_of(optimizer, start, gradients)[1:], together[1:])


def test_a_cosine_ends_near_0():
    rates = learning_rates(0.4, "cosine", 100)
    assert rates[0] == 0.4
    assert rates[50] == pytest.approx(0.2)
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < 0.001
    assert learning_rates(0.4, "constant", 3) == [0.4] * 3
