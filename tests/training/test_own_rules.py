"""Hostile networks: each is refused in one line, or trained as plain PyTorch would train it."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from depthgauge.errors import InputError
from depthgauge.training.engine import Job, train_group
from depthgauge.training.networks.own import Own
from depthgauge.training.own_check import require_own, why_not_at_once
from depthgauge.training.own_rules import same_bits
from depthgauge.training.runs import STOPPINGS, join
from tests.training.conftest import make_dataset, make_recipe

TESTS = Path(__file__).parents[1]
SHAPES = [(8,), (2, 4)]


def hostile(name, **values):
    network = Own(class_path=f"hostile_networks.py:{name}", **({"depth": 2, "width": 6} | values))
    network.locate(TESTS)
    return network


REFUSED = {
    "Autoencoder": "gives (5, 1, 2) for 5 examples of shape SHAPE; (batch, outputs) is (5, 2): ",
    "Pair": "gives a tuple; one tensor, (batch, outputs), is wanted",
    "Vector": "gives (5,) for 5 examples of shape SHAPE; (batch, outputs) is (5, 2)",
    "Doubles": "gives outputs of float64 for inputs of float32",
    "Labels": "gives outputs of int64 for inputs of float32",
    "Detached": "its outputs depend on no parameter",
    "Spoilt": "its backward pass raises RuntimeError: one of the variables needed for gradient",
    "FixedBatch": "raises RuntimeError: shape '[5, -1]' is invalid for input of size 4, given 2 ex",
    "Squeezed": "gives (2,) for 1 example of shape SHAPE; (batch, outputs) is (1, 2)",
    "Cuda": "raises ",
    "TiedModule": "again.weight and head.weight are one tensor; shared parameters",
    "TiedMemory": "again.weight and head.weight are one tensor; shared parameters",
    "Complex": "phase is of complex64; parameters must be of float32",
    "Double": "layers.0.weight is of float64; parameters must be of float32",
    "Meta": "head.weight is on meta; build it on the CPU, training.device moves it",
    "Large": "buffer places: holds numbers beyond 16,777,216, which float32 cannot hold",
    "ComplexBuffer": "buffer waves: holds complex numbers, which float32 cannot hold",
    "AllFrozen": "has no parameters to train",
    "Clamps": "changes head.weight in forward; parameters are the optimizer's, a buffer may change",
    "ClampsInTraining": "changes head.weight in forward; parameters are the optimizer's",
    "ChangesInputs": "changes its input in place; change a copy",
    "Counts": "gives other outputs for the same inputs the second time; draw with torch alone",
    "CountsInTraining": "gives other outputs for the same inputs the second time",
    "Draws": "gives other outputs for the same inputs the second time",
    "DrawsItsWeights": "is another one when it is built again from the same seed",
    "CountsItself": "is another one when it is built again from the same seed",
    "Mask": "draws something that is neither a parameter nor a buffer when it is built",
    "Leaves": "cannot be built with depth 1 and width 6: SystemExit: 3",
    "Third": "cannot be built with depth 3 and width 6: ValueError: three is one too many",
    "NoDepth": "cannot be called with (inputs, outputs, depth=1, width=6): got an unexpected",
    "NoWidth": "got an unexpected keyword argument 'width'; width: null gives it none",
    "NoModule": "is no torch.nn.Module",
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", REFUSED)
def test_what_breaks_a_rule_is_told_in_one_line(name, shape):
    points = [(f"depth {d}", hostile(name, depth=d), shape, 2) for d in (1, 2, 3)]
    with pytest.raises(InputError) as caught:
        list(require_own(points, "depth"))
    said = str(caught.value)
    assert said.startswith(f"hostile_networks.py:{name}: ")
    assert REFUSED[name].replace("SHAPE", str(shape)) in said
    assert said.isprintable()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(
    ("name", "at_once"),
    [
        ("Plain", True),
        ("Frozen", True),
        ("Lazy", True),
        ("Buffers", True),
        ("NoNumbers", True),
        ("Drops", False),
    ],
)
def test_what_breaks_none_is_used(name, at_once, shape):
    points = [(f"depth {d}", hostile(name, depth=d), shape, 2) for d in (1, 2, 3)]
    assert len(list(require_own(points, "depth"))) == 3
    assert (why_not_at_once(points[0][1], shape, 2) is None) is at_once


def test_a_class_without_a_width():
    network = hostile("NoWidth", width=None)
    assert why_not_at_once(network, (8,), 2) is None
    assert network.layout((8,), 2).count == 2 * 72 + 18


def train(network, replicates, epochs=2, **values):
    recipe = make_recipe(network=network.model_dump(), loss="mse", epochs=epochs, **values)
    job = Job(make_dataset("regression", 4), recipe, 5, torch.device("cpu"))
    return train_group(job, replicates, lambda *_: None)


@pytest.mark.parametrize("name", ["Lazy", "Drops", "Buffers", "Frozen"])
def test_bytes_do_not_depend_on_the_group(name):
    together = train(hostile(name), range(4))
    apart = join([train(hostile(name), group) for group in ([3], [0, 1, 2])])
    for stopping in STOPPINGS:
        np.testing.assert_array_equal(together.test_losses[stopping], apart.test_losses[stopping])
        for tensor, values in together.weights[stopping].items():
            np.testing.assert_array_equal(values, apart.weights[stopping][tensor])


def test_what_is_frozen_stays_whatever_the_optimizer_does():
    network = hostile("Frozen")
    trained = train(network, range(2), optimizer="adamw", weight_decay=0.1).weights["last"]
    layout = network.layout((7,), 2)
    first = layout.state(torch.from_numpy(layout.initial_row(5, 1)).float()[None])
    for name, values in trained.items():
        same = np.array_equal(values[1], first[name][0].numpy())
        assert same is name.startswith("head."), name
    assert layout.count == 7 * 6 + 6 + 6 * 6 + 6


def test_lazy_layers_are_drawn_from_the_seed():
    network = hostile("Lazy")
    module, again, other = (network.build((7,), 2, seed) for seed in (3, 3, 4))
    assert module.training
    names = [name for name, _ in module.named_parameters()]
    assert module.body[1].weight.shape == (6, 7)
    assert all(same_bits(module.get_parameter(n), again.get_parameter(n)) for n in names)
    assert not same_bits(module.body[1].weight, other.body[1].weight)
    # What gave them their sizes was no training step.
    norm = next(layer for layer in module.modules() if isinstance(layer, nn.BatchNorm1d))
    assert int(norm.num_batches_tracked) == 0


def test_numbers_that_are_none_are_no_reason_to_refuse():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not train(hostile("NoNumbers"), range(2)).stopped["last"].finite.any()


def test_the_same_bits():
    nan = torch.tensor([1.0, float("nan")])
    assert same_bits(nan, nan.clone())
    assert not same_bits(nan, torch.tensor([1.0, 2.0]))
    assert not same_bits(torch.tensor([1.0]), torch.tensor([1.0 + 2**-23]))
