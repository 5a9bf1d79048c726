"""What training gives: curves, weights and the loss of every test example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array, with R in front, by its place: "curves/train_loss", "epochs/last"."""
        arrays = {"replicates": self.replicates}
        arrays |= {f"curves/{name}": curve for name, curve in self.curves.items()}
        for stopping in STOPPINGS:
            arrays[f"epochs/{stopping}"] = self.stopped[stopping].epochs
            arrays[f"finite/{stopping}"] = self.stopped[stopping].finite
            arrays[f"test_losses/{stopping}"] = self.test_losses[stopping]
            named = self.weights[stopping].items()
            arrays |= {f"weights/{stopping}/{name}": weight for name, weight in named}
        return arrays

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Runs":
        """What `arrays` gave. Raises KeyError where one lacks."""

        def under(prefix: str) -> dict[str, np.ndarray]:
            return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

        return cls(
            arrays["replicates"],
            under("curves/"),
            {s: Stopped(arrays[f"epochs/{s}"], arrays[f"finite/{s}"]) for s in STOPPINGS},
            {stopping: under(f"weights/{stopping}/") for stopping in STOPPINGS},
            {stopping: arrays[f"test_losses/{stopping}"] for stopping in STOPPINGS},
        )

    def without_weights(self) -> "Runs":
        """All but the weights, which fit together where networks are of one shape alone."""
        return replace(self, weights={stopping: {} for stopping in STOPPINGS})

    def take(self, places: np.ndarray | slice) -> "Runs":
        """Some of the replicates, by their places."""
        return Runs.of_arrays({name: array[places] for name, array in self.arrays().items()})


def join(parts: Sequence[Runs]) -> Runs:
    """The replicates of all groups, in ascending order."""
    all_arrays = [part.arrays() for part in parts]
    names = all_arrays[0]
    both = Runs.of_arrays({n: np.concatenate([a[n] for a in all_arrays]) for n in names})
    return both.take(np.argsort(both.replicates))
