"""What baselines ask of a loss. Stands in until losses are modules of their own."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from depthgauge.data.dataset import Float64Array
from depthgauge.training.recipe import Loss


@dataclass(frozen=True)
class NumberLoss:
    """of: what each error costs. best_constant: of least mean loss for values (n,)."""

    of: Callable[[Float64Array], Float64Array]
    best_constant: Callable[[Float64Array], float]
    classes: bool = False


def _huber(errors: Float64Array) -> Float64Array:
    size = np.abs(errors)
    return np.where(size <= 1, size**2 / 2, size - 0.5)


def _huber_constant(values: Float64Array) -> float:
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low
    from scipy.optimize import brentq

    return float(brentq(lambda c: np.clip(c - values, -1, 1).sum(), low, high))


NUMBER_LOSSES: dict[Loss, NumberLoss] = {
    "mae": NumberLoss(np.abs, lambda values: float(np.median(values))),
    "mse": NumberLoss(np.square, lambda values: float(np.mean(values))),
    "huber": NumberLoss(_huber, _huber_constant),
    "cross_entropy": NumberLoss(np.abs, lambda values: 0.0, classes=True),
}
