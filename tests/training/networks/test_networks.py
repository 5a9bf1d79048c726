"""What every family of networks must fulfil, whatever it is."""

import hashlib
import subprocess
import sys
from typing import Literal, get_args, get_origin

import numpy as np
import pytest
import torch

from depthgauge.entries import entry_names, find_entry
from depthgauge.training.engine import Job, train_group
from depthgauge.training.losses.mse import MeanSquaredError
from depthgauge.training.networks.network import NETWORKS, ROW_MULTIPLE, Network
from depthgauge.training.runs import STOPPINGS, join
from tests.openings.opening import opened
from tests.training.conftest import RECIPE, make_dataset, make_recipe

CPU = torch.device("cpu")
SHAPE, OUTPUTS, SEED = (7,), 3, 4
OWN = ("residual",)


def settings_of(family):
    """Its settings at small values, and each choice of a word once."""
    model, base, choices = find_entry(NETWORKS, family), {}, []
    for name, field in model.model_fields.items():
        if get_origin(field.annotation) is Literal:
            base[name], *rest = get_args(field.annotation)
            choices += [{name: word} for word in rest]
        elif field.annotation is int:
            base[name] = 3
        elif field.annotation is float:
            base[name] = 0.5
    choices += [
        {name: 1} for name, value in base.items() if value == 3 and allows(model, base, name, 1)
    ]
    choices += [{name: 0} for name in base if name == "depth" and allows(model, base, name, 0)]
    return [model(**base), *(model(**base | choice) for choice in choices)]


def allows(model, base, name, value):
    try:
        return bool(model(**base | {name: value}))
    except ValueError:
        return False


with opened("training.networks"):
    # Of one's own there is none by itself: tests/training/test_own_network.py.
    FAMILIES = [name for name in entry_names(NETWORKS) if name not in ("own", "pixels")]
    CASES = [case for family in FAMILIES for case in settings_of(family)]
IDS = [repr(case) for case in CASES]
TRAINED = sorted({case.family for case in CASES})


@pytest.fixture(params=CASES, ids=IDS)
def network(request):
    with opened("training.networks"):
        yield request.param


def tensors(network, replicates, dtype=torch.float64):
    layout = network.layout(SHAPE, OUTPUTS)
    rows = np.stack([layout.initial_row(SEED, r) for r in range(replicates)])
    return layout, torch.from_numpy(rows).to(dtype)


def batch(network, replicates):
    """Inputs as the network sees them, and targets."""
    source = torch.Generator().manual_seed(1)
    x = torch.randn(replicates, 9, *SHAPE, dtype=torch.float64, generator=source)
    y = torch.randn(replicates, 9, OUTPUTS, dtype=torch.float64, generator=source)
    return x.view(replicates, 9, *network.seen_shape(SHAPE)), y


@pytest.mark.parametrize("replicates", [2, 4, 10])
def test_gradients_are_those_of_its_module_under_autograd(network, replicates):
    layout, flat = tensors(network, replicates)
    gradient = torch.zeros_like(flat)
    x, y = batch(network, replicates)
    with torch.no_grad():
        p, gradients = layout.views(flat), layout.trained(gradient)
        network.backward(p, gradients, x, y, MeanSquaredError(), None)
        outputs, state = network.forward(p, x, None), layout.state(flat)
    found = layout.state(gradient)
    for r in range(replicates):
        module = network.module(SHAPE, OUTPUTS).double().eval()
        module.load_state_dict({name: tensor[r] for name, tensor in state.items()})
        torch.testing.assert_close(outputs[r], module(x[r]))
        torch.nn.functional.mse_loss(module(x[r]), y[r]).backward()
        for name, parameter in module.named_parameters():
            torch.testing.assert_close(found[name][r], parameter.grad)


def test_a_training_step_is_that_of_its_module_in_training(network):
    """Nothing dropped: statistics of a batch are a replicate's own, and go on in its buffers."""
    if network.family in OWN:
        pytest.skip("drops a fixed share")
    whole = {n: 0.0 for n in type(network).model_fields if "dropout" in n}
    network = network.model_copy(update=whole)
    layout, flat = tensors(network, 3)
    gradient, (x, y) = torch.zeros_like(flat), batch(network, 3)
    state = layout.state(flat)
    with torch.no_grad():
        p, gradients = layout.views(flat), layout.trained(gradient)
        network.backward(p, gradients, x, y, MeanSquaredError(), torch.rand)
    found, after = layout.state(gradient), layout.state(flat)
    for r in range(3):
        module = network.module(SHAPE, OUTPUTS).double()
        module.load_state_dict({name: tensor[r] for name, tensor in state.items()})
        torch.nn.functional.mse_loss(module(x[r]), y[r]).backward()
        for name, parameter in module.named_parameters():
            torch.testing.assert_close(found[name][r], parameter.grad)
        for name, buffer in module.named_buffers():
            torch.testing.assert_close(after[name][r], buffer.double())


