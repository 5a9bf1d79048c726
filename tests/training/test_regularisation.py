"""Every regulariser against a plain loop with torch's own, and the promise about bytes."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from depthgauge.training.engine import Job, train_group
from depthgauge.training.runs import STOPPINGS, join
from tests.training.conftest import RECIPE, make_dataset, make_recipe
from tests.training.plain import train_plain
from tests.training.test_engine import SEED, initial_state

CPU = torch.device("cpu")
EACH = {
    "label smoothing": {"label_smoothing": 0.2},
    "mixup": {"mixup": 0.4},
    "input noise": {"input_noise": 0.3},
    "gradient clipping": {"gradient_clipping": 0.05},
    "all": {"label_smoothing": 0.1, "mixup": 1.0, "input_noise": 0.1, "gradient_clipping": 0.5},
}


@pytest.mark.parametrize("values", EACH.values(), ids=EACH)
def test_training_follows_a_plain_loop(values):
    recipe, dataset = make_recipe(epochs=20, **values), make_dataset("classification", 3)
    trained = train_group(Job(dataset, recipe, SEED, CPU, torch.float64), range(3), lambda *_: None)
    without = train_group(
        Job(dataset, make_recipe(epochs=20), SEED, CPU, torch.float64), range(3), lambda *_: None
    )
    for r in (0, 2):
        plain = train_plain(
            dataset, recipe, r, SEED, initial_state(dataset, recipe, r), torch.float64
        )
        for name, curve in plain.items():
            np.testing.assert_allclose(trained.curves[name][r], curve, rtol=1e-7)
    assert not np.allclose(trained.curves["train_loss"], without.curves["train_loss"], rtol=1e-3)


@pytest.mark.parametrize("name", ["mixup", "input noise", "gradient clipping"])
def test_numbers_too(name):
    recipe = make_recipe(loss="mse", epochs=10, **EACH[name])
    dataset = make_dataset("regression", 2)
    trained = train_group(Job(dataset, recipe, SEED, CPU, torch.float64), range(2), lambda *_: None)
    plain = train_plain(dataset, recipe, 1, SEED, initial_state(dataset, recipe, 1), torch.float64)
    np.testing.assert_allclose(trained.curves["test_loss"][1], plain["test_loss"], rtol=1e-7)


def test_bytes_do_not_depend_on_the_group():
    recipe, dataset = make_recipe(epochs=3, **EACH["all"]), make_dataset("classification", 7)

    def run(group):
        return train_group(Job(dataset, recipe, SEED, CPU), group, lambda *_: None)

    together, apart = run(range(7)), join([run(g) for g in ([6], [0, 1], [2, 3, 4, 5])])
    for stopping in STOPPINGS:
        for name, weight in together.weights[stopping].items():
            np.testing.assert_array_equal(weight, apart.weights[stopping][name])


def test_labels_of_numbers_cannot_be_smoothed():
    with pytest.raises(ValidationError, match=r"label_smoothing: 0\.2 is for classes"):
        make_recipe(loss="mse", label_smoothing=0.2)
    assert RECIPE["regularisation"]["label_smoothing"] == 0.0
