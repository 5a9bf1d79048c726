"""A trial's value: an independent mean, whatever the machine; and no way to hang."""

import threading

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.dataset import without_test
from depthgauge.search import trial
from depthgauge.search.trial import StoppedError, objective_of, report_epochs, train_trial
from depthgauge.training.engine import Job, train_group

CPU = torch.device("cpu")
OBJECTIVES = ("validation_loss", "train_loss")


def within(seconds, work):
    """What work returns or raises; a test that hangs fails instead."""
    done = []

    def run():
        try:
            done.append((work(), None))
        except BaseException as error:
            done.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "hangs"
    value, error = done[0]
    if error is not None:
        raise error
    return value


def train(dataset, recipe, objective="validation_loss", replicates=3, workers=1, report=None):
    blank = without_test(dataset, range(replicates))
    report = report or (lambda epoch, value: False)
    arguments = (Job(blank, recipe, 11, CPU), objective, range(replicates), workers, report)
    return within(60, lambda: train_trial(*arguments))


@given(st.integers(1, 500))
def test_reports(epochs):
    found = report_epochs(epochs)
    assert found == sorted(set(found))
    assert found[0] >= 1
    assert found[-1] == epochs
    assert len(found) == min(epochs, 12)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("kind", ["images", "series"])
def test_value_is_the_mean_over_replicates_and_of_no_number_of_workers(
    small, plan, kind, objective
):
    dataset, recipe = small[kind][0], plan(kind).base.with_values({"epochs": 5})
    curves = train_group(Job(dataset, recipe, 11, CPU), range(3), lambda e, c: None)
    losses = curves.curves[objective]
    expected = np.mean(losses.min(1) if objective == "validation_loss" else losses[:, -1])
    told = {}
    for workers in (1, 2, 3):
        told[workers] = []
        value = train(
            dataset,
            recipe,
            objective,
            workers=workers,
            report=lambda epoch, v, told=told[workers]: told.append((epoch, v)),
        )
        assert value == expected
        assert told[workers][-1] == (5, value)
    assert told[1] == told[2] == told[3]
    assert [epoch for epoch, _ in told[1]] == [1, 2, 3, 4, 5]


def test_a_single_replicate(small, plan):
    dataset, recipe = small["images"][0], plan().base
    assert train(dataset, recipe, replicates=1, workers=1) == train(
        dataset, recipe, replicates=1, workers=3
    )


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_stops_when_told_to(small, plan, workers):
    dataset, recipe = small["images"][0], plan().base.with_values({"epochs": 20})
    told = []
    with pytest.raises(StoppedError):
        train(dataset, recipe, workers=workers, report=lambda e, v: bool(told.append(e)) or e >= 4)
    assert told == [2, 4]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_what_goes_wrong_in_one_group_ends_all(small, plan, workers, monkeypatch):
    original = trial.train_for_losses

    def broken(job, replicates, *rest):
        if replicates[0] == 0:
            raise MemoryError("of the first group")
        return original(job, replicates, *rest)

    monkeypatch.setattr(trial, "train_for_losses", broken)
    with pytest.raises(MemoryError, match="of the first group"):
        train(small["images"][0], plan().base, workers=workers)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_what_goes_wrong_in_a_report_ends_all(small, plan, workers):
    def report(epoch, value):
        raise OSError("storage gone")

    with pytest.raises(OSError, match="storage gone"):
        train(small["images"][0], plan().base, workers=workers, report=report)


def test_objectives_of_losses():
    losses = np.array([[4.0, 3.0, 5.0], [1.0, np.nan, 2.0], [1, 1, np.inf]])
    np.testing.assert_array_equal(objective_of(losses, "validation_loss"), [3, np.nan, np.nan])
    np.testing.assert_array_equal(objective_of(losses, "train_loss"), [5, np.nan, np.nan])
