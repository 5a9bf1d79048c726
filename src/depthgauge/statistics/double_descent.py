"""The second descent: beyond its peak, does test loss fall again?

Source: Belkin, Hsu, Ma and Mandal 2019, "Reconciling modern machine-learning practice and the
classical bias-variance trade-off": test loss peaks near the interpolation threshold and may fall
again beyond it.
"""

import numpy as np

from depthgauge.statistics.estimates import Point
from depthgauge.statistics.paired import finite_means, mean_and_interval, rise_p
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import DoubleDescent


def find_double_descent(
    points: tuple[Point, ...], test: FloatArray, finite: BoolArray, usable: BoolArray, rules: Rules
) -> DoubleDescent | None:
    """The peak that stands out most, or None where no rise to a peak inside the grid is resolved.

    test, finite: (R, D) as in `ViewLosses`; test may be a loss or an error rate. usable: (D,) False
    for points where too many replicates diverged.
    """
    means = np.where(usable, finite_means(test, finite), np.nan)
    found = _peak(means, rules.margin)
    if found is None:
        return None
    before, peak, after = found
    pairs = len(points) * (len(points) - 1)

    def adjusted(worse: int, better: int) -> float | None:
        both = finite[:, worse] & finite[:, better]
        p = rise_p(test[both, worse], test[both, better], rules.margin)
        return None if p is None else min(1.0, p * pairs)

    rise, fall = adjusted(peak, before), adjusted(peak, after)
    if rise is None or rise > rules.alpha:
        return None
    both = finite[:, peak] & finite[:, after]
    difference = mean_and_interval(test[both, peak] - test[both, after])
    if difference.mean is None:
        return None
    return DoubleDescent(
        before=points[before],
        peak=points[peak],
        after=points[after],
        pairs=int(both.sum()),
        fall=difference.mean,
        interval=difference.interval,
        relative_fall=float(difference.mean / test[both, peak].mean()),
        rise_p=rise,
        fall_p=fall,
        resolved=fall is not None and fall <= rules.alpha,
    )


def _peak(means: FloatArray, margin: float) -> tuple[int, int, int] | None:
    """(before, peak, after): the peak whose lesser side is highest; NaN points are passed over.

    A side within the margin makes no peak.
    """
    best, found = 0.0, None
    for peak in range(1, len(means) - 1):
        left, right = means[:peak], means[peak + 1 :]
        if np.isnan(means[peak]) or np.isnan(left).all() or np.isnan(right).all():
            continue
        before, after = int(np.nanargmin(left)), peak + 1 + int(np.nanargmin(right))
        height = float(means[peak] - (1 + margin) * max(means[before], means[after]))
        if height > best:
            best, found = height, (before, peak, after)
    return found
