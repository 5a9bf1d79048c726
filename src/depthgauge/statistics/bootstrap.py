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

# Weights held at once, 8 bytes each: bounds memory whatever the number of rows.
WEIGHTS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Draws:
    """Bootstrap draws of C mean differences.

    estimates: (C,). draws: (B, C), NaN where a draw held no usable replicate. units: (C,) the
    smaller of the numbers of replicates and of blocks behind each.
    """

    estimates: FloatArray
    draws: FloatArray
    units: IntArray


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


def crossed_draws(
    differences: FloatArray, usable: BoolArray, block: int, resamples: int, rng: np.random.Generator
) -> Draws:
    """Draws of the mean over replicates of each replicate's mean over its own test examples.

    differences: (C, R, N), a difference of losses for each of C comparisons, NaN outside the
    replicate's test set. usable: (C, R); the rest is ignored. All comparisons share the draws.
    Test sets may differ between replicates: each replicate's mean is a ratio of weighted sums
    over its own examples. A replicate none of whose examples were drawn is left out of that draw.
    """
    comparisons, replicates, _ = differences.shape
    measured = np.isfinite(differences) & usable[:, :, None]
    members = np.any(measured, axis=0)
    rows = np.flatnonzero(members.any(axis=0))
    if not rows.size:
        empty = np.full(comparisons, np.nan)
        return Draws(empty, np.full((resamples, comparisons), np.nan), np.zeros(comparisons, int))
    starts = block_starts(rows.size, block)
    filled = np.where(measured, differences, 0.0)[:, :, rows]
    sums = np.add.reduceat(filled, starts, axis=2)
    counts = np.add.reduceat(members[:, rows].astype(np.float64), starts, axis=1)
    flat = np.concatenate([sums.reshape(comparisons * replicates, -1), counts]).T

    draws = np.empty((resamples, comparisons))
    step = max(1, WEIGHTS_AT_ONCE // starts.size)
    for begin in range(0, resamples, step):
        size = min(step, resamples - begin)
        chosen = multinomial_weights(size, replicates, rng)
        totals = multinomial_weights(size, starts.size, rng) @ flat
        draws[begin : begin + size] = _means(totals, chosen, usable)
    once = flat.sum(axis=0, keepdims=True)
    estimates = _means(once, np.ones((1, replicates)), usable)[0]
    return Draws(estimates, draws, np.minimum(usable.sum(axis=1), starts.size))


def _means(totals: FloatArray, chosen: FloatArray, usable: BoolArray) -> FloatArray:
    """(B, C) from totals (B, C * R sums then R counts), chosen (B, R) and usable (C, R)."""
    comparisons, replicates = usable.shape
    counts = totals[:, comparisons * replicates :]
    sums = totals[:, : comparisons * replicates].reshape(-1, comparisons, replicates)
    means = sums / np.where(counts > 0, counts, 1.0)[:, None, :]
    weights = (chosen * (counts > 0))[:, None, :] * usable
    weight = weights.sum(axis=2)
    total = np.where(weight > 0, (means * weights).sum(axis=2), np.nan)
    return np.asarray(total / np.maximum(weight, 1.0))


def lower_bounds(draws: Draws, alpha: float, scale: float) -> FloatArray:
    """(C,) one-sided lower bounds at alpha; NaN with fewer than two replicates or blocks.

    estimate - t * SE, with SE the standard deviation of the draws times sqrt(n / (n - 1)), t the
    1 - alpha quantile of Student's t with n - 1 degrees of freedom, and n the smaller of the
    numbers of replicates and of blocks. NaN too where SE is rounding beside `scale`, the size of
    the losses.

    Why not the draws' percentile: with 3 equal points, 10 replicates and alpha 5 %, it gave 9 %
    false alarms where replicates alone vary and 8 % on a series of 10 blocks; a normal quantile
    gave 8 % and 5 %; this form 3 % and 1 %. A percentile at the corrected alpha also rests on the
    few most extreme draws. The price is power: with few replicates and luck that lies mostly in
    the examples, t is wider than it need be. See benchmarks/threshold_simulation.py.
    """
    return draws.estimates - _quantiles(draws, 1 - alpha) * _errors(draws, scale)


def crossed_intervals(draws: Draws, scale: float) -> tuple[FloatArray, FloatArray]:
    """(C,) ends of two-sided 95 % intervals over replicates and examples; NaN as `lower_bounds`."""
    half = _quantiles(draws, (1 + INTERVAL_LEVEL) / 2) * _errors(draws, scale)
    return draws.estimates - half, draws.estimates + half


def smallest_bounded(draws: Draws, alpha: float, scale: float) -> FloatArray:
    """(C,) what the lower bound at alpha excludes 0 for with a chance of 80 %; NaN as it."""
    quantiles = _quantiles(draws, 1 - alpha) + _quantiles(draws, POWER)
    return quantiles * _errors(draws, scale)


def _quantiles(draws: Draws, level: float) -> FloatArray:
    return np.asarray(special.stdtrit(np.maximum(draws.units - 1, 1), level))


def _errors(draws: Draws, scale: float) -> FloatArray:
    """(C,) standard errors, NaN where there is none."""
    errors = np.full(draws.estimates.shape, np.nan)
    for index, units in enumerate(draws.units):
        kept = draws.draws[:, index]
        kept = kept[np.isfinite(kept)]
        if units >= 2 and kept.size >= 2:
            error = kept.std(ddof=1) * np.sqrt(units / (units - 1))
            errors[index] = error if error > ROUNDING * scale else np.nan
    return errors
