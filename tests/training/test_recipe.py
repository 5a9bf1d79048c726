"""What a setting of the recipe is called."""

import pytest

from tests.training.conftest import make_recipe

OWN = {"class_path": "networks.py:Good", "init_args": {"learning_rate": 3.0, "heads": 2}}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("batch_size", "batch_size"),
        ("learning_rate", "optimizer.learning_rate"),
        ("optimizer.learning_rate", "optimizer.learning_rate"),
        ("network.init_args.learning_rate", "network.init_args.learning_rate"),
        ("heads", "network.init_args.heads"),
        ("rate", None),
        ("name", None),
    ],
)
def test_a_name_means_a_setting_before_an_argument_of_ones_own(name, key):
    assert make_recipe(network=OWN).key(name) == key


def test_both_of_one_name_can_be_changed():
    recipe = make_recipe(network=OWN)
    changed = recipe.with_values({"learning_rate": 0.5, "network.init_args.learning_rate": 4.0})
    assert changed.optimizer.learning_rate == 0.5
    assert changed.network.init_args["learning_rate"] == 4.0
