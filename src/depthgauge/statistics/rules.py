"""The section `threshold` of params.yaml: the rule by which a threshold is found."""

from typing import Annotated

import numpy as np
from pydantic import Field

from depthgauge.memory import require_memory
from depthgauge.section import Count, Section, Share
from depthgauge.statistics.stopping import BoolArray

FLOAT64_BYTES = 8


class Rules(Section):
    """The settings of the judgement."""

    margin: Annotated[float, Field(ge=0, lt=1)]
    """a rise of test loss counts from this share of the least test loss on"""
    # Below, quantiles at 1 - alpha would lose their digits.
    alpha: Annotated[float, Field(ge=1e-9, lt=1)]
    """false alarms allowed in a view, over all pairs of points together"""
    diverged_share: Annotated[float, Field(ge=0, lt=1)]
    """a point with more diverged replicates than this cannot be the best"""
    falling_over: Share
    """last share of the epochs over which a loss may still be falling"""
    memorised: Annotated[float, Field(ge=0, lt=1)]
    """train error (or train loss over the truth's, or a constant's) that counts as memorised"""
    resamples: Annotated[Count, Field(ge=1000)]
    """of the bootstrap that asks about new data"""
    stability_resamples: Annotated[Count, Field(ge=100)]
    """of the bootstrap that asks how firm the threshold is"""
    block: Count
    """consecutive test rows drawn together; more than 1 for a series"""

    def at_each_of(self, looks: int) -> "Rules":
        """The rules of one look of so many: alpha is shared out among them (Bonferroni)."""
        return self.model_copy(update={"alpha": self.alpha / looks})


def usable_points(finite: BoolArray, diverged_share: float) -> BoolArray:
    """(D,): points with a finite replicate and no larger share of diverged ones than that.

    finite: (R, D).
    """
    return np.asarray((np.mean(~finite, axis=0) <= diverged_share) & finite.any(axis=0))


def require_judging_memory(rules: Rules, points: int, replicates: int, rows: int) -> None:
    """Raises InputError if what a judgement holds would not fit; rows: those of the pool."""
    again, steady = rules.resamples, rules.stability_resamples
    losses = f"the test losses of {points} points, {replicates} replicates"
    for what, numbers in {
        losses: points * replicates * rows,
        f"threshold.resamples: {again} resamples": again * points,
        f"threshold.stability_resamples: {steady} resamples": 2 * steady * replicates,
    }.items():
        require_memory(numbers * FLOAT64_BYTES, f"params.yaml: {what}")
