"""The second descent: beyond its peak, does test loss fall again?

Source: Belkin, Hsu, Ma and Mandal 2019, "Reconciling modern machine-learning practice and the
classical bias-variance trade-off": test loss peaks near the interpolation threshold and may fall
again beyond it.
"""

import numpy as np

from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.paired import mean_and_interval, rise_p
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import BoolArray, FloatArray
from depthgauge.statistics.verdicts import DoubleDescent


def find_double_descent(
    view: ViewLosses, quantity: str, usable: BoolArray, rules: Rules
) -> DoubleDescent | None:
    """The peak that stands out most, or None where no rise to a peak inside the grid is resolved.

    quantity: of the view, a loss or an error rate. usable: (D,) False for points where too many
    replicates diverged.
    """
    points, test, finite = view.points, view.quantities[quantity], view.finite
    means = np.where(usable, view.means(quantity), np.nan)
    found = _peak(means, rules.margin)
    if found is None:
        return None
    before, peak, after = found
    pairs = len(points) * (len(points) - 1)

    def units(worse: int, better: int) -> tuple[FloatArray, FloatArray]:
        both = finite[:, worse] & finite[:, better]
        return view.units(test[:, worse], both), view.units(test[:, better], both)

    def adjusted(worse: int, better: int) -> float | None:
        p = rise_p(*units(worse, better), rules.margin)
        return None if p is None else min(1.0, p * pairs)

    rise, fall = adjusted(peak, before), adjusted(peak, after)
    if rise is None or rise > rules.alpha:
        return None
    high, low = units(peak, after)
    difference = mean_and_interval(high - low)
    if difference.mean is None:
        return None
    return DoubleDescent(
        before=points[before],
        peak=points[peak],
        after=points[after],
        pairs=int((finite[:, peak] & finite[:, after]).sum()),
        fall=difference.mean,
        interval=difference.interval,
        relative_fall=float(difference.mean / high.mean()),
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
