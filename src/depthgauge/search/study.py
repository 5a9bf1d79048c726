"""A study in a storage: found by its plan, left tidy, its finished trials counted."""

import os
import platform
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import optuna
import psutil
from filelock import FileLock, Timeout
from optuna.exceptions import ExperimentalWarning
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest, json_digest
from depthgauge.search.plan import Plan
from depthgauge.search.trial import REPORTS
from depthgauge.seeds import Purpose, generator

# Attributes of trials and studies in Optuna.
WHY_FAILED, PROCESS, PLAN = "why failed", "process", "plan"
# A trial's number in the files and in MLflow: its place among the finished trials. Optuna's own
# number counts interrupted trials too.
PLACE = "finished trial"
JUST_BEGUN_S = 10
DIVERGED, INTERRUPTED = "diverged", "interrupted"


def study_name(experiment: str, plan: Plan) -> str:
    """A name for people, with the digest of all that decides a trial's value."""
    of = "" if plan.recipe == "tuned" else f"{plan.recipe} "
    place = f"{of}{plan.axis} {plan.point} study {plan.study}"
    return f"{experiment} {place} {json_digest(plan.record())[:8]}"


def open_study(
    storage: BaseStorage, experiment: str, plan: Plan, join: bool = False
) -> optuna.Study:
    """The plan's study, made where it is missing; trials that died in it are told so.

    join: trials that others are running are left to them. Raises InputError if a study of that
    name is of another plan, or, without `join`, a trial in it is being run by another process.
    """
    name = study_name(experiment, plan)
    record = plan.record()
    study = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
    known = study.user_attrs.get(PLAN)
    if known is None and not study.trials:
        describe_study(study, record)
    elif json_digest(known) != json_digest(record):
        raise InputError(
            f"--storage: its study {name!r} has another search space or recipe; name another "
            "storage, or delete that study"
        )
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        _end_leftover(study, trial, join)
    return study


def describe_study(study: optuna.Study, record: Mapping[str, Any]) -> None:
    """Tell an empty study what it is; record: a plan's (`Plan.record`)."""
    study.set_user_attr(PLAN, dict(record))
    study.set_user_attr(record["axis"], record["point"])
    for key, value in record["base"].items():
        study.set_user_attr(f"recipe {key}", value)
    study.set_user_attr("objective", record["objective"])
    # What the dashboard calls a trial's value; without it `Objective 0`.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        study.set_metric_names([f"mean {record['objective']}"])


def _end_leftover(study: optuna.Study, trial: FrozenTrial, join: bool) -> None:
    """A trial that nobody runs any more is told so, and leaves no trace in what follows."""
    owner = trial.user_attrs.get(PROCESS, {})
    if owner and (owner.get("host") != platform.node() or _is_alive(owner)):
        if join:
            return
        raise InputError(
            f"--storage: trial {trial.number} of {study.study_name!r} is being run on "
            f"{owner.get('host')} by process {owner.get('pid')}; wait for it, or tell it failed in "
            "the dashboard"
        )
    # Another search may have just begun one that does not say yet whose it is.
    begun = trial.datetime_start
    if join and not owner and begun and (datetime.now() - begun).total_seconds() < JUST_BEGUN_S:
        return
    study._storage.set_trial_user_attr(trial._trial_id, WHY_FAILED, INTERRUPTED)
    study.tell(trial.number, state=TrialState.FAIL)


def _is_alive(owner: dict[str, Any]) -> bool:
    """Whether another process of this machine still runs; a later one may have its number."""
    if owner["pid"] == os.getpid():
        return False
    try:
        began = psutil.Process(owner["pid"]).create_time()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    # The system's clock may have been put right in between.
    return bool(abs(began - owner["started"]) < 5)


@contextmanager
def sole_search(work: Path, url: str, name: str, join: bool = False) -> Iterator[bool]:
    """Holds the lock of the one search of a study on this machine; gives whether it does.

    join: where another search holds it, this one goes on beside it. Raises InputError else.
    """
    work.mkdir(parents=True, exist_ok=True)
    place = url if "://" in url else str(Path(url).resolve())
    lock = FileLock(work / f"search-{bytes_digest(f'{place} {name}'.encode())[:16]}.lock")
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        if not join:
            raise InputError(
                f"search: another search of {name!r} is going on; wait for it, or end it first"
            ) from None
        yield False
        return
    with held:
        yield True


def this_process() -> dict[str, Any]:
    """Who runs a trial."""
    started = int(psutil.Process().create_time())
    return {"host": platform.node(), "pid": os.getpid(), "started": started}


def finished_trials(study: optuna.Study) -> list[FrozenTrial]:
    """The trials that count, in their order: complete, pruned, or failed by diverging."""
    states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
    return [
        trial
        for trial in study.get_trials(deepcopy=False, states=states)
        if trial.state is not TrialState.FAIL or trial.user_attrs.get(WHY_FAILED) == DIVERGED
    ]


def sampler_for(plan: Plan, finished: int) -> BaseSampler:
    """The sampler of the next trial, seeded by the number of finished trials before it.

    So a study goes on exactly as if it had never been interrupted. Studies of one number share
    their random numbers over the points, which compare them.
    """
    rng = generator(plan.seed, Purpose.SEARCH, plan.study, finished)
    seed = int(rng.integers(2**32))
    if plan.sampler == "random":
        return RandomSampler(seed=seed)
    return TPESampler(seed=seed, n_startup_trials=plan.startup_trials)


def joined_sampler_for(plan: Plan) -> BaseSampler:
    """The sampler of a search that runs beside others: its trials depend on who is faster.

    Its random numbers are its own, so that no two of them try the same.
    """
    if plan.sampler == "random":
        return RandomSampler()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        # What others are trying now is not tried again.
        return TPESampler(n_startup_trials=plan.startup_trials, constant_liar=True)


def pruner_for(plan: Plan) -> BasePruner:
    """The pruner: `median` stops a trial that is worse than half of those before it."""
    if plan.pruner == "none":
        return NopPruner()
    # A third of a trial is left alone: a high rate begins badly and may end well.
    warmup, steps = plan.base.epochs // 3, max(1, plan.base.epochs // REPORTS)
    return MedianPruner(plan.startup_trials, n_warmup_steps=warmup, interval_steps=steps)
