"""Losses over epochs, for one replicate and for all: what is shown of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Metrics = list[tuple[str, float, int]]
"""Name, value, step; the values are finite."""


@dataclass(frozen=True)
class Curves:
    """values: (R, E, C), for R replicates, E epochs and C columns such as train_loss."""

    replicates: tuple[int, ...]
    epochs: tuple[int, ...]
    columns: tuple[str, ...]
    values: Floats

    @property
    def diverged(self) -> npt.NDArray[np.bool_]:
        """(R,): whether any value of a replicate is not finite."""
        return np.asarray(~np.isfinite(self.values).all(axis=(1, 2)))

    @property
    def least_validation(self) -> npt.NDArray[np.int64]:
        """(R,): the position of the epoch of the least validation loss, the first if tied."""
        losses = self.values[:, :, self.columns.index("validation_loss")]
        return np.asarray(np.where(np.isnan(losses), np.inf, losses).argmin(axis=1))


def shown_epochs(count: int, points: int, also: int) -> list[int]:
    """At most `points` positions of 0..count-1, evenly spaced, with both ends and `also`.

    Where `also` is not among them it is added in place of its nearest inner neighbour, so that
    the number stays; with fewer than three points both ends and `also` are kept all the same.
    """
    positions = set(np.linspace(0, count - 1, min(max(points, 2), count)).round().astype(int))
    if also not in positions:
        inner = positions - {0, count - 1}
        if inner:
            positions.remove(min(inner, key=lambda position: (abs(position - also), position)))
        positions.add(also)
    return sorted(int(position) for position in positions)


def replicate_metrics(curves: Curves, index: int, points: int) -> Metrics:
    """The thinned loss curves of one replicate, and all its values at both stoppings.

    A store takes each number at a cost, so error rates are shown at both stoppings only; the last
    value of a curve is the value at the last epoch. Of a diverged replicate only the finite part
    of its curves is given, and the epoch at which it diverged.
    """
    values, best = curves.values[index], int(curves.least_validation[index])
    is_loss = [column.endswith("_loss") for column in curves.columns]
    metrics = [
        (column, float(values[position, place]), curves.epochs[position])
        for position in shown_epochs(len(curves.epochs), points, best)
        for place, column in enumerate(curves.columns)
        if is_loss[place] and np.isfinite(values[position, place])
    ]
    if curves.diverged[index]:
        return [*metrics, ("diverged_at_epoch", float(diverged_at(curves, index)), 0)]
    metrics += [
        (column, float(values[-1, place]), curves.epochs[-1])
        for place, column in enumerate(curves.columns)
        if not is_loss[place]
    ]
    metrics.append(("validation/epoch", float(curves.epochs[best]), 0))
    metrics += [
        (f"validation/{column}", float(values[best, place]), 0)
        for place, column in enumerate(curves.columns)
    ]
    return metrics


def diverged_at(curves: Curves, index: int) -> int:
    """The first epoch with a value of this replicate that is not finite."""
    finite = np.isfinite(curves.values[index]).all(axis=1)
    return curves.epochs[int(finite.argmin())]


def point_metrics(curves: Curves) -> Metrics:
    """Mean curves over the replicates that did not diverge, and the summary at both stoppings."""
    kept = curves.values[~curves.diverged]
    metrics: Metrics = [
        ("replicates", float(len(curves.replicates)), 0),
        ("diverged", float(curves.diverged.sum()), 0),
    ]
    if len(kept) == 0:
        return metrics
    means = kept.mean(axis=0)
    metrics += [
        (column, float(means[position, place]), epoch)
        for position, epoch in enumerate(curves.epochs)
        for place, column in enumerate(curves.columns)
    ]
    best = curves.least_validation[~curves.diverged]
    at_stopping = {"last": kept[:, -1], "validation": kept[np.arange(len(kept)), best]}
    for stopping, values in at_stopping.items():
        for place, column in enumerate(curves.columns):
            metrics.append((f"{stopping}/{column}_mean", float(values[:, place].mean()), 0))
            if len(values) > 1:
                error = values[:, place].std(ddof=1) / np.sqrt(len(values))
                metrics.append((f"{stopping}/{column}_standard_error", float(error), 0))
    epochs = np.asarray(curves.epochs)[best]
    metrics.append(("validation/epoch_mean", float(epochs.mean()), 0))
    return metrics
