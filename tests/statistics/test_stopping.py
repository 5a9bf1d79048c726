import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from depthgauge.statistics.stopping import (
    BestEpoch,
    Stopped,
    best_epochs,
    finite_replicates,
    stopped,
)

losses = arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 6)),
    elements=st.floats(0, 100) | st.sampled_from([np.nan, np.inf]),
)


def curves():
    """Two replicates, five epochs."""
    return {f"{split}_loss": np.ones((2, 5)) for split in ("train", "validation", "test")}


@given(losses)
def test_last_is_the_last_epoch(validation):
    stops = stopped({"validation_loss": validation})["last"]
    assert stops.epochs.tolist() == [validation.shape[1] - 1] * validation.shape[0]


@given(losses)
def test_validation_is_the_first_epoch_of_least_finite_loss(validation):
    stops = stopped({"validation_loss": validation})["validation"]
    for row, stop in zip(validation, stops.epochs, strict=True):
        finite = [(value, epoch) for epoch, value in enumerate(row) if np.isfinite(value)]
        assert stop == (min(finite)[1] if finite else len(row) - 1)


@given(losses)
def test_told_one_epoch_at_a_time_the_rule_is_the_same(validation):
    best = BestEpoch(validation.shape[0])
    for epoch in range(validation.shape[1]):
        improved = best.update(epoch, validation[:, epoch])
        so_far = best_epochs(validation[:, : epoch + 1])
        assert best.epochs.tolist() == so_far.tolist()
        # What training keeps the weights by.
        assert improved.tolist() == (so_far == epoch).tolist()


@given(losses)
def test_a_curve_is_taken_at_each_replicates_own_epoch(curve):
    epochs = np.arange(curve.shape[0]) % curve.shape[1]
    taken = Stopped(epochs, np.ones(len(epochs), bool)).at(curve)
    for replicate, epoch in enumerate(epochs):
        np.testing.assert_equal(taken[replicate], curve[replicate, epoch])


@pytest.mark.parametrize("name", ["train_loss", "validation_loss", "test_loss"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("epoch", [0, 4])
def test_one_loss_that_is_not_finite_is_a_diverged_replicate(name, value, epoch):
    given = curves()
    given[name][1, epoch] = value
    assert finite_replicates(given.values()).tolist() == [True, False]
    for stops in stopped(given).values():
        assert stops.finite.tolist() == [True, False]


def test_an_error_rate_says_nothing_of_divergence():
    given = curves() | {"train_error": np.full((2, 5), np.nan)}
    assert all(stops.finite.all() for stops in stopped(given).values())
