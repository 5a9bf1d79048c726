"""The variance that training rows shared by all replicates leave, against its own definition."""

import numpy as np
import pytest

from depthgauge.statistics.training_luck import training_variance


def differences(rng, replicates, tested, rows, luck, noise):
    """(1, R, N): a luck of each replicate, and noise of each example, in random test sets."""
    values = rng.normal(0, luck, (replicates, 1)) + rng.normal(0, noise, (replicates, rows))
    order = rng.permuted(np.tile(np.arange(rows), (replicates, 1)), axis=1)
    return np.where(order < tested, values, np.nan)[None]


def test_it_is_the_variance_of_replicates_less_that_of_their_test_rows():
    rng = np.random.default_rng(1)
    values = differences(rng, 4000, 50, 200, 0.5, 2.0)
    share = 0.4
    found = training_variance(values, np.ones((1, 4000), dtype=bool), share)
    # Of its own noise a replicate's mean keeps sd^2 / 50; of that 1 - 50 / 200 is sampling.
    wanted = 0.5**2 + 2.0**2 / 50 * 50 / 200
    assert found == pytest.approx([share**2 / (1 - share**2) * wanted], rel=0.05)


def test_nothing_is_added_where_all_train_on_the_same_rows_or_there_is_one_replicate():
    values = differences(np.random.default_rng(2), 5, 10, 20, 1.0, 1.0)
    kept = np.ones((1, 5), dtype=bool)
    assert training_variance(values, kept, 0.0).tolist() == [0.0]
    assert training_variance(values, np.arange(5)[None] == 0, 0.4).tolist() == [0.0]


def test_it_is_never_below_zero():
    values = differences(np.random.default_rng(3), 3, 10, 1000, 0.0, 5.0)
    assert training_variance(values, np.ones((1, 3), dtype=bool), 0.9).min() >= 0
