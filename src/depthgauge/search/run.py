"""Run trials until as many are finished as were asked for, or time is up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState

from depthgauge.data.dataset import Dataset
from depthgauge.search.plan import Plan
from depthgauge.search.study import (
    DIVERGED,
    INTERRUPTED,
    PLACE,
    PROCESS,
    WHY_FAILED,
    finished_trials,
    joined_sampler_for,
    pruner_for,
    sampler_for,
    this_process,
)
from depthgauge.search.trial import StoppedError, train_trial
from depthgauge.seeds import Purpose, generator
from depthgauge.training.engine import Job


@dataclass(frozen=True)
class Goal:
    """When a search of one study ends: at what comes first.

    total: finished trials of the study, whoever ran them. more: trials that this search finishes.
    seconds: after which it begins no further trial; the first one it always begins.
    """

    total: int | None = None
    more: int | None = None
    seconds: float | None = None

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
) -> list[FrozenTrial]:
    """The finished trials, the first `goal.total` of them, after running those that are missing.

    dataset: without test rows. on_trial is told all finished trials after each one. An
    interruption ends the trial in hand as failed and leaves no trace in what follows. alone: no
    other search runs trials of the study meanwhile; then they are the same each time.
    """
    study.pruner = pruner_for(plan)
    seed = int(generator(plan.seed, Purpose.SEARCH_TRAINING).integers(2**62))
    finished, ran, began = finished_trials(study), 0, time.monotonic()
    while not goal.is_met(len(finished), ran, time.monotonic() - began):
        sampler = sampler_for(plan, len(finished)) if alone else joined_sampler_for(plan)
        study.sampler = sampler
        others = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        begun = others or study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
        if not finished and not begun:
            study.enqueue_trial(plan.first_values())
        trial = study.ask(plan.distributions())
        try:
            trial.set_user_attr(PROCESS, this_process())
            trial.set_user_attr(plan.axis, plan.point)
            if not others:
                trial.set_user_attr(PLACE, len(finished))
            job = Job(dataset, plan.recipe_with(trial.params), seed, device)
            _run(study, trial, plan, job, workers)
        except BaseException:
            trial.set_user_attr(WHY_FAILED, INTERRUPTED)
            study.tell(trial, state=TrialState.FAIL)
            raise
        ran += 1
        finished = finished_trials(study)
        on_trial(finished)
    return finished[: goal.total]


def _run(study: optuna.Study, trial: optuna.Trial, plan: Plan, job: Job, workers: int) -> None:
    """Train the trial and tell the study its true state."""
    told: list[float] = []

    def report(epoch: int, value: float) -> bool:
        told.append(value)
        if not np.isfinite(value):
            return True
        trial.report(value, epoch)
        return trial.should_prune()

    try:
        value = train_trial(job, plan.objective, plan.replicates, workers, report)
    except StoppedError:
        if np.isfinite(told[-1]):
            study.tell(trial, state=TrialState.PRUNED)
            return
        value = told[-1]
    # Optuna would take an infinity for a complete trial.
    if np.isfinite(value):
        study.tell(trial, value)
    else:
        trial.set_user_attr(WHY_FAILED, DIVERGED)
        study.tell(trial, state=TrialState.FAIL)
