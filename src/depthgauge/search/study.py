"""A study in a storage: found by its plan, left tidy, its finished trials counted."""

import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock, Timeout
from optuna.exceptions import ExperimentalWarning
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from depthgauge.errors import InputError
from depthgauge.files.digests import bytes_digest, json_digest
from depthgauge.search.attributes import DIVERGED, PLAN, WHY_FAILED
from depthgauge.search.leftovers import end_leftovers
from depthgauge.search.plan import Plan
from depthgauge.search.trial import REPORTS
from depthgauge.seeds import Purpose, generator


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
    try:
        study = optuna.load_study(study_name=name, storage=storage)
    except KeyError:
        # Another search may be faster. Of one that is there a journal would get a line each time.
        study = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
    known = study.user_attrs.get(PLAN)
    if known is None and not study.trials:
        describe_study(study, record)
    elif json_digest(known) != json_digest(record):
        raise InputError(
            f"--storage: its study {name!r} has another search space or recipe; name another "
            "storage, or delete that study"
        )
    for trial in study.get_trials(deepcopy=False):
        _check(trial, plan)
    end_leftovers(study, join, plan.space)
    return study


def _check(trial: FrozenTrial, plan: Plan) -> None:
    """Raises ValueError for a trial that no search of the plan has left: its storage is damaged."""
    space, where = plan.distributions(), f"trial {trial.number}"
    for name, value in trial.params.items():
        if trial.distributions[name] != space.get(name):
            raise ValueError(f"{where}: {name!r} is of another search space")
        if not space[name]._contains(space[name].to_internal_repr(value)):
            raise ValueError(f"{where}: {name!r} is {value!r}, which is not in the search space")
    whole = trial.state in (TrialState.COMPLETE, TrialState.PRUNED)
    if whole and set(trial.params) != set(space):
        raise ValueError(f"{where}: a searched value is missing")
    numbers = [*trial.intermediate_values.values(), *(trial.values or [])]
    if not all(isinstance(number, float) and math.isfinite(number) for number in numbers):
        raise ValueError(f"{where}: one of its values is no number")
    if not all(isinstance(epoch, int) for epoch in trial.intermediate_values):
        raise ValueError(f"{where}: one of its epochs is no whole number")
    if trial.state is TrialState.COMPLETE and len(numbers) == len(trial.intermediate_values):
        raise ValueError(f"{where}: has no value")


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
