"""Refuse work that the machine's memory cannot hold, before anything is started."""

import psutil

from depthgauge.errors import InputError
from depthgauge.settings.schema import Settings

FLOAT64_BYTES = 8


def require_memory(needed: int, what: str) -> None:
    """Raises InputError if `needed` bytes are more than the machine has."""
    has = psutil.virtual_memory().total
    if needed > has:
        raise InputError(
            f"{what} would need {_gib(needed)} of memory at least, the machine has {_gib(has)}; "
            "make it smaller"
        )


def require_judging_memory(rows: int, settings: Settings) -> None:
    """Raises InputError if `evaluate` would not fit; rows: those of the pool."""
    points, replicates, rules = len(settings.points), settings.replicates, settings.threshold
    require_memory(
        points * replicates * rows * FLOAT64_BYTES,
        f"params.yaml: the test losses of {points} points and {replicates} replicates",
    )
    require_memory(
        rules.resamples * points * FLOAT64_BYTES,
        f"params.yaml: threshold.resamples: {rules.resamples} resamples",
    )
    require_memory(
        2 * rules.stability_resamples * replicates * FLOAT64_BYTES,
        f"params.yaml: threshold.stability_resamples: {rules.stability_resamples} resamples",
    )


def _gib(count: int) -> str:
    gib = count / 2**30
    return f"{gib:,.1f} GiB" if gib < 2**20 else f"{gib:.1e} GiB"
