"""The luck of the training rows that all replicates draw from: what no resample of them shows.

Replicates that draw their training rows from one pool share it. Where each takes a share f of the
pool, the excess risk of a fitted model is to first order a quadratic form in averages over its
training rows, and two replicates' luck is correlated as f squared, not as f: a degenerate
U-statistic (Hoeffding 1948). The mean over ever more replicates then keeps the variance
f^2 / (1 - f^2) times that which training rows give to one replicate. Of that variance only an upper
bound is known, that of replicates less what their own test rows explain: seeds are in it too.
Nadeau and Bengio (2003, Machine Learning 52) add a like and larger term, test rows / training rows;
none at all gave twice the false alarms allowed (benchmarks/threshold_simulation.py).
"""

import numpy as np

from depthgauge.statistics.stopping import BoolArray, FloatArray


def training_variance(differences: FloatArray, usable: BoolArray, share: float) -> FloatArray:
    """(C,) variances to add to those of the crossed bootstrap; 0 where share is.

    differences: (C, R, N), NaN outside a replicate's test set. usable: (C, R). share: f, that of
    the pool which trains in each replicate. 0 too where fewer than two replicates are usable.
    """
    if share == 0:
        return np.zeros(len(usable))
    factor = share**2 / (1 - share**2)
    pairs = zip(differences, usable, strict=True)
    return np.array([factor * _of_training(each[kept]) for each, kept in pairs])


def _of_training(values: FloatArray) -> float:
    """At most the variance that training rows give to the mean of a replicate; values: (R, N)."""
    measured = np.isfinite(values)
    values, measured = values[measured.any(axis=1)], measured[measured.any(axis=1)]
    if len(values) < 2:
        return 0.0
    counts = measured.sum(axis=1)
    filled = np.where(measured, values, 0.0)
    means = filled.sum(axis=1) / counts
    spread = np.where(measured, filled - means[:, None], 0.0)
    within = np.square(spread).sum(axis=1) / np.maximum(counts - 1, 1)
    pool = int(measured.any(axis=0).sum())
    of_test_rows = float(np.mean(within / counts * (1 - counts / pool)))
    return max(float(means.var(ddof=1)) - of_test_rows, 0.0)
