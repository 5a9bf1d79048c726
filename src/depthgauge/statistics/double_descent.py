"""The second descent: beyond its peak, does test loss fall again?

Source: Belkin, Hsu, Ma and Mandal 2019, "Reconciling modern machine-learning practice and the
classical bias-variance trade-off": test loss peaks near the interpolation threshold and may fall
again beyond it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.losses import BoolArray, FloatArray, Rules
from depthgauge.statistics.means import diverged_points, finite_means
from depthgauge.statistics.paired import interval, rise_p
from depthgauge.statistics.verdicts import Interval


@dataclass(frozen=True)
class Descent:
    """A peak of test loss between two lower points, and how far it falls beyond the peak.

    before, peak, after: points; `after` has the least mean beyond the peak. pairs: replicates
    finite at peak and after. fall, interval: mean of test(peak) - test(after) with its 95 %
    interval, for this comparison by itself; relative_fall: as a share of the mean of test(peak).
    rise_p, fall_p: one-sided paired t tests that the margin is exceeded on either side, times
    D(D-1), the ordered pairs that the choice of the three points may have made, at most 1.
    resolved: whether the fall is at alpha.
    """

    before: int
    peak: int
    after: int
    pairs: int
    fall: float
    interval: Interval | None
    relative_fall: float
    rise_p: float
    fall_p: float | None
    resolved: bool


# For each quantity ("loss", "error") what is found of it.
Descents = Mapping[str, Descent | None]


def second_descent(
    points: tuple[int, ...], test: FloatArray, finite: BoolArray, rules: Rules
) -> Descent | None:
    """The peak that stands out most, or None where no rise to a peak inside the grid is resolved.

    test, finite: (R, D) as in `ViewLosses`; test may be a loss or an error rate.
    """
    usable = ~diverged_points(finite, rules.diverged_share)
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
    difference = test[both, peak] - test[both, after]
    return Descent(
        before=points[before],
        peak=points[peak],
        after=points[after],
        pairs=int(both.sum()),
        fall=float(difference.mean()),
        interval=interval(difference),
        relative_fall=float(difference.mean() / test[both, peak].mean()),
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
