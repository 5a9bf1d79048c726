"""What is shown of the curves and metrics of a point: of one replicate, and of all."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.stopping import Stopped

# Name, value, step; the values are finite.
Metrics = list[tuple[str, float, int]]
# {stopping: {metric: (R,)}}, what evaluate measured.
Measured = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Curves:
    """Curves (R, E) by column, such as train_loss, and where each of the R replicates stops."""

    columns: Mapping[str, np.ndarray]
    stopped: Mapping[str, Stopped]

    @property
    def finite(self) -> np.ndarray:
        """(R,): False for a replicate that diverged."""
        return self.stopped["last"].finite

    @property
    def epochs(self) -> int:
        """How many."""
        return int(self.columns["validation_loss"].shape[1])


def thin_epochs(count: int, points: int, also: int) -> list[int]:
    """At most `points` positions of 0..count-1, evenly spaced, with both ends and `also`.

    Where `also` is not among them it is added in place of its nearest inner neighbour, so that
    the number stays; with fewer than three points both ends and `also` are kept all the same.
    """
    positions = set(np.linspace(0, count - 1, min(max(points, 2), count)).round().astype(int))
    if also not in positions:
        inner = sorted(positions - {0, count - 1})
        nearest = min(inner, key=lambda position: abs(position - also), default=also)
        positions = positions - {nearest} | {also}
    return sorted(int(position) for position in positions)


def replicate_metrics(curves: Curves, index: int, points: int) -> Metrics:
    """The thinned loss curves of one replicate, and all its values at both stoppings.

    A store takes each number at a cost, so error rates are shown at both stoppings only; the last
    value of a curve is the value at the last epoch. Of a diverged replicate only the finite part
    of its curves is given, and the epoch at which it diverged.
    """
    best = int(curves.stopped["validation"].epochs[index])
    own = {column: values[index] for column, values in curves.columns.items()}
    losses = {column: values for column, values in own.items() if column.endswith("_loss")}
    metrics: Metrics = [
        (column, float(values[epoch]), epoch + 1)
        for epoch in thin_epochs(curves.epochs, points, best)
        for column, values in losses.items()
        if np.isfinite(values[epoch])
    ]
    if not curves.finite[index]:
        # The first epoch with a loss that is not finite.
        diverged = np.isfinite([*losses.values()]).all(axis=0).argmin()
        return [*metrics, ("diverged_at_epoch", diverged + 1.0, 0)]
    metrics += [(c, float(v[-1]), curves.epochs) for c, v in own.items() if c not in losses]
    metrics.append(("validation/epoch", best + 1.0, 0))
    return metrics + [(f"validation/{c}", float(v[best]), 0) for c, v in own.items()]


def point_metrics(curves: Curves) -> Metrics:
    """Mean curves over the replicates that did not diverge, and their means at both stoppings."""
    finite = curves.finite
    metrics: Metrics = [("replicates", finite.size, 0), ("diverged", int((~finite).sum()), 0)]
    if not finite.any():
        return metrics
    for column, values in curves.columns.items():
        means = values[finite].mean(axis=0).tolist()
        metrics += [(column, mean, epoch) for epoch, mean in enumerate(means, start=1)]
    for stopping, stopped in curves.stopped.items():
        for column, values in curves.columns.items():
            metrics += _mean(f"{stopping}/{column}", stopped.at(values)[finite])
    epochs = curves.stopped["validation"].epochs[finite] + 1
    return [*metrics, ("validation/epoch_mean", float(epochs.mean()), 0)]


def measured_of_replicate(measured: Measured, index: int) -> Metrics:
    """What evaluate measured of one replicate: `last/test_r2`."""
    return [
        (f"{stopping}/{name}", float(values[index]), 0)
        for stopping, metrics in measured.items()
        for name, values in metrics.items()
        if np.isfinite(values[index])
    ]


def measured_of_point(measured: Measured) -> Metrics:
    """Its means over the replicates that have a value: `last/test_r2_mean`."""
    return [
        metric
        for stopping, metrics in measured.items()
        for name, values in metrics.items()
        for metric in _mean(f"{stopping}/{name}", values[np.isfinite(values)])
    ]


def _mean(name: str, values: np.ndarray) -> Metrics:
    metrics: Metrics = [(f"{name}_mean", float(values.mean()), 0)] if values.size else []
    if values.size > 1:
        error = float(values.std(ddof=1) / np.sqrt(values.size))
        metrics.append((f"{name}_standard_error", error, 0))
    return metrics
