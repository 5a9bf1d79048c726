"""The losses of one view (recipe, stopping), and how they are made of what training recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from depthgauge.statistics.estimates import Point
from depthgauge.statistics.paired import cluster_means, finite_means
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray, Stopped

Curves = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class ViewLosses:
    """The losses of one view: D points, R replicates, a pool of N rows.

    points: D of them, each once, the simplest first; numbers ascend or, where a greater one is the
        simpler, descend.
    quantities: (R, D) means over examples at this stopping, by name: "train_loss",
        "validation_loss", "test_loss", and whatever else was measured ("test_error", "test_r2").
    test_last, test_earlier: (R, D) test loss at the last epoch and at an earlier one, for
        `still_falling`; None where these are not known.
    finite: (R, D); False = that replicate diverged at that point (any loss not finite). Whatever
        the other arrays hold there is ignored.
    memorised: (R, D) train error (classification), or train loss relative to that of the truth
        or, where it is unknown, of the best constant (regression); NaN of a metric, which is no
        loss.
    example_losses: (D, R, N) loss of each example at this stopping, NaN where the row is not in
        the replicate's test set. A replicate's test set is the same at every point. N is 0 where
        the losses of single examples are not known: then nothing is said of new data.
    clusters: (R,) numbers. Replicates of one number share luck beyond their own, as those do whose
        recipe one search has found: then the cluster is the unit of every test. Each has a number
        of its own where nothing is shared.
    groups: (N,) numbers of what the rows of the pool belong to, a person say, whose rows are drawn
        together; None where blocks of rows are.
    training_share: of the pool, what trains in each replicate where each draws its own; 0 where
        all train on the same rows, and nothing can be said of others.

    All losses are float64 and mean losses at least 0, or a relative margin would mean nothing.
    Raises ValueError otherwise, and for shapes that do not agree.
    """

    points: tuple[Point, ...]
    quantities: Mapping[str, FloatArray]
    test_last: FloatArray | None
    test_earlier: FloatArray | None
    finite: BoolArray
    memorised: FloatArray
    example_losses: FloatArray
    clusters: IntArray
    groups: IntArray | None = None
    training_share: float = 0.0

    def __post_init__(self) -> None:
        shape = self.finite.shape
        if len(shape) != 2 or shape[0] < 1 or shape[1] < 1 or shape[1] != len(self.points):
            raise ValueError(f"finite has shape {shape}: (replicates, {len(self.points)}) expected")
        numbers = [point for point in self.points if not isinstance(point, str)]
        ordered = numbers in (sorted(numbers), sorted(numbers, reverse=True))
        if len(set(self.points)) < len(self.points) or not ordered:
            raise ValueError(f"points {self.points}: must ascend or descend, none twice")
        ends = {"test_last": self.test_last, "test_earlier": self.test_earlier}
        whole = {name: losses for name, losses in ends.items() if losses is not None}
        whole |= {n: self.quantities[n] for n in ("train_loss", "validation_loss", "test_loss")}
        for name, values in {**self.quantities, **whole}.items():
            _check_shape(name, values, shape)
        for name, losses in whole.items():
            judged = losses[self.finite]
            if not (np.isfinite(judged).all() and (judged >= 0).all()):
                raise ValueError(f"{name}: a finite replicate has a loss below 0 or not finite")
        _check_shape("memorised", self.memorised, shape)
        if self.clusters.shape != shape[:1]:
            raise ValueError(f"clusters has shape {self.clusters.shape}: {shape[:1]} expected")
        rows = self.example_losses.shape[-1:]
        if self.groups is not None and self.groups.shape != rows:
            raise ValueError(f"groups has shape {self.groups.shape}: {rows} expected")
        _check_shape("example_losses", self.example_losses, (*shape[::-1], *rows))
        measured: BoolArray = np.isfinite(self.example_losses)
        kept = self.finite.T
        members = np.any(measured & kept[:, :, None], axis=0)
        if np.any(measured[kept] != np.broadcast_to(members, measured.shape)[kept]):
            raise ValueError("example_losses: a replicate's test set differs between points")
        if measured.shape[-1] and not measured[kept].any(axis=1).all():
            raise ValueError("example_losses: a finite replicate has no test example")

    @property
    def train(self) -> FloatArray:
        """(R, D) mean train loss at this stopping."""
        return self.quantities["train_loss"]

    @property
    def test(self) -> FloatArray:
        """(R, D) mean test loss at this stopping."""
        return self.quantities["test_loss"]

    @property
    def validation(self) -> FloatArray:
        """(R, D) mean validation loss at this stopping."""
        return self.quantities["validation_loss"]

    @property
    def replicates(self) -> int:
        """R, diverged replicates included."""
        return int(self.finite.shape[0])

    @property
    def studies(self) -> int | None:
        """How many clusters the replicates form; None where each is one of its own."""
        count = np.unique(self.clusters).size
        return count if count < self.replicates else None

    def means(self, quantity: str) -> FloatArray:
        """(D,) mean of a quantity over the clusters of each point's finite replicates."""
        return finite_means(self.quantities[quantity], self.finite, self.clusters)

    def units(self, values: FloatArray, kept: BoolArray) -> FloatArray:
        """(U,) means, cluster by cluster, of the (R,) values of the replicates that are kept."""
        return cluster_means(values[kept], self.clusters[kept])


