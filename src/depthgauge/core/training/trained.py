"""What training gives: curves, weights and the loss of every test example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

STOPPINGS = ("last", "validation")
STOPPING_WORDS = {"last": "after the last epoch", "validation": "at least validation loss"}


@dataclass(frozen=True)
class Trained:
    """R trained replicates of one point.

    replicates: (R,) numbers. curves: for each of train_loss, validation_loss, test_loss and, with
    classes, train_error, ..., an (R, E) float64 array, column e is after epoch e + 1. weights: for
    each stopping, tensors named as in a torch.nn.Sequential with R in front. test_losses: for each
    stopping, (R, n) losses of the test examples, in the order of the test split.
    """

    replicates: np.ndarray
    curves: dict[str, np.ndarray]
    weights: dict[str, dict[str, np.ndarray]]
    test_losses: dict[str, np.ndarray]

    def _map(self, change: Callable[[np.ndarray], np.ndarray]) -> "Trained":
        return Trained(
            change(self.replicates),
            {name: change(curve) for name, curve in self.curves.items()},
            {s: {k: change(w) for k, w in named.items()} for s, named in self.weights.items()},
            {s: change(losses) for s, losses in self.test_losses.items()},
        )

    def first(self, count: int) -> "Trained":
        """The first `count` replicates."""
        return self._map(lambda rows: rows[:count])

    def sorted(self) -> "Trained":
        """The same replicates in ascending order of their numbers."""
        order = np.argsort(self.replicates)
        return self._map(lambda rows: rows[order])


def join(parts: Sequence[Trained]) -> Trained:
    """The replicates of all groups, in ascending order."""
    return Trained(
        np.concatenate([p.replicates for p in parts]),
        {k: np.concatenate([p.curves[k] for p in parts]) for k in parts[0].curves},
        {
            s: {k: np.concatenate([p.weights[s][k] for p in parts]) for k in parts[0].weights[s]}
            for s in STOPPINGS
        },
        {s: np.concatenate([p.test_losses[s] for p in parts]) for s in STOPPINGS},
    ).sorted()
