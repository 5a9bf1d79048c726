"""The network to use beside a baseline: paired, replicate by replicate, on the same splits.

Source: Student's paired t test, as in scipy.stats.ttest_rel, by its two-sided 95 % interval.
"""

from collections.abc import Mapping

import numpy as np

from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.estimates import Estimate
from depthgauge.statistics.paired import largest, mean_and_interval, standard_error, unit_columns
from depthgauge.statistics.stopping import FloatArray, IntArray


def compare_baseline(
    name: str,
    quantity: str,
    values: Mapping[str, FloatArray],
    own: FloatArray | None,
    clusters: IntArray,
    resampled: bool,
    higher: bool = False,
) -> Baseline:
    """A baseline's values (S,) of each split, beside the network's (R,) on test data.

    own: NaN where a replicate diverged; None where there is no network to use. clusters: (R,) as
    `ViewLosses` has them; a cluster is the unit. resampled: whether replicate r has split r; those
    beyond the S are left out. Else there is one split, and the interval of the difference is over
    the network's replicates alone. higher: whether more is better.
    """
    estimates = {split: mean_and_interval(of_split) for split, of_split in values.items()}
    splits, theirs = len(values["test"]), values["test"]
    if own is None:
        nothing = Estimate(None, None)
        return Baseline(name, quantity, splits, estimates, 0, nothing, None, None)
    both = np.full((len(own), 2), np.nan)
    both[:, 0] = own
    shared = min(len(own), splits) if resampled else len(own)
    both[:shared, 1] = theirs[:shared] if resampled else theirs[0]
    both[~np.isfinite(both).all(axis=1)] = np.nan
    units = unit_columns(both, clusters)
    mine, other = units[np.isfinite(units).all(axis=1)].T
    found = mean_and_interval(mine - other)
    if standard_error(mine - other, largest(mine, other)) is None:
        # What does not vary, or is one, leaves the truth open.
        found = Estimate(found.mean, None)
    beaten = None
    if found.interval is not None and (found.interval.low > 0 or found.interval.high < 0):
        beaten = (found.interval.low > 0) is higher
    level = float(other.mean()) if other.size else None
    return Baseline(name, quantity, splits, estimates, other.size, found, level, beaten)
