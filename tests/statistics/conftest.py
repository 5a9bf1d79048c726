"""Views made by hand: whatever a test does not name is unremarkable."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.rules import Rules
from tests.rules import rules_with

MakeView = Callable[..., ViewLosses]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return rules_with(diverged_share=0.25, resamples=500, stability_resamples=200)


@pytest.fixture(scope="session")
def make_view() -> MakeView:
    def make(test: Any, /, **given: Any) -> ViewLosses:
        """A view with these (R, D) test losses; by default train loss falls along the points.

        The examples' losses spread a little around their replicate's mean.
        """
        test = np.asarray(test, dtype=float)
        replicates, points = test.shape
        spread = np.linspace(0.99, 1.01, 40)
        falling = np.linspace(1.0, 0.1, points) * np.linspace(0.999, 1.001, replicates)[:, None]
        values: dict[str, Any] = {
            "points": tuple(range(points)),
            "test_last": test,
            "test_earlier": test,
            "finite": np.ones(test.shape, dtype=bool),
            "memorised": np.ones(test.shape),
            "example_losses": test.T[:, :, None] * spread,
            "clusters": np.arange(replicates),
        }
        if np.ndim(given.get("memorised", test)) == 1:
            given["memorised"] = np.broadcast_to(given["memorised"], test.shape)
        losses = {"train": falling, "validation": test, "test": test}
        quantities = {
            f"{split}_loss": np.asarray(given.pop(split, usual), dtype=float)
            for split, usual in losses.items()
        }
        return ViewLosses(quantities=quantities | given.pop("quantities", {}), **(values | given))

    return make


@pytest.fixture(scope="session")
def noisy() -> Callable[..., Any]:
    def losses(means: Any, replicates: int = 20, sd: float = 0.01, seed: int = 0) -> Any:
        """(R, D) losses around these means, with luck of each replicate at each point."""
        rng = np.random.default_rng(seed)
        means = np.asarray(means, dtype=float)
        return means * (1 + sd * rng.standard_normal((replicates, means.size)))

    return losses
