"""One trial: a few replicates of one recipe, trained until they are done or cannot win."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from depthgauge.settings.search import Objective
from depthgauge.statistics.stopping import Stopped, best_epochs, finite_replicates
from depthgauge.training.engine import Job, train_for_losses
from depthgauge.training.groups import make_groups, useful_workers

# How often in a trial its value is reported, and a pruner asked.
REPORTS = 12
# Told (epoch, value so far); returns whether to stop.
Report = Callable[[int, float], bool]


class StoppedError(Exception):
    """The trial was ended before its last epoch, by whoever was told its values."""


def report_epochs(epochs: int) -> list[int]:
    """The epochs (1, 2, ...) after which a trial's value is reported; the last is among them."""
    return sorted({-(-epochs * k // REPORTS) for k in range(1, REPORTS + 1)})


def objective_of(losses: np.ndarray, objective: Objective) -> np.ndarray:
    """(R,) what each replicate has reached: losses of the epochs so far, (R, e).

    validation_loss: the least of any epoch, as the stopping `validation` would keep it.
    train_loss: that of the last epoch. Not finite where the replicate diverged at any epoch.
    """
    last = np.full(losses.shape[0], losses.shape[1] - 1)
    epochs = best_epochs(losses) if objective == "validation_loss" else last
    stops = Stopped(epochs, finite_replicates([losses]))
    return np.where(stops.finite, stops.at(losses), np.nan)


def train_trial(
    job: Job, objective: Objective, replicates: Sequence[int], workers: int, report: Report
) -> float:
    """The mean over replicates of the objective after the last epoch.

    job: its data without test rows (`without_test`). report(epoch, value so far) is called for each
    epoch of `report_epochs`, when all groups have come to it, so that its answers do not depend
    on which group is faster; it returns whether to stop. Raises StoppedError then.
    """
    count, split = len(replicates), objective.removesuffix("_loss")
    workers = useful_workers(job, count, workers)
    groups = make_groups(replicates, -(-count // workers), workers)
    reached: list[np.ndarray] = [np.empty(0)] * len(groups)
    epochs = iter(report_epochs(job.recipe.epochs))
    stop = False

    def tell() -> None:
        nonlocal stop
        stop = report(next(epochs), float(np.concatenate(reached).mean()))

    meeting = threading.Barrier(len(groups), action=tell)
    due = set(report_epochs(job.recipe.epochs))

    def one(number: int) -> None:
        def on_epoch(epoch: int, losses: np.ndarray) -> None:
            if meeting.broken:
                raise threading.BrokenBarrierError
            if epoch in due:
                reached[number] = objective_of(losses, objective)
                meeting.wait()
                if stop:
                    raise StoppedError

        try:
            train_for_losses(job, groups[number], split, on_epoch)
        except BaseException:
            meeting.abort()
            raise

    with ThreadPoolExecutor(len(groups)) as executor:
        futures = [executor.submit(one, number) for number in range(len(groups))]
        try:
            errors = [error for f in futures if (error := f.exception()) is not None]
        except BaseException:
            meeting.abort()
            raise
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError | StoppedError):
            raise error
    if errors:
        raise StoppedError
    return float(np.concatenate(reached).mean())
