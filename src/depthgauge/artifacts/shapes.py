"""Whether arrays that were read from files fit each other, before anything is computed of them.

A digest tells that a file is the one that was written, not that it is of this experiment.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from depthgauge.files.outputs import StaleError
from depthgauge.statistics.stopping import Stopped


def require_curves(
    folder: Path, curves: Mapping[str, np.ndarray], stopped: Mapping[str, Stopped], replicates: int
) -> None:
    """Curves are (R, E), and each replicate stops at one of the epochs.

    Raises StaleError naming the folder where they are not.
    """
    shapes = {curve.shape for curve in curves.values()}
    epochs = max((shape[1] for shape in shapes if len(shape) == 2), default=0)
    stops = [each.epochs for each in stopped.values()]
    if shapes != {(replicates, epochs)} or any(
        stop.shape != (replicates,) or ((stop < 0) | (stop >= epochs)).any() for stop in stops
    ):
        raise StaleError(f"{folder}: curves and stopping: are not of {replicates} replicates")


def require_test_losses(
    folder: Path, rows: np.ndarray, losses: Mapping[str, np.ndarray], replicates: int, pool: int
) -> None:
    """Rows of the pool and their losses by stopping are (R, n).

    Raises StaleError naming the folder where they are not.
    """
    whole = rows.ndim == 2 and len(rows) == replicates and np.issubdtype(rows.dtype, np.integer)
    whole = whole and bool(((rows >= 0) & (rows < pool)).all())
    if not whole or any(
        loss.shape != rows.shape or loss.dtype.kind != "f" for loss in losses.values()
    ):
        raise StaleError(f"{folder}: the losses of test examples: are not of the prepared data")
