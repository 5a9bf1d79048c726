"""Keys and values that params.yaml once had: each is told what it is called now."""

from collections.abc import Mapping
from typing import Any

from depthgauge.errors import InputError

KEYS = {
    "recipe.depth": "is now recipe.network.depth",
    "recipe.width": "is now recipe.network.width",
    "recipe.activation": "is now recipe.network.activation",
    "recipe.initialisation": "is now recipe.network.initialisation",
    "recipe.learning_rate": "is now recipe.optimizer.learning_rate",
    "recipe.momentum": "is now recipe.optimizer.momentum, of the optimizer sgd",
    "recipe.weight_decay": "is now recipe.optimizer.weight_decay",
    "training.epochs": "is now recipe.epochs",
    "threshold.looks": "is gone: replicates itself may be a plan, as in [20, 40, 80]; take it out",
    "search.points": "is gone: all points are searched where recipes has `tuned`; take it out",
}
SECTION = "is a section now: put {name: sgd, ...} or {name: adam, ...} there"
VALUES = {
    ("recipe.optimizer", "gradient_descent"): SECTION,
    ("recipe.optimizer", "momentum"): SECTION,
    ("recipe.optimizer", "adam"): SECTION,
    ("recipe.optimizer", "adamw"): SECTION,
    ("recipe.optimizer.name", "gradient_descent"): "is now sgd",
    ("recipe.optimizer.name", "momentum"): "is now sgd, with recipe.optimizer.momentum",
    ("recipe.network.activation", "hard_sigmoid"): "is now hardsigmoid",
    ("recipe.network.initialisation", "default"): "is now kaiming_uniform",
    ("recipe.network.initialisation", "kaiming"): "is now kaiming_normal",
}


def check_renamed(content: Mapping[str, Any]) -> None:
    """Raises InputError for the first key or value of an earlier version."""
    for key, now in KEYS.items():
        if _find(content, key) is not None:
            raise InputError(f"{key}: {now}")
    for (key, value), now in VALUES.items():
        if _find(content, key) == value:
            raise InputError(f"{key}: {value} {now}")


def _find(content: Any, key: str) -> Any:
    for part in key.split("."):
        if not isinstance(content, Mapping):
            return None
        content = content.get(part)
    return content
