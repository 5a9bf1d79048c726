"""The engine against a plain loop, and the promises about bytes."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from depthgauge.training.engine import Job, train_for_losses, train_group
from depthgauge.training.networks.activations import ACTIVATIONS
from depthgauge.training.runs import STOPPINGS, join
from tests.training.conftest import INPUTS, make_dataset, make_recipe
from tests.training.plain import plain_network, scaled_splits, train_plain

CPU = torch.device("cpu")
SEED = 5
OPTIMIZERS = {
    "sgd": {"optimizer": "sgd"},
    "momentum": {"optimizer": "sgd", "momentum": 0.9},
    "adam": {"optimizer": "adam"},
    "adamw": {"optimizer": "adamw"},
}


def run(dataset, recipe, replicates, seed=SEED, dtype=torch.float32, on_epoch=lambda e, c: None):
    return train_group(Job(dataset, recipe, seed, CPU, dtype), replicates, on_epoch)


def initial_state(dataset, recipe, replicate):
    layout = recipe.network.layout((INPUTS,), dataset.outputs)
    row = torch.from_numpy(layout.initial_row(SEED, replicate))
    return {name: tensor[0].numpy() for name, tensor in layout.state(row[None]).items()}


def assert_same(a, b):
    for name in a.curves:
        np.testing.assert_array_equal(a.curves[name], b.curves[name])
    for stopping in STOPPINGS:
        np.testing.assert_array_equal(a.test_losses[stopping], b.test_losses[stopping])
        for name in a.weights[stopping]:
            np.testing.assert_array_equal(a.weights[stopping][name], b.weights[stopping][name])


@pytest.mark.parametrize(
    ("depth", "optimizer", "loss"),
    [
        *((2, optimizer, "mse") for optimizer in ("sgd", "momentum", "adamw")),
        *((depth, "adam", "cross_entropy") for depth in (0, 1, 2, 5)),
        (1, "adam", "mae"),
        (1, "adam", "mse"),
        (1, "adam", "huber"),
    ],
)
def test_float64_follows_a_plain_loop_for_hundreds_of_steps(depth, optimizer, loss):
    recipe = make_recipe(
        depth=depth, loss=loss, epochs=60, **OPTIMIZERS[optimizer], weight_decay=0.01
    )
    task = "classification" if loss == "cross_entropy" else "regression"
    dataset = make_dataset(task, 3)
    trained = run(dataset, recipe, range(3), dtype=torch.float64)
    plain = train_plain(dataset, recipe, 2, SEED, initial_state(dataset, recipe, 2), torch.float64)
    for name, curve in plain.items():
        # 300 steps. The sign in MAE's gradient and ReLU's kink turn a last bit into a jump when a
        # value crosses zero, which is rare but does happen.
        tolerance = 1e-4 if loss == "mae" else 1e-8
        np.testing.assert_allclose(trained.curves[name][2], curve, rtol=tolerance)


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_a_schedule_is_that_of_torch(optimizer):
    recipe = make_recipe(**OPTIMIZERS[optimizer], schedule="cosine", loss="mse", epochs=20)
    dataset = make_dataset("regression", 2)
    trained = run(dataset, recipe, range(2), dtype=torch.float64)
    plain = train_plain(dataset, recipe, 1, SEED, initial_state(dataset, recipe, 1), torch.float64)
    np.testing.assert_allclose(trained.curves["test_loss"][1], plain["test_loss"], rtol=1e-9)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("initialisation", ["kaiming_uniform", "kaiming_normal"])
def test_float32_follows_a_plain_loop_over_the_first_steps(activation, initialisation):
    recipe = make_recipe(activation=activation, initialisation=initialisation, epochs=2)
    dataset = make_dataset("classification", 2)
    trained = run(dataset, recipe, range(2))
    for r in range(2):
        plain = train_plain(
            dataset, recipe, r, SEED, initial_state(dataset, recipe, r), torch.float32
        )
        for name, curve in plain.items():
            np.testing.assert_allclose(trained.curves[name][r], curve, rtol=2e-6)


@pytest.mark.parametrize("resampled", [True, False])
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("width", [1, 64, 100])
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_bytes_do_not_depend_on_the_group(resampled, depth, width, outputs):
    task = "classification" if outputs == 3 else "regression"
    loss = "cross_entropy" if outputs == 3 else "mae"
    recipe = make_recipe(depth=depth, width=width, loss=loss, epochs=3)
    dataset = make_dataset(task, 13, resampled)
    together = run(dataset, recipe, range(13))
    apart = join([run(dataset, recipe, g) for g in ([12], [0, 1], [2, 3, 4, 5], range(6, 12))])
    assert_same(together, apart)


@pytest.mark.parametrize("depth", [0, 2])
def test_bytes_do_not_depend_on_threads(depth, same_threads_after):
    recipe = make_recipe(depth=depth, width=100, batch_size=64)
    dataset = make_dataset("classification", 9)
    results = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        results.append(run(dataset, recipe, range(9)))
        assert torch.get_num_threads() == threads
    assert_same(*results)


def test_another_process_gives_the_same_bytes():
    recipe = make_recipe()
    program = (
        "import hashlib, torch\n"
        "from tests.training.conftest import make_dataset\n"
        "from tests.training.test_engine import digest, run\n"
        "from tests.training.conftest import make_recipe\n"
        "print(digest(run(make_dataset('classification', 4), make_recipe(), range(4))))\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == digest(run(make_dataset("classification", 4), recipe, range(4)))


def digest(trained) -> str:
    import hashlib

    total = hashlib.sha256()
    for name in sorted(trained.curves):
        total.update(trained.curves[name].tobytes())
    for stopping in STOPPINGS:
        total.update(trained.test_losses[stopping].tobytes())
        for name in sorted(trained.weights[stopping]):
            total.update(trained.weights[stopping][name].tobytes())
    return total.hexdigest()


def test_another_seed_gives_other_results():
    recipe = make_recipe()
    dataset = make_dataset("classification", 2)
    first, second = run(dataset, recipe, range(2)), run(dataset, recipe, range(2), seed=6)
    assert not np.array_equal(first.curves["train_loss"], second.curves["train_loss"])


def test_a_diverged_replicate_never_spoils_its_neighbours():
    """One replicate's training data hold an infinity; the others never notice."""
    recipe = make_recipe(loss="mse", optimizer="sgd", momentum=0.9)
    healthy = make_dataset("regression", 6)
    inputs = healthy.inputs.copy()
    only_in_2 = set(healthy.splits.train[2]).difference(
        *(healthy.splits.train[r] for r in range(6) if r != 2)
    )
    inputs[list(only_in_2)] = np.inf
    spoilt = replace(healthy, inputs=inputs)
    a, b = run(healthy, recipe, range(6)), run(spoilt, recipe, range(6))
    others = [0, 1, 3, 4, 5]
    assert only_in_2
    assert not np.isfinite(b.curves["train_loss"][2]).any()
    np.testing.assert_array_equal(a.curves["train_loss"][others], b.curves["train_loss"][others])
    for name, weights in a.weights["last"].items():
        np.testing.assert_array_equal(weights[others], b.weights["last"][name][others])


