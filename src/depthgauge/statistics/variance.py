"""What the luck of a difference is made of: shares of its variance, with intervals.

Each source's part is what the squared standard error gains by it, an estimate with as many degrees
of freedom as it has units less one; the rest has those that Satterthwaite (1946, Biometrics
Bulletin 2) gives a sum. The ratio of the two is compared by Fisher's F.
"""

from collections.abc import Mapping

import numpy as np
from scipy import special

from depthgauge.statistics.estimates import Interval, Share
from depthgauge.statistics.paired import INTERVAL_LEVEL


def variance_shares(sources: Mapping[str, tuple[float | None, int]]) -> dict[str, Share]:
    """The share of each source; {} where one is unknown or nothing varies.

    sources: from the first to the last that varies, (standard error with it and those before it,
    units). A source that adds nothing has no share, and no interval.
    """
    known = [error for error, _ in sources.values() if error is not None]
    if len(known) < len(sources) or max(known) <= 0:
        return {}
    reached = np.maximum.accumulate(np.square(np.array(known) / max(known)))
    parts = np.diff(reached, prepend=0.0)
    freedom = np.array([max(1, units - 1) for _, units in sources.values()], dtype=np.float64)
    return {
        name: _share(parts[k], freedom[k], np.delete(parts, k), np.delete(freedom, k))
        for k, name in enumerate(sources)
    }


def _share(part: float, freedom: float, others: np.ndarray, of_others: np.ndarray) -> Share:
    rest = float(others.sum())
    value = float(part / (part + rest))
    if part <= 0 or rest <= 0:
        return Share(value, None)
    of_rest = rest**2 / float((others**2 / of_others).sum())
    tail = (1 - INTERVAL_LEVEL) / 2
    ratios = [part / rest / special.fdtri(freedom, of_rest, p) for p in (1 - tail, tail)]
    low, high = (float(ratio / (1 + ratio)) for ratio in ratios)
    return Share(value, Interval(low, high))
