"""The usual rules of a judgement; a test changes what it is about, unchecked, with `rules_with`."""

from typing import Any

from depthgauge.statistics.rules import Rules

RULES = Rules(
    margin=0.01,
    alpha=0.05,
    diverged_share=0.1,
    falling_over=0.1,
    memorised=0.01,
    resamples=1000,
    stability_resamples=100,
    block=1,
)


def rules_with(**changed: Any) -> Rules:
    """Other values may be such as params.yaml must not hold: fewer resamples take less time."""
    return RULES.model_copy(update=changed)
