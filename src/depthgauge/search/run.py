"""Run trials until as many are finished as were asked for, or time is up."""

import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass

import numpy as np
import optuna
import torch
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from depthgauge.data.dataset import Dataset
from depthgauge.errors import InputError
from depthgauge.search.attributes import DIVERGED, INTERRUPTED, PLACE, PROCESS, WHY_FAILED
from depthgauge.search.enqueue import end_unfit, waiting
from depthgauge.search.heartbeat import beating
from depthgauge.search.leftovers import end_dead, this_process
from depthgauge.search.plan import Plan
from depthgauge.search.signals import held
from depthgauge.search.study import finished_trials, joined_sampler_for, pruner_for, sampler_for
from depthgauge.search.trial import StoppedError, train_trial
from depthgauge.seeds import Purpose, generator
from depthgauge.training.engine import Job


@dataclass(frozen=True)
class Goal:
    """When a search of one study ends: at what comes first.

    total: finished trials of the study, whoever ran them. more: trials that this search finishes.
    seconds: after which it begins no further trial; the first one it always begins. waiting: it
    runs those alone that were enqueued.
    """

    total: int | None = None
    more: int | None = None
    seconds: float | None = None
    waiting: bool = False

    def is_met(self, finished: int, ran: int, seconds: float) -> bool:
        """Whether the study's finished trials, those that this search ran, or time are enough."""
        if self.total is not None and finished >= self.total:
            return True
        if self.more is not None and ran >= self.more:
            return True
        return self.seconds is not None and ran > 0 and seconds >= self.seconds


def run_trials(
    study: optuna.Study,
    plan: Plan,
    dataset: Dataset,
    goal: Goal,
    device: torch.device,
    workers: int,
    on_trial: Callable[[Sequence[FrozenTrial]], None],
    alone: bool = True,
    turn: AbstractContextManager[object] | None = None,
) -> list[FrozenTrial]:
    """The finished trials, the first `goal.total` of them, after running those that are missing.

    dataset: without test rows. on_trial is told all finished trials after each one. An
    interruption ends the trial in hand as failed and leaves no trace in what follows. alone: no
    other search runs trials of the study meanwhile; then they are the same each time. turn: held
    while a trial is asked for, once for each (`storage.turn`).
    """
    study.pruner = pruner_for(plan)
    seed = int(generator(plan.seed, Purpose.SEARCH_TRAINING).integers(2**62))
    finished, ran, began = finished_trials(study), 0, time.monotonic()
    while not goal.is_met(len(finished), ran, time.monotonic() - began):
        trial: optuna.Trial | None = None
        try:
            with held(), turn or nullcontext():
                if goal.waiting and not waiting(study):
                    break
                trial, place = _begin(study, plan, len(finished), alone)
            with beating(study._storage, trial._trial_id):
                with held():
                    trial.set_user_attr(PROCESS, this_process())
                    trial.set_user_attr(plan.axis, plan.point)
                    if place is not None:
                        trial.set_user_attr(PLACE, place)
                job = Job(dataset, plan.recipe_with(trial.params), seed, device)
                _run(study, trial, plan, job, workers)
        except UpdateFinishedTrialError:
            assert trial is not None
            raise InputError(
                f"search: trial {trial.number} of {study.study_name!r} was ended from elsewhere, "
                "in the dashboard or by a search on another machine, to which this one gave no "
                "sign of life; finished trials are kept: run the same command again"
            ) from None
        except BaseException:
            if trial is not None:
                _end(study, trial)
            raise
        ran += 1
        with held():
            finished = finished_trials(study)
        on_trial(finished)
    return finished[: goal.total]


def _begin(
    study: optuna.Study, plan: Plan, finished: int, alone: bool
) -> tuple[optuna.Trial, int | None]:
    """The next trial of a study that has so many finished ones, and its place where it is known."""
    if not alone:
        end_dead(study, plan.space)
    end_unfit(study, plan.distributions())
    study.sampler = sampler_for(plan, finished) if alone else joined_sampler_for(plan)
    others = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    if not finished and not (others or waiting(study)):
        study.enqueue_trial(plan.first_values())
    with warnings.catch_warnings():
        # Its thread is that of Study.optimize; here it is another (heartbeat.py).
        warnings.filterwarnings("ignore", "Heartbeat of storage", UserWarning)
        trial = study.ask(plan.distributions())
    return trial, None if others else finished


def _end(study: optuna.Study, trial: optuna.Trial) -> None:
    """Tell an interrupted trial failed, unless it was just told what it is.

    Where the storage is lost too, the next search of the study ends it.
    """
    with suppress(Exception):
        trial.set_user_attr(WHY_FAILED, INTERRUPTED)
        study.tell(trial, state=TrialState.FAIL)


def _run(study: optuna.Study, trial: optuna.Trial, plan: Plan, job: Job, workers: int) -> None:
    """Train the trial and tell the study its true state."""
    told: list[float] = []

    def report(epoch: int, value: float) -> bool:
        told.append(value)
        if not np.isfinite(value):
            return True
        trial.report(value, epoch)
        return trial.should_prune()

    state = TrialState.COMPLETE
    try:
        value = train_trial(job, plan.objective, plan.replicates, workers, report)
    except StoppedError:
        value, state = told[-1], TrialState.PRUNED
    with held():
        # Optuna would take an infinity for a complete trial.
        if not np.isfinite(value):
            trial.set_user_attr(WHY_FAILED, DIVERGED)
            state = TrialState.FAIL
        _tell(study, trial, state, value if state is TrialState.COMPLETE else None)


def _tell(study: optuna.Study, trial: optuna.Trial, state: TrialState, value: float | None) -> None:
    """Raises UpdateFinishedTrialError for a trial that was ended from elsewhere."""
    if study._storage.get_trial(trial._trial_id).state.is_finished():
        raise UpdateFinishedTrialError
    study.tell(trial, value, state)
