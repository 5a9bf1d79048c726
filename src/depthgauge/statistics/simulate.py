"""Simulated views whose truth is known, to check the rule against."""

from dataclasses import dataclass

import numpy as np

from depthgauge.statistics.losses import FloatArray, ViewLosses


@dataclass(frozen=True)
class Plan:
    """How to simulate the losses of R replicates on a pool of N examples at D points.

    Loss of replicate r on example n at point d is log-normal (positive and skewed, as losses are)
    with expectation exactly test_means[d]; its logarithm is a sum of independent normal effects.

    test_means, train_means: (D,) expected losses. replicates: R. rows: N. tested: rows in each
    replicate's test set; fewer than N = each replicate draws its own, N = one fixed test set.
    Standard deviations of the effects: replicate (r at each d: luck of the seed), example (n at
    each d: what another sample would change), cell (r, n at each d), shared (r at all d and n at
    all d: what pairing removes). autocorrelation: of the example effects from row to row, AR(1).
    """

    test_means: tuple[float, ...]
    train_means: tuple[float, ...]
    replicates: int
    rows: int
    tested: int
    replicate: float
    example: float
    cell: float
    shared: float
    autocorrelation: float


def planted_view(plan: Plan, rng: np.random.Generator) -> ViewLosses:
    """One simulated experiment; validation losses are the test losses, every loss is finite."""
    means = np.asarray(plan.test_means)
    shape = (len(means), plan.replicates, plan.rows)
    replicate = _effects(rng, shape[:2], plan.replicate, plan.shared)
    example = _effects(rng, (shape[0], shape[2]), plan.example, plan.shared)
    for row in range(1, plan.rows):
        fresh = np.sqrt(1 - plan.autocorrelation**2) * example[:, row]
        example[:, row] = plan.autocorrelation * example[:, row - 1] + fresh
    cell = plan.cell * rng.standard_normal(shape)
    variance = plan.replicate**2 + plan.example**2 + plan.cell**2 + 2 * plan.shared**2
    logarithm = replicate[:, :, None] + example[:, None, :] + cell - variance / 2
    losses = means[:, None, None] * np.exp(logarithm)
    if plan.tested < plan.rows:
        order = rng.permuted(np.tile(np.arange(plan.rows), (plan.replicates, 1)), axis=1)
        losses = np.where(order < plan.tested, losses, np.nan)
    test = np.nanmean(losses, axis=2).T
    noise = 0.05 * rng.standard_normal(test.shape)
    return ViewLosses(
        points=tuple(range(len(means))),
        test=test,
        validation=test,
        train_last=np.asarray(plan.train_means) * np.exp(noise),
        test_last=test,
        test_earlier=test,
        finite=np.ones(test.shape, dtype=bool),
        memorised=np.asarray(plan.train_means),
        example_losses=losses,
    )


def _effects(
    rng: np.random.Generator, shape: tuple[int, int], own: float, shared: float
) -> FloatArray:
    """(D, units): effects of each unit, in part its own at each point, in part the same at all."""
    fresh = own * rng.standard_normal(shape)
    return fresh + shared * rng.standard_normal((1, shape[1]))
