"""What the first replicates say, each one that is added to them: how luck becomes evidence."""

from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.paired import number_of_pairs, rise_p
from depthgauge.statistics.stopping import FloatArray


@dataclass(frozen=True)
class Seen:
    """The place of the least mean, and those beyond it whose rise the paired t test resolves."""

    best: int
    higher: tuple[int, ...]


def seen_by(losses: FloatArray, margin: float, alpha: float) -> Seen:
    """What finite test losses (n, D) of the first n replicates show of D points.

    Only the first part of the rule of a verdict: the paired t test that the margin is exceeded,
    corrected for all pairs of points. What the rise is made of is not asked.
    """
    best = int(np.argmin(losses.mean(axis=0)))
    pairs = number_of_pairs(losses.shape[1])

    def resolved(place: int) -> bool:
        p = rise_p(losses[:, place], losses[:, best], margin)
        return p is not None and p * pairs <= alpha

    return Seen(best, tuple(k for k in range(best + 1, losses.shape[1]) if resolved(k)))
