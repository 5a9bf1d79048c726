"""What training gives: curves, weights and the loss of every test example."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.stopping import STOPPINGS, Stopped

STOPPING_WORDS = {"last": "after the last epoch", "validation": "at least validation loss"}


@dataclass(frozen=True)
class Runs:
    """R trained replicates of one point.

    replicates: (R,) numbers. curves: for each of train_loss, validation_loss, test_loss and, with
    classes, train_error, ..., an (R, E) float64 array, column e is after epoch e + 1. stopped: for
    each stopping, the epoch of each replicate. weights: for each stopping, tensors named as in a
    torch.nn.Sequential with R in front. test_losses: for each stopping, (R, n) losses of the test
    examples, in the order of the test split.
    """

    replicates: np.ndarray
    curves: dict[str, np.ndarray]
    stopped: dict[str, Stopped]
    weights: dict[str, dict[str, np.ndarray]]
    test_losses: dict[str, np.ndarray]

    def _map(self, change: Callable[[np.ndarray], np.ndarray]) -> "Runs":
        return Runs(
            change(self.replicates),
            {name: change(curve) for name, curve in self.curves.items()},
            {s: Stopped(change(e.epochs), change(e.finite)) for s, e in self.stopped.items()},
            {s: {k: change(w) for k, w in named.items()} for s, named in self.weights.items()},
            {s: change(losses) for s, losses in self.test_losses.items()},
        )

    def first(self, count: int) -> "Runs":
        """The first `count` replicates."""
        return self._map(lambda rows: rows[:count])

    def sorted(self) -> "Runs":
        """The same replicates in ascending order of their numbers."""
        order = np.argsort(self.replicates)
        return self._map(lambda rows: rows[order])


def join(parts: Sequence[Runs]) -> Runs:
    """The replicates of all groups, in ascending order."""

    def joined(dicts: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        return {name: np.concatenate([d[name] for d in dicts]) for name in dicts[0]}

    return Runs(
        np.concatenate([p.replicates for p in parts]),
        joined([p.curves for p in parts]),
        {
            s: Stopped(
                np.concatenate([p.stopped[s].epochs for p in parts]),
                np.concatenate([p.stopped[s].finite for p in parts]),
            )
            for s in STOPPINGS
        },
        {s: joined([p.weights[s] for p in parts]) for s in STOPPINGS},
        joined([p.test_losses for p in parts]),
    ).sorted()
