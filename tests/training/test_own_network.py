"""Networks of one's own: against a plain loop, whoever shares the group, and what is refused."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from depthgauge.errors import InputError
from depthgauge.seeds import Purpose, generator
from depthgauge.training.engine import Job, train_group
from depthgauge.training.networks.own import Own, torch_random
from depthgauge.training.own_check import program_of, require_own, why_not_at_once
from depthgauge.training.runs import STOPPINGS, join
from tests.own_networks import write_networks
from tests.training.conftest import INPUTS, make_dataset, make_recipe
from tests.training.plain import LOSSES, plain_optimizer, scaled_splits

CPU, SEED, SHAPE = torch.device("cpu"), 5, (INPUTS,)
USABLE = ("Good", "Gru", "Asks", "Places")


@pytest.fixture
def own(tmp_path):
    write_networks(tmp_path)

    def make(name, **values):
        network = Own(class_path=f"networks.py:{name}", **({"depth": 2, "width": 8} | values))
        network.locate(tmp_path)
        return network

    return make


def recipe_of(network, **values):
    return make_recipe(network=network.model_dump(), loss="mse", **values)


def train(network, group, dataset, **values):
    job = Job(dataset, recipe_of(network, **values), SEED, CPU)
    return train_group(job, group, lambda *_: None)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Good", None),
        ("Gru", "layer gru (GRU) cannot be batched: raises RuntimeError: Batching rule not"),
        ("Asks", "layer layers.0 (Linear) cannot be batched: raises RuntimeError: vmap: It looks"),
        ("Places", "layer embedding (Embedding) cannot be batched: raises RuntimeError: vmap: cal"),
    ],
)
def test_why_not_all_at_once(own, name, why):
    found = why_not_at_once(own(name), SHAPE, 2)
    assert found is None if why is None else found.startswith(why)


@pytest.mark.parametrize("name", USABLE)
def test_bytes_do_not_depend_on_the_group(own, name):
    dataset, network = make_dataset("regression", 6), own(name)
    together = train(network, range(6), dataset, epochs=2)
    apart = join([train(network, g, dataset, epochs=2) for g in ([5], [0, 1], [2, 3, 4])])
    for stopping in STOPPINGS:
        assert np.isfinite(together.test_losses[stopping]).all()
        np.testing.assert_array_equal(together.test_losses[stopping], apart.test_losses[stopping])
        for tensor, values in together.weights[stopping].items():
            np.testing.assert_array_equal(values, apart.weights[stopping][tensor])
    assert not np.array_equal(together.test_losses["last"][0], together.test_losses["last"][1])


def test_torchs_random_numbers_are_one_threads_at_a_time(own):
    """One stream for all threads: while one draws from it, none builds and none drops."""
    network = own("Places")
    program, layout = program_of(network, SHAPE, 2), network.layout(SHAPE, 2)
    flat = torch.from_numpy(layout.initial_row(0, 0)).float()[None]
    drawn = torch.rand(1, 2)
    with torch.no_grad():
        draws = (
            lambda: network.build(SHAPE, 2),
            lambda: program.forward(layout.views(flat), torch.ones(1, 3, *SHAPE), lambda _: drawn),
        )
        for draw in draws:
            with ThreadPoolExecutor(1) as pool:
                with torch_random():
                    other = pool.submit(draw)
                    with pytest.raises(TimeoutError):
                        other.result(timeout=0.2)
                other.result(timeout=30)


@pytest.mark.parametrize(
    ("name", "init_args"), [("Good", {"slope": 0.2}), ("Gru", {}), ("Asks", {})]
)
def test_a_replicate_is_a_plain_training_of_the_module(own, monkeypatch, name, init_args):
    """Without dropout, whose masks are the program's own."""
    network, dataset = own(name, init_args=init_args), make_dataset("regression", 2)
    recipe = recipe_of(network, epochs=3)
    job = Job(dataset, recipe, SEED, CPU, torch.float64)
    module = _without_dropout(network.build(SHAPE, 2).double())
    built = Own.build
    monkeypatch.setattr(Own, "build", lambda *asked: _without_dropout(built(*asked)))
    trained = train_group(job, range(2), lambda *_: None)
    state = job.layout.state(torch.from_numpy(job.layout.initial_row(SEED, 1))[None])
    kinds = {n: b.dtype for n, b in module.named_buffers()}
    module.load_state_dict({n: t[0].to(kinds.get(n, t.dtype)) for n, t in state.items()})
    optimizer, loss = plain_optimizer(recipe, module), LOSSES["mse"]()
    splits = scaled_splits(dataset, 1, torch.float64)
    order = generator(SEED, Purpose.BATCH_ORDER, 1)
    for epoch in range(3):
        module.train()
        x, y = splits["train"]
        for rows in torch.from_numpy(order.permutation(len(x))).split(recipe.batch_size):
            optimizer.zero_grad()
            loss(module(x[rows]), y[rows]).backward()
            optimizer.step()
        module.eval()
        with torch.no_grad():
            for split, (x, y) in splits.items():
                measured = trained.curves[f"{split}_loss"][1, epoch]
                assert float(loss(module(x), y)) == pytest.approx(measured, rel=1e-6)