def test_a_rate_that_is_too_high_diverges_and_is_kept_as_it_is():
    recipe = make_recipe(loss="mse", optimizer="sgd", learning_rate=1e6, epochs=9)
    trained = run(make_dataset("regression", 2), recipe, range(2))
    assert not np.isfinite(trained.curves["train_loss"][:, -1]).any()


@pytest.mark.parametrize("loss", ["cross_entropy", "mae"])
def test_both_stoppings_come_from_one_training(loss):
    """Weights of each stopping, in a plain network, give that epoch's losses again."""
    recipe = make_recipe(loss=loss, epochs=40, learning_rate=0.02)
    dataset = make_dataset("classification" if loss == "cross_entropy" else "regression", 5)
    trained = run(dataset, recipe, range(5), dtype=torch.float64)
    best = trained.curves["validation_loss"].argmin(1)
    assert (best < 39).any()
    for stopping, epochs in (("last", [39] * 5), ("validation", best)):
        for r in range(5):
            network = plain_network(recipe, INPUTS, dataset.outputs).double()
            network.load_state_dict(
                {k: torch.from_numpy(w[r]) for k, w in trained.weights[stopping].items()}
            )
            x, y = scaled_splits(dataset, r, torch.float64)["test"]
            function = {"cross_entropy": torch.nn.CrossEntropyLoss, "mae": torch.nn.L1Loss}[loss]
            loss_again = function()(network(x), y).item()
            assert loss_again == pytest.approx(trained.curves["test_loss"][r, epochs[r]], rel=1e-9)
            assert trained.test_losses[stopping][r].mean() == pytest.approx(loss_again, rel=1e-9)


def test_error_rates_are_the_share_of_wrong_classes():
    recipe = make_recipe()
    dataset = make_dataset("classification", 2)
    trained = run(dataset, recipe, range(2), dtype=torch.float64)
    network = plain_network(recipe, INPUTS, 3).double()
    network.load_state_dict({k: torch.from_numpy(w[1]) for k, w in trained.weights["last"].items()})
    for name, (x, y) in scaled_splits(dataset, 1, torch.float64).items():
        wrong = float((network(x).argmax(1) != y).double().mean())
        assert trained.curves[f"{name}_error"][1, -1] == pytest.approx(wrong)


@pytest.mark.parametrize("replicates", [1, 4])
@pytest.mark.parametrize("split", ["train", "validation"])
def test_one_split_alone_has_the_same_losses(split, replicates):
    recipe = make_recipe()
    dataset, told = make_dataset("classification", replicates), []
    train_for_losses(
        Job(dataset, recipe, SEED, CPU),
        range(replicates),
        split,
        lambda epoch, losses: told.append((epoch, losses.copy())),
    )
    whole = run(dataset, recipe, range(replicates)).curves[f"{split}_loss"]
    assert [epoch for epoch, _ in told] == list(range(1, recipe.epochs + 1))
    for epoch, losses in told:
        np.testing.assert_array_equal(losses, whole[:, :epoch])


def test_progress_is_told_after_every_epoch():
    recipe = make_recipe()
    told = []
    run(
        make_dataset("classification", 2),
        recipe,
        range(2),
        on_epoch=lambda epoch, curves: told.append((epoch, curves["test_loss"].shape)),
    )
    assert told == [(e, (2, e)) for e in range(1, recipe.epochs + 1)]


@pytest.mark.parametrize("columns", [5, 9, 17, 33])
@pytest.mark.parametrize("rows", [1, 2, 3, 5, 9, 17])
def test_products_do_not_depend_on_where_in_a_group_they_lie(rows, columns):
    """What the matrix library is asked for in training/threads.py."""
    rng = torch.Generator().manual_seed(0)
    for common in (48, 100, 128):
        left = torch.randn(8, rows, common, generator=rng)
        right = torch.randn(8, common, columns, generator=rng)
        whole = torch.bmm(left, right)
        for part in (slice(0, 2), slice(3, 7)):
            assert torch.equal(whole[part], torch.bmm(left[part], right[part]))
