"""Run trials until as many are finished as were asked for."""

from collections.abc import Callable, Sequence

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
    pruner_for,
    sampler_for,
    this_process,
)
from depthgauge.search.trial import StoppedError, train_trial
from depthgauge.seeds import Purpose, generator
from depthgauge.training.engine import Job


def run_trials(
    study: optuna.Study,
    plan: Plan,
    dataset: Dataset,
    trials: int,
    device: torch.device,
    workers: int,
    on_trial: Callable[[Sequence[FrozenTrial]], None],
) -> list[FrozenTrial]:
    """The first `trials` finished trials, after running those that are missing.

    dataset: without test rows. on_trial is told all finished trials after each one. An
    interruption ends the trial in hand as failed and leaves no trace in what follows.
    """
    study.pruner = pruner_for(plan)
    seed = int(generator(plan.seed, Purpose.SEARCH_TRAINING).integers(2**62))
    finished = finished_trials(study)
    while len(finished) < trials:
        study.sampler = sampler_for(plan, len(finished))
        if not finished and not study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
            study.enqueue_trial(plan.first_values())
        trial = study.ask(plan.distributions())
        try:
            trial.set_user_attr(PROCESS, this_process())
            trial.set_user_attr(PLACE, len(finished))
            job = Job(dataset, plan.recipe_with(trial.params), seed, device)
            _run(study, trial, plan, job, workers)
        except BaseException:
            trial.set_user_attr(WHY_FAILED, INTERRUPTED)
            study.tell(trial, state=TrialState.FAIL)
            raise
        finished = finished_trials(study)
        on_trial(finished)
    return finished[:trials]


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