def _without_dropout(module):
    for layer in module.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = 0.0
    return module


def test_buffers_of_each_replicate_go_on_and_are_kept(own):
    trained = train(own("Places"), range(2), make_dataset("regression", 2), epochs=2)
    assert trained.weights["last"]["steps"].tolist() == [10.0, 10.0]
    np.testing.assert_array_equal(trained.weights["last"]["places"][0], np.arange(INPUTS))
    good = train(own("Good"), range(2), make_dataset("regression", 2), epochs=2).weights["last"]
    means = good["body.2.running_mean"]
    assert not np.array_equal(means[0], means[1])
    assert good["body.2.num_batches_tracked"].tolist() == [10.0, 10.0]


def test_a_mask_drops_its_share(own):
    network = own("Good")
    program = program_of(network, SHAPE, 2)
    layout = network.layout(SHAPE, 2)
    flat = torch.from_numpy(np.stack([layout.initial_row(0, r) for r in range(2)])).float()
    x, drawn = torch.randn(2, 40, *SHAPE), torch.rand(2, 2)
    with torch.no_grad():
        one, again, other = (
            program.forward(layout.views(flat.clone()), x, lambda _, keys=keys: keys)
            for keys in (drawn, drawn, torch.rand(2, 2))
        )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Narrow", "networks.py:Narrow: gives (5,) for 5 examples of shape (7,); (batch, outputs)"),
        ("Wrong", "networks.py:Wrong: raises RuntimeError: mat1 and mat2 shapes cannot be"),
        (
            "Unbuilt",
            "networks.py:Unbuilt: cannot be built with depth 2 and width 8: RuntimeError: no",
        ),
        ("Tied", "networks.py:Tied: again.weight and first.weight are one tensor; shared"),
        ("Elsewhere", "networks.py:Elsewhere: "),
        ("Empty", "networks.py:Empty: has no parameters to train"),
        ("Ignores", "networks.py:Ignores: ignores depth: 2 and 3 make the same network"),
        ("Absent", "networks.py: has no class Absent; there is Good, Gru, Asks"),
        ("Number", "networks.py: has no class Number"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(own, name, said):
    asked = [(f"depth {d}", own(name, depth=d), SHAPE, 2) for d in (2, 3)]
    with pytest.raises(InputError) as caught:
        list(require_own(asked, "depth"))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_can_be_used_is_described(own):
    asked = [(f"depth {d}", own("Good", depth=d), SHAPE, 2) for d in (0, 1, 4)]
    assert list(require_own(asked, "depth")) == [
        "networks.py:Good: depth 0: 16 parameters, (7,) to 2; all replicates at once",
        "networks.py:Good: depth 1: 98 parameters, (7,) to 2; all replicates at once",
        "networks.py:Good: depth 4: 362 parameters, (7,) to 2; all replicates at once",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_there", "cannot be imported: ModuleNotFoundError: No module named"),
        ("def (", "line 1: is no Python: invalid syntax"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_files_that_are_no_networks(own, tmp_path, text, said):
    network = own("Good")
    (tmp_path / "networks.py").unlink()
    if text is not None:
        (tmp_path / "networks.py").write_text(text)
    with pytest.raises(InputError, match=rf"networks\.py: .*{said}"):
        network.build(SHAPE, 2)
