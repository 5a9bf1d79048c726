"""From the curves of all points to the losses of one view (recipe, stopping)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.losses import BoolArray, FloatArray, ViewLosses
from depthgauge.statistics.stopping import Stopped

Curves = dict[str, np.ndarray]


@dataclass(frozen=True)
class PointLosses:
    """What training measured at one point.

    curves: {train_loss, validation_loss, test_loss [, train_error, ...]: (R, E)}. test_rows:
    (R, n) rows of the pool. test_losses: for each stopping the loss (R, n) of those examples.
    stopped: for each stopping, as training recorded it.
    """

    curves: Curves
    stopped: dict[str, Stopped]
    test_rows: np.ndarray
    test_losses: dict[str, np.ndarray]


def earlier_epoch(epochs: int, share: float) -> int:
    """The column of the epoch after which the last `share` of `epochs` begins."""
    return max(0, epochs - 1 - max(1, round(share * epochs)))


def view_losses(
    points: Sequence[int],
    trained: Sequence[PointLosses],
    stopping: str,
    pool: int,
    falling_over: float,
    constant_loss: float | None,
) -> ViewLosses:
    """The losses of one view at D points.

    pool: N, the rows of the pool. falling_over: the last share of epochs over which a loss may
    still be falling. constant_loss: train loss of the best constant predictor, for regression;
    None with classes.
    """
    finite = np.stack([point.stopped[stopping].finite for point in trained], 1)

    def stopped(name: str) -> FloatArray:
        return np.stack([p.stopped[stopping].at(p.curves[name]) for p in trained], 1)

    def column(name: str, share: float | None) -> FloatArray:
        epochs = [p.curves[name].shape[1] for p in trained]
        at = [e - 1 if share is None else earlier_epoch(e, share) for e in epochs]
        return np.stack([p.curves[name][:, e] for p, e in zip(trained, at, strict=True)], 1)

    return ViewLosses(
        points=tuple(points),
        test=stopped("test_loss"),
        validation=stopped("validation_loss"),
        train_last=column("train_loss", None),
        test_last=column("test_loss", None),
        test_earlier=column("test_loss", falling_over),
        finite=finite,
        memorised=_memorised(stopped, finite, constant_loss),
        example_losses=np.stack([_example_losses(p, stopping, pool) for p in trained]),
    )


def _memorised(
    stopped: Callable[[str], FloatArray], finite: BoolArray, constant_loss: float | None
) -> FloatArray:
    if constant_loss is None:
        quantity = stopped("train_error")
    elif constant_loss == 0:
        # Constant targets: the best constant is memorising them, anything above it is not.
        quantity = np.where(stopped("train_loss") > 0, np.inf, 0.0)
    else:
        quantity = stopped("train_loss") / constant_loss
    counts = finite.sum(0)
    sums = np.where(finite, quantity, 0.0).sum(0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _example_losses(point: PointLosses, stopping: str, pool: int) -> FloatArray:
    losses = np.full((point.test_rows.shape[0], pool), np.nan)
    np.put_along_axis(losses, point.test_rows, point.test_losses[stopping].astype(np.float64), 1)
    return losses
