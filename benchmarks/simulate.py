"""Simulated views whose truth is known, to check the rule against."""

from dataclasses import dataclass, replace

import numpy as np

from depthgauge.statistics.losses import ViewLosses
from depthgauge.statistics.stopping import FloatArray


@dataclass(frozen=True)
class Scenario:
    """How to simulate the losses of R replicates on a pool of N examples at D points.

    Loss of replicate r on example n at point d is log-normal (positive and skewed, as losses are)
    with expectation exactly test_means[d]; its logarithm is a sum of independent normal effects.

    test_means, train_means: (D,) expected losses. replicates: R. rows: N. tested: rows in each
    replicate's test set; fewer than N = each replicate draws its own, N = one fixed test set.
    Standard deviations of the effects: replicate (r at each d: luck of the seed), example (n at
    each d: what another sample would change), cell (r, n at each d), shared (r at all d and n at
    all d: what pairing removes), study (a study at each d: the luck of its search), group (a group
    of rows at each d: what other people, machines or sites would change).
    autocorrelation: of the example effects from row to row, AR(1). studies: among which the
    replicates are shared out; None where no search was. groups: among which the rows are, as many
    in each as can be; None where they belong to none.
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
    study: float = 0.0
    studies: int | None = None
    group: float = 0.0
    groups: int | None = None


def simulate(scenario: Scenario, rng: np.random.Generator) -> ViewLosses:
    """One simulated experiment; validation losses are the test losses, every loss is finite."""
    means = np.asarray(scenario.test_means)
    shape = (len(means), scenario.replicates, scenario.rows)
    replicate = _effects(rng, shape[:2], scenario.replicate, scenario.shared)
    example = _effects(rng, (shape[0], shape[2]), scenario.example, scenario.shared)
    for row in range(1, scenario.rows):
        fresh = np.sqrt(1 - scenario.autocorrelation**2) * example[:, row]
        example[:, row] = scenario.autocorrelation * example[:, row - 1] + fresh
    groups = None
    if scenario.groups is not None:
        groups = np.arange(scenario.rows) * scenario.groups // scenario.rows
        example = (
            example + (scenario.group * rng.standard_normal((shape[0], scenario.groups)))[:, groups]
        )
    cell = scenario.cell * rng.standard_normal(shape)
    clusters = np.arange(scenario.replicates) % (scenario.studies or scenario.replicates)
    if scenario.studies is not None:
        luck = scenario.study * rng.standard_normal((shape[0], scenario.studies))
        replicate = replicate + luck[:, clusters]
    spread = (scenario.replicate, scenario.example, scenario.cell, scenario.study, scenario.group)
    variance = sum(sd**2 for sd in spread) + 2 * scenario.shared**2
    logarithm = replicate[:, :, None] + example[:, None, :] + cell - variance / 2
    losses = means[:, None, None] * np.exp(logarithm)
    if scenario.tested < scenario.rows:
        order = rng.permuted(np.tile(np.arange(scenario.rows), (scenario.replicates, 1)), axis=1)
        losses = np.where(order < scenario.tested, losses, np.nan)
    test = np.nanmean(losses, axis=2).T
    noise = 0.05 * rng.standard_normal(test.shape)
    train = np.asarray(scenario.train_means) * np.exp(noise)
    return ViewLosses(
        points=tuple(range(len(means))),
        quantities={"train_loss": train, "validation_loss": test, "test_loss": test},
        test_last=test,
        test_earlier=test,
        finite=np.ones(test.shape, dtype=bool),
        memorised=np.tile(scenario.train_means, (scenario.replicates, 1)),
        example_losses=losses,
        clusters=clusters,
        groups=groups,
    )


def first(view: ViewLosses, replicates: int) -> ViewLosses:
    """The view with so many replicates."""
    ends = {
        name: None if losses is None else losses[:replicates]
        for name, losses in (("test_last", view.test_last), ("test_earlier", view.test_earlier))
    }
    return replace(
        view,
        quantities={name: values[:replicates] for name, values in view.quantities.items()},
        finite=view.finite[:replicates],
        memorised=view.memorised[:replicates],
        example_losses=view.example_losses[:, :replicates],
        clusters=view.clusters[:replicates],
        **ends,
    )


def _effects(
    rng: np.random.Generator, shape: tuple[int, int], own: float, shared: float
) -> FloatArray:
    """(D, units): effects of each unit, in part its own at each point, in part the same at all."""
    fresh = own * rng.standard_normal(shape)
    return fresh + shared * rng.standard_normal((1, shape[1]))


@dataclass(frozen=True)
class Linear:
    """Nested linear models, fitted in full: of all, risk over fresh pools is exactly the same.

    columns: how many inputs each model sees, ascending. pool: N examples, drawn anew in each
    experiment, of which every replicate draws `train` and `test` at random.
    """

    columns: tuple[int, ...]
    pool: int
    train: int
    test: int
    replicates: int

    @property
    def coefficients(self) -> FloatArray:
        """Of the truth; the noise has deviation 1.

        With normal inputs the risk of k columns is (1 + the squares left out) times
        (1 + k / (train - k - 1)): the squares are chosen so that the product is that of the last.
        """
        factors = [1 + k / (self.train - k - 1) for k in self.columns]
        left_out = [factors[-1] / factor - 1 for factor in factors]
        truth = np.full(self.columns[-1], 0.3)
        pairs = zip(self.columns[:-1], self.columns[1:], strict=True)
        for place, (fewer, more) in enumerate(pairs):
            squares = left_out[place] - left_out[place + 1]
            truth[fewer:more] = np.sqrt(squares / (more - fewer))
        return truth


def simulate_linear(scenario: Linear, rng: np.random.Generator) -> ViewLosses:
    """One experiment on a pool of its own; all luck is that of rows, there are no seeds."""
    truth, pool = scenario.coefficients, scenario.pool
    inputs = rng.standard_normal((pool, truth.size))
    targets = inputs @ truth + rng.standard_normal(pool)
    losses = np.full((len(scenario.columns), scenario.replicates, pool), np.nan)
    train = np.empty((scenario.replicates, len(scenario.columns)))
    for replicate in range(scenario.replicates):
        order = rng.permutation(pool)
        seen, unseen = np.split(order[: scenario.train + scenario.test], [scenario.train])
        for place, count in enumerate(scenario.columns):
            fitted = np.linalg.lstsq(inputs[seen, :count], targets[seen], rcond=None)[0]
            errors = np.square(targets - inputs[:, :count] @ fitted)
            losses[place, replicate, unseen] = errors[unseen]
            train[replicate, place] = errors[seen].mean()
    test = np.nanmean(losses, axis=2).T
    return ViewLosses(
        points=tuple(range(len(scenario.columns))),
        quantities={"train_loss": train, "validation_loss": test, "test_loss": test},
        test_last=test,
        test_earlier=test,
        finite=np.ones(test.shape, dtype=bool),
        memorised=np.ones((scenario.replicates, len(scenario.columns))),
        example_losses=losses,
        clusters=np.arange(scenario.replicates),
        training_share=scenario.train / pool,
    )
