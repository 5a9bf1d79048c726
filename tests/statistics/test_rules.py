import pytest
from pydantic import ValidationError

from depthgauge.statistics.rules import Rules
from tests.rules import RULES


@pytest.mark.parametrize(
    "setting",
    [
        {"margin": -0.01},
        {"margin": float("nan")},
        {"alpha": 0.0},
        {"alpha": 1.0},
        {"diverged_share": 1.1},
        {"resamples": 1},
        {"stability_resamples": 0},
        {"memorised": -1.0},
        {"block": 0},
    ],
    ids=str,
)
def test_rules_out_of_range_are_named(setting):
    with pytest.raises(ValidationError, match=next(iter(setting))):
        Rules(**RULES.model_dump() | setting)
