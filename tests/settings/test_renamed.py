import pytest

from tests.settings.contents import good, message_of, set_


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("recipe.depth", 1, "recipe.depth: is now recipe.network.depth"),
        ("recipe.width", 4, "recipe.width: is now recipe.network.width"),
        ("recipe.activation", "relu", "recipe.activation: is now recipe.network.activation"),
        (
            "recipe.initialisation",
            "default",
            "recipe.initialisation: is now recipe.network.initialisation",
        ),
        (
            "recipe.learning_rate",
            0.1,
            "recipe.learning_rate: is now recipe.optimizer.learning_rate",
        ),
        (
            "recipe.momentum",
            0.9,
            "recipe.momentum: is now recipe.optimizer.momentum, of the optimizer sgd",
        ),
        ("recipe.weight_decay", 0, "recipe.weight_decay: is now recipe.optimizer.weight_decay"),
        ("training.epochs", 60, "training.epochs: is now recipe.epochs"),
        ("search.points", [], "search.points: is gone: all points are searched where recipes has"),
        ("recipe.optimizer", "adam", "recipe.optimizer: adam is a section now: "),
        ("recipe.optimizer.name", "gradient_descent", "recipe.optimizer.name: gradient_descent is"),
        ("recipe.optimizer.name", "momentum", "recipe.optimizer.name: momentum is now sgd, with"),
        (
            "recipe.network.activation",
            "hard_sigmoid",
            "recipe.network.activation: hard_sigmoid is now hardsigmoid",
        ),
        (
            "recipe.network.initialisation",
            "default",
            "recipe.network.initialisation: default is now kaiming_uniform",
        ),
        (
            "recipe.network.initialisation",
            "kaiming",
            "recipe.network.initialisation: kaiming is now kaiming_normal",
        ),
    ],
)
def test_what_was_renamed_is_told_its_name(key, value, message):
    assert message_of(set_(good("images"), key, value)).startswith(message)
