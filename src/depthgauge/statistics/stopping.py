"""When a replicate stops, and whether it diverged: one rule, decided once in training.

Training decides on exact losses and records the epoch; everybody else reads what was recorded
(`artifacts.runs.read_stopped`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

STOPPINGS = ("last", "validation")


@dataclass(frozen=True)
class Stopped:
    """Where R replicates stop.

    epochs: (R,) column of the epoch in a curve, 0 for the first. finite: (R,) False for a replicate
    that diverged, whatever its stopping.
    """

    epochs: IntArray
    finite: BoolArray

    def at(self, curve: npt.NDArray[np.floating]) -> FloatArray:
        """(R,) the curve (R, E) of each replicate at its own epoch."""
        values = np.take_along_axis(curve, self.epochs[:, None], 1)[:, 0]
        return values.astype(np.float64)

    def mask(self, curve: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """The curve (R, E), NaN for replicates that diverged."""
        return np.where(self.finite[:, None], curve, np.nan)


class BestEpoch:
    """The epoch of least validation loss so far, told one epoch at a time.

    The first of equals; the last epoch where no validation loss is finite.
    """

    def __init__(self, replicates: int) -> None:
        self._least = np.full(replicates, np.inf)
        # (R,) column of the best epoch.
        self.epochs: IntArray = np.zeros(replicates, dtype=np.int64)

    def update(self, epoch: int, losses: FloatArray) -> BoolArray:
        """(R,) whether the epoch is the best so far by its validation losses (R,)."""
        # Where nothing was finite yet, the latest epoch stands in.
        improved = np.asarray((losses < self._least) | (self._least == np.inf))
        self._least = np.where(losses < self._least, losses, self._least)
        self.epochs = np.where(improved, epoch, self.epochs)
        return improved


def finite_replicates(losses: Iterable[npt.NDArray[np.floating]]) -> BoolArray:
    """(R,) False for a replicate with a loss that is not finite, in any (R, E) curve, any epoch."""
    return np.asarray(np.isfinite(np.stack(list(losses))).all((0, 2)))


def best_epochs(validation: npt.NDArray[np.floating]) -> IntArray:
    """(R,) column of the best epoch of whole validation curves (R, E)."""
    best = BestEpoch(validation.shape[0])
    for epoch, losses in enumerate(validation.T):
        best.update(epoch, losses)
    return best.epochs


def stopped(curves: dict[str, npt.NDArray[np.floating]]) -> dict[str, Stopped]:
    """What training records of its curves, by stopping: `last` and `validation`."""
    finite = finite_replicates(c for name, c in curves.items() if name.endswith("_loss"))
    validation = curves["validation_loss"]
    last = np.full(validation.shape[0], validation.shape[1] - 1, dtype=np.int64)
    return {"last": Stopped(last, finite), "validation": Stopped(best_epochs(validation), finite)}
