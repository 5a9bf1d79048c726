"""A bootstrap crossed over replicates and test examples: would new data say the same?

Source: Owen (2007), "The pigeonhole bootstrap", Annals of Applied Statistics 1(2): rows and columns
of a table are resampled independently, and a cell counts as often as its row times its column.
Its variance is at least that of the crossed random effects, a little above where cells have noise
of their own. Blocks of consecutive rows: Carlstein (1986), Annals of Statistics 14(3).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from depthgauge.statistics.paired import INTERVAL_LEVEL, POWER, ROUNDING
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray
from depthgauge.statistics.training_luck import training_variance

# Weights held at once, 8 bytes each: bounds memory whatever the number of rows.
WEIGHTS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Draws:
    """Bootstrap draws of C mean differences.

    estimates: (C,). draws: (B, C), NaN where a draw held no usable cluster. units: (C,) the smaller
    of the numbers of clusters of replicates and of groups of rows behind each. beyond: (C,) the
    variance that no draw shows (`training_variance`).
    """

    estimates: FloatArray
    draws: FloatArray
    units: IntArray
    beyond: FloatArray


def block_starts(rows: int, block: int) -> IntArray:
    """Where blocks of consecutive rows begin: rows // block blocks, as equal as can be.

    At least one block; none is shorter than `block` unless there are fewer rows than that.
    """
    blocks = max(1, rows // block)
    return np.arange(blocks, dtype=np.int64) * rows // blocks


def multinomial_weights(draws: int, units: int, rng: np.random.Generator) -> FloatArray:
    """(draws, units): how often each unit is drawn when `units` are drawn with replacement."""
    drawn = rng.integers(0, units, size=(draws, units))
    drawn += np.arange(draws)[:, None] * units
    counts = np.bincount(drawn.ravel(), minlength=draws * units)
    return counts.reshape(draws, units).astype(np.float64)


@dataclass(frozen=True)
class Drawn:
    """What is drawn together: the replicates of a cluster, the rows of a group.

    clusters: (R,) numbers. groups: (N,) numbers; where None, `block` consecutive rows are.
    training_share: as in `ViewLosses`.
    """

    clusters: IntArray
    groups: IntArray | None
    block: int
    training_share: float = 0.0

    def rows(self, measured: IntArray) -> tuple[IntArray, IntArray]:
        """The measured rows so that what is drawn together is, and where each such begins."""
        if self.groups is None:
            return measured, block_starts(measured.size, self.block)
        ordered = measured[np.argsort(self.groups[measured], kind="stable")]
        return ordered, np.unique(self.groups[ordered], return_index=True)[1]


def crossed_draws(
    differences: FloatArray,
    usable: BoolArray,
    drawn: Drawn,
    resamples: int,
    rng: np.random.Generator,
) -> Draws:
    """Draws of the mean over clusters of each one's mean over its replicates' test examples.

    differences: (C, R, N), a difference of losses for each of C comparisons, NaN outside the
    replicate's test set. usable: (C, R); the rest is ignored. All comparisons share the draws.
    Test sets may differ between replicates: a cluster's mean is a ratio of weighted sums over the
    examples of its own replicates. A cluster none of whose examples were drawn is left out of that
    draw.
    """
    measured: BoolArray = np.isfinite(differences) & usable[:, :, None]
    rows, starts = drawn.rows(np.flatnonzero(measured.any(axis=(0, 1))))
    if not rows.size:
        empty, none = np.full(len(usable), np.nan), np.zeros(len(usable), int)
        nothing = np.full((resamples, len(usable)), np.nan)
        return Draws(empty, nothing, none, none.astype(np.float64))
    filled = np.where(measured, differences, 0.0)[:, :, rows]
    # Where each replicate is a cluster of its own, all comparisons have the same examples.
    alone = np.unique(drawn.clusters).size == len(drawn.clusters)
    counted: BoolArray = np.any(measured, axis=0, keepdims=True) if alone else measured
    by_cluster = np.argsort(drawn.clusters, kind="stable")
    first = np.unique(drawn.clusters[by_cluster], return_index=True)[1]

    def total(values: FloatArray) -> FloatArray:
        """Sums of (K, R, rows) over each group of rows, and over each cluster: (K, U, groups)."""
        sums = np.add.reduceat(values, starts, axis=2)[:, by_cluster]
        return np.asarray(np.add.reduceat(sums, first, axis=1))

    sums, counts = total(filled), total(counted[:, :, rows].astype(np.float64))
    present = np.logical_or.reduceat(usable[:, by_cluster], first, axis=1)
    flat = np.concatenate([part.reshape(-1, starts.size) for part in (sums, counts)]).T

    draws = np.empty((resamples, len(usable)))
    step = max(1, WEIGHTS_AT_ONCE // starts.size)
    for begin in range(0, resamples, step):
        size = min(step, resamples - begin)
        chosen = multinomial_weights(size, first.size, rng)
        totals = multinomial_weights(size, starts.size, rng) @ flat
        draws[begin : begin + size] = _means(totals, chosen, present)
    once = flat.sum(axis=0, keepdims=True)
    estimates = _means(once, np.ones((1, first.size)), present)[0]
    beyond = training_variance(differences, usable, drawn.training_share)
    return Draws(estimates, draws, np.minimum(present.sum(axis=1), starts.size), beyond)


def _means(totals: FloatArray, chosen: FloatArray, usable: BoolArray) -> FloatArray:
    """(B, C) from totals (B, C * U sums, then counts alike or for all C), chosen (B, U), usable."""
    comparisons, clusters = usable.shape
    counts = totals[:, comparisons * clusters :].reshape(len(totals), -1, clusters)
    sums = totals[:, : comparisons * clusters].reshape(-1, comparisons, clusters)
    means = sums / np.where(counts > 0, counts, 1.0)
    weights = (chosen[:, None, :] * (counts > 0)) * usable
    weight = weights.sum(axis=2)
    total = np.where(weight > 0, (means * weights).sum(axis=2), np.nan)
    return np.asarray(total / np.maximum(weight, 1.0))


def lower_bounds(draws: Draws, alpha: float, scale: float) -> FloatArray:
    """(C,) one-sided lower bounds at alpha; NaN with fewer than two replicates or blocks.

    estimate - t * SE, with SE the standard deviation of the draws times sqrt(n / (n - 1)), to which
    the luck of the training rows is added where replicates draw them (`training_luck`), t the
    1 - alpha quantile of Student's t with n - 1 degrees of freedom, and n the smaller of the
    numbers of replicates and of blocks. NaN too where SE is rounding beside `scale`, the size of
    the losses.

    Why not the draws' percentile: with 3 equal points, 10 replicates and alpha 5 %, it gave 9 %
    false alarms where replicates alone vary and 8 % on a series of 10 blocks; a normal quantile
    gave 8 % and 5 %; this form 3 % and 1 %. A percentile at the corrected alpha also rests on the
    few most extreme draws. The price is power: with few replicates and luck that lies mostly in
    the examples, t is wider than it need be. See benchmarks/threshold_simulation.py.
    """
    return draws.estimates - _quantiles(draws, 1 - alpha) * standard_errors(draws, scale)


def crossed_intervals(draws: Draws, scale: float) -> tuple[FloatArray, FloatArray]:
    """(C,) ends of two-sided 95 % intervals over replicates and examples; NaN as `lower_bounds`."""
    half = _quantiles(draws, (1 + INTERVAL_LEVEL) / 2) * standard_errors(draws, scale)
    return draws.estimates - half, draws.estimates + half


def smallest_bounded(draws: Draws, alpha: float, scale: float) -> FloatArray:
    """(C,) what the lower bound at alpha excludes 0 for with a chance of 80 %; NaN as it."""
    quantiles = _quantiles(draws, 1 - alpha) + _quantiles(draws, POWER)
    return quantiles * standard_errors(draws, scale)


def _quantiles(draws: Draws, level: float) -> FloatArray:
    return np.asarray(special.stdtrit(np.maximum(draws.units - 1, 1), level))


def standard_errors(draws: Draws, scale: float) -> FloatArray:
    """(C,) standard errors, NaN where there is none."""
    errors = np.full(draws.estimates.shape, np.nan)
    for index, units in enumerate(draws.units):
        kept = draws.draws[:, index]
        kept = kept[np.isfinite(kept)]
        if units >= 2 and kept.size >= 2:
            error = np.sqrt(kept.var(ddof=1) * units / (units - 1) + draws.beyond[index])
            errors[index] = error if error > ROUNDING * scale else np.nan
    return errors