def test_a_backward_pass_of_its_own_is_that_of_autograd(network):
    layout, flat = tensors(network, 2)
    mine, autograd = torch.zeros_like(flat), torch.zeros_like(flat)
    with torch.no_grad():
        for gradient, backward in ((mine, type(network).backward), (autograd, Network.backward)):
            views = layout.views(flat), layout.trained(gradient)
            backward(network, *views, *batch(network, 2), MeanSquaredError(), None)
    torch.testing.assert_close(mine, autograd)


def test_parameters_are_those_of_its_module(network):
    layout, module = network.layout(SHAPE, OUTPUTS), network.module(SHAPE, OUTPUTS)
    assert layout.count == sum(p.numel() for p in module.parameters())
    assert layout.row_length % ROW_MULTIPLE == 0
    assert {p.name for p in layout.parameters} == set(module.state_dict())


def test_a_state_goes_there_and_back(network):
    layout, flat = tensors(network, 3)
    again = torch.zeros_like(flat)
    layout.load(again, layout.state(flat))
    assert torch.equal(again, flat)


def test_initial_weights_depend_on_seed_and_replicate_alone(network):
    layout = network.layout(SHAPE, OUTPUTS)
    rows = [layout.initial_row(seed, r) for seed, r in ((0, 0), (0, 1), (1, 0), (0, 0))]
    np.testing.assert_array_equal(rows[0], rows[3])
    assert not np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])


def recipe_of(network):
    content = {**network.model_dump()}
    return make_recipe(network=content, loss="mse", epochs=2, learning_rate=0.02)


def train(network, replicates):
    dataset = make_dataset("regression", 7)
    recipe = recipe_of(network)
    return train_group(Job(dataset, recipe, SEED, CPU), replicates, lambda epoch, curves: None)


def digest(runs):
    total = hashlib.sha256()
    for stopping in STOPPINGS:
        total.update(runs.test_losses[stopping].tobytes())
        for name in sorted(runs.weights[stopping]):
            total.update(runs.weights[stopping][name].tobytes())
    return total.hexdigest()


def test_bytes_do_not_depend_on_the_group(network):
    together = train(network, range(7))
    apart = join([train(network, group) for group in ([6], [0, 1], [2, 3, 4, 5])])
    assert digest(together) == digest(apart)
    assert np.isfinite(together.curves["test_loss"]).all()


@pytest.fixture(scope="module")
def digests_elsewhere():
    """Of each family, trained in another process: one for all, as each would import torch."""
    program = (
        "from tests.openings.opening import opened\n"
        "from tests.training.networks import test_networks as t\n"
        "with opened('training.networks'):\n"
        "    for family in t.TRAINED:\n"
        "        print(family, t.digest(t.train(t.settings_of(family)[0], range(4))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.mark.parametrize("family", TRAINED)
def test_bytes_are_the_same_in_another_process(family, digests_elsewhere):
    with opened("training.networks"):
        assert digests_elsewhere[family] == digest(train(settings_of(family)[0], range(4)))


def test_a_network_that_sees_examples_in_their_shape():
    """Inputs lie flat until `forward`, which gets them as `input_shape` says."""
    from dataclasses import replace

    dataset = make_dataset("regression", 2)
    six = replace(
        dataset,
        inputs=dataset.inputs[:, :6],
        scaling=replace(
            dataset.scaling,
            input_centre=dataset.scaling.input_centre[:, :6],
            input_scale=dataset.scaling.input_scale[:, :6],
        ),
    )
    with opened("training.networks"):
        found = []
        linear = RECIPE["network"] | {"depth": 0}
        for network, shape in (({"family": "pixels"}, (2, 3)), (linear, (6,)), (linear, (2, 3))):
            recipe = make_recipe(network=network, loss="mse")
            data = replace(six, input_shape=shape)
            found.append(train_group(Job(data, recipe, 3, CPU, torch.float64), [0, 1], print))
    for other in found[1:]:
        np.testing.assert_allclose(other.curves["test_loss"], found[0].curves["test_loss"])
