"""Runs with a planted difference, as other people's scripts leave them."""

import numpy as np
import pandas as pd


def planted(levels, seeds=8, sd=0.01, steps=1, random=0):
    """A row a run and step: loss falls to `levels[depth]`, with the luck of the seed at the end."""
    rng = np.random.default_rng(random)
    rows = [
        {
            "run_id": f"run-{depth}-{seed}",
            "config.depth": depth,
            "config.lr": 0.1,
            "config.seed": seed,
            "step": step,
            "train_loss": 1 / (1 + depth) + sd * rng.normal(),
            "test_loss": level + (1 + step - steps) * -0.1 + sd * rng.normal(),
        }
        for depth, level in enumerate(levels)
        for seed in range(seeds)
        for step in range(steps)
    ]
    return pd.DataFrame(rows)


def by_configuration(frame):
    """(S, K) test losses at the last step, by pandas alone."""
    last = frame.sort_values("step").groupby(["config.depth", "config.seed"]).test_loss.last()
    return last.unstack("config.depth").to_numpy()