def _check_shape(name: str, values: FloatArray, shape: tuple[int, ...]) -> None:
    if values.dtype != np.float64:
        raise ValueError(f"{name} has type {values.dtype}: float64 expected")
    if values.shape != shape:
        raise ValueError(f"{name} has shape {values.shape}: {shape} expected")


@dataclass(frozen=True)
class PointLosses:
    """What was measured at one point.

    curves: {train_loss, validation_loss, test_loss [, train_error, ...]: (R, E)}. stopped: for each
    stopping, as training recorded it. test_rows: (R, n) rows of the pool. test_losses: for each
    stopping the loss (R, n) of those examples. metrics: for each stopping, further quantities (R,).
    costs: for each stopping those examples' costs (R, n) in each metric that is judged.
    """

    curves: Curves
    stopped: Mapping[str, Stopped]
    test_rows: np.ndarray
    test_losses: Mapping[str, np.ndarray]
    metrics: Mapping[str, Mapping[str, FloatArray]]
    costs: Mapping[str, Mapping[str, FloatArray]]


def earlier_epoch(epochs: int, share: float) -> int:
    """The column of the epoch after which the last `share` of `epochs` begins."""
    return max(0, epochs - 1 - max(1, round(share * epochs)))


def view_losses(
    points: Sequence[Point],
    measured: Sequence[PointLosses],
    stopping: str,
    pool: int,
    falling_over: float,
    reference_loss: float | None,
    clusters: IntArray,
    groups: IntArray | None = None,
    training_share: float = 0.0,
) -> ViewLosses:
    """The losses of one view at D points.

    pool: N, the rows of the pool. falling_over: the last share of epochs over which a loss may
    still be falling. reference_loss: train loss of the truth where it is known, else of the best
    constant predictor; None with classes. clusters, groups, training_share: as in
    `ViewLosses`.
    """

    def columns(values: Iterable[FloatArray]) -> FloatArray:
        return np.stack(list(values), 1)

    finite = np.stack([point.stopped[stopping].finite for point in measured], 1)
    quantities = {
        name: columns(p.stopped[stopping].at(p.curves[name]) for p in measured)
        for name in measured[0].curves
    }
    for name in measured[0].metrics.get(stopping, ()):
        quantities[name] = columns(p.metrics[stopping][name] for p in measured)
    tests = [point.curves["test_loss"] for point in measured]
    return ViewLosses(
        points=tuple(points),
        quantities=quantities,
        test_last=columns(curve[:, -1] for curve in tests),
        test_earlier=columns(c[:, earlier_epoch(c.shape[1], falling_over)] for c in tests),
        finite=finite,
        memorised=_memorised(quantities, reference_loss),
        example_losses=np.stack(
            [_in_pool(p.test_losses[stopping], p.test_rows, pool) for p in measured]
        ),
        clusters=clusters,
        groups=groups,
        training_share=training_share,
    )


def _memorised(quantities: Mapping[str, FloatArray], reference_loss: float | None) -> FloatArray:
    if reference_loss is None:
        return quantities["train_error"]
    if reference_loss == 0:
        # Nothing is left to memorise at that loss; anything above it has not got there.
        return np.where(quantities["train_loss"] > 0, np.inf, 0.0)
    return quantities["train_loss"] / reference_loss


def metric_losses(
    view: ViewLosses,
    measured: Sequence[PointLosses],
    stopping: str,
    metric: str,
    costs: Callable[[FloatArray], FloatArray],
) -> ViewLosses:
    """A metric of the view in the place of the loss, as a cost: the less the better.

    costs: makes costs of values (`Metric.costs`). A replicate in which it is undefined at a point
    is left out there.
    """
    splits = ("train", "validation", "test")
    own = {f"{split}_loss": costs(view.quantities[f"{split}_{metric}"]) for split in splits}
    finite = view.finite & np.all([np.isfinite(values) for values in own.values()], axis=0)
    pool = view.example_losses.shape[-1]
    examples = [_in_pool(p.costs[stopping][metric], p.test_rows, pool) for p in measured]
    return replace(
        view,
        quantities=own,
        test_last=None,
        test_earlier=None,
        finite=finite,
        memorised=np.full(view.finite.shape, np.nan),
        example_losses=np.stack(examples),
    )


def _in_pool(values: FloatArray, rows: np.ndarray, pool: int) -> FloatArray:
    """(R, N) from values (R, n) of rows of the pool; NaN elsewhere."""
    every = np.full((rows.shape[0], pool), np.nan)
    np.put_along_axis(every, rows, values.astype(np.float64), 1)
    return every
