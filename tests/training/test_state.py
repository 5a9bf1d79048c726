"""A training that goes on from where it stood gives the bits of one that was never interrupted."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.seeds import Purpose, generator
from depthgauge.training.engine import Job, train_group
from depthgauge.training.networks.own import Own
from depthgauge.training.state import State, set_words, words_of
from tests.own_networks import write_networks
from tests.training.conftest import make_dataset, make_recipe

CPU = torch.device("cpu")
MLP = {"family": "mlp", "depth": 2, "width": 11, "activation": "relu"}
MLP |= {"initialisation": "kaiming_uniform"}
NOISY = {"input_noise": 0.1, "mixup": 0.4, "label_smoothing": 0.1, "gradient_clipping": 0.5}
RECIPES = {
    "plain": {},
    "momentum": {"optimizer": "sgd", "momentum": 0.9, "learning_rate": 0.05},
    "no memory": {"optimizer": "sgd", "learning_rate": 0.05},
    "adamw, cosine": {"optimizer": "adamw", "schedule": "cosine", "weight_decay": 0.01},
    "every draw": {"network": MLP | {"dropout": 0.3, "normalisation": "batch"}, **NOISY},
    "diverges": {"optimizer": "sgd", "learning_rate": 1e30},
}
OWN = ("Good", "Gru", "Places", "Asks")


def job_of(name, folder):
    epochs = {"epochs": 5}
    if name in RECIPES:
        return Job(
            make_dataset("classification", 4), make_recipe(**RECIPES[name], **epochs), 5, CPU
        )
    write_networks(folder)
    network = Own(class_path=f"networks.py:{name}", depth=1, width=4)
    network.locate(folder)
    recipe = make_recipe(network=network.model_dump(), loss="mse", **epochs)
    return Job(make_dataset("regression", 4), recipe, 5, CPU)


def through_a_file(state):
    """What a checkpoint makes of it: copies, by their names alone."""
    buffer = io.BytesIO()
    np.savez(buffer, **state.arrays())
    with np.load(io.BytesIO(buffer.getvalue())) as file:
        return State.of_arrays({name: file[name] for name in file.files})


@pytest.mark.parametrize("replicates", [[0, 1, 3], [2]], ids=["a group", "one replicate"])
@pytest.mark.parametrize("name", [*RECIPES, *OWN])
def test_goes_on_to_the_same_bits(name, replicates, tmp_path):
    job, states, told = job_of(name, tmp_path), [], []

    def keep(state):
        states.append(through_a_file(state()))

    whole = train_group(job, replicates, lambda *_: None, keep=keep).arrays()
    # Not after the last epoch: there is nothing left to go on with.
    assert [state.epoch for state in states] == [1, 2, 3, 4]
    for begun in states:
        assert begun.replicates.tolist() == replicates
        told.clear()
        resumed = train_group(job, replicates, lambda epoch, _: told.append(epoch), begun).arrays()
        assert told == list(range(begun.epoch + 1, 6))
        assert resumed.keys() == whole.keys()
        for place, array in whole.items():
            np.testing.assert_array_equal(resumed[place], array, strict=True, err_msg=place)


@given(st.lists(st.sampled_from(["doubles", "halves", "permutation", "beta"]), max_size=9))
def test_a_stream_goes_on_where_it_stood(draws):
    def draw(stream, kind):
        if kind == "halves":
            return stream.random(3, dtype=np.float32).tolist()
        if kind == "permutation":
            return stream.permutation(5).tolist()
        return stream.random(2).tolist() if kind == "doubles" else stream.beta(0.4, 0.4)

    one, other = generator(1, Purpose.DROPOUT, 2), generator(8, Purpose.SPLIT)
    for kind in draws:
        draw(one, kind)
    set_words(other, words_of(one))
    after = ["halves", "permutation", "doubles", "beta"]
    assert [draw(one, kind) for kind in after] == [draw(other, kind) for kind in after]


def test_a_state_must_be_whole(tmp_path):
    states = []
    train_group(
        job_of("plain", tmp_path), [0, 1], lambda *_: None, keep=lambda s: states.append(s())
    )
    arrays = states[0].arrays()
    for name in ("flat", "streams", "memory/0"):
        with pytest.raises((KeyError, ValueError)):
            State.of_arrays({n: a[:1] if n == name else a for n, a in arrays.items()})
    with pytest.raises(KeyError):
        State.of_arrays({n: a for n, a in arrays.items() if n != "best"})
