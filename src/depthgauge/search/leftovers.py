"""Trials that are left running: of a search that was killed, or of a machine that died."""

import copy
import os
import platform
import time
import warnings
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import optuna
import psutil
from optuna.exceptions import ExperimentalWarning, UpdateFinishedTrialError
from optuna.storages import RetryHeartbeatStaleTrialCallback
from optuna.trial import FrozenTrial, TrialState

from depthgauge.errors import InputError
from depthgauge.progress import say
from depthgauge.search import heartbeat
from depthgauge.search.attributes import (
    INTERRUPTED,
    MACHINE_DIED,
    PLACE,
    PROCESS,
    RETRY_OF,
    WHY_FAILED,
)

JUST_BEGUN_S = 10
# How often one looks for a sign of a trial.
LOOK_EVERY_S = 0.5
RETRIES = 1


def this_process() -> dict[str, Any]:
    """Who runs a trial."""
    started = int(psutil.Process().create_time())
    return {"host": platform.node(), "pid": os.getpid(), "started": started}


def end_leftovers(study: optuna.Study, join: bool, names: Collection[str]) -> None:
    """Tell trials failed that nobody runs any more.

    join: those that others are running are left to them. names: of the searched values. Waits for
    a sign of trials on other machines, where only waiting tells. Raises InputError, without `join`,
    for a trial that another process runs.
    """
    for trial in _running(study):
        if not _is_elsewhere(trial):
            _end_of_this_machine(study, trial, join)
    if elsewhere := [trial for trial in _running(study) if _is_elsewhere(trial)]:
        _await_signs(study, elsewhere)
        end_dead(study, names)
        if not join and (left := [t for t in _running(study) if _is_elsewhere(t)]):
            raise _being_run(study, left[0])


def end_dead(study: optuna.Study, names: Collection[str]) -> None:
    """Tell trials failed whose machine has given no sign for too long, each to be tried once more.

    names: of the searched values; a trial that had not drawn all of them had not begun.
    """
    storage = study._storage
    for trial_id in heartbeat.stale_trials(storage, study._study_id):
        trial = storage.get_trial(trial_id)
        # A search on this machine that still lives may have been stopped for a while.
        if not _is_elsewhere(trial):
            continue
        try:
            storage.set_trial_user_attr(trial_id, WHY_FAILED, MACHINE_DIED)
            storage.set_trial_state_values(trial_id, state=TrialState.FAIL)
        except UpdateFinishedTrialError:
            continue  # another search was faster
        if set(trial.params) == set(names):
            _try_again(study, trial)


def _try_again(study: optuna.Study, trial: FrozenTrial) -> None:
    """The same values wait for whoever next asks for a trial, unless they have been tried twice."""
    again = copy.deepcopy(trial)
    for name in (PROCESS, PLACE, WHY_FAILED):
        again.user_attrs.pop(name, None)
    again.system_attrs.pop(heartbeat.BEAT, None)
    again.user_attrs[RETRY_OF] = trial.number
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        RetryHeartbeatStaleTrialCallback(max_retry=RETRIES)(study, again)
    # Two searches can find it at once, and sqlite lets both tell it failed; the first retry stays.
    waiting = study.get_trials(deepcopy=False, states=(TrialState.WAITING,))
    for twin in [w for w in waiting if w.user_attrs.get(RETRY_OF) == trial.number][1:]:
        with suppress(UpdateFinishedTrialError):
            study._storage.set_trial_state_values(twin._trial_id, state=TrialState.FAIL)


def _running(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))


def _is_elsewhere(trial: FrozenTrial) -> bool:
    owner: dict[str, Any] | None = trial.user_attrs.get(PROCESS)
    return owner is not None and owner.get("host") != platform.node()


def _await_signs(study: optuna.Study, trials: Collection[FrozenTrial]) -> None:
    """Until it is known of each of other machines' trials whether it is alive."""
    ids, said = [trial._trial_id for trial in trials], False
    while not heartbeat.are_decided(study._storage, study._study_id, ids):
        if not said:
            hosts = sorted({trial.user_attrs[PROCESS]["host"] for trial in trials})
            say(
                f"search: what runs on {', '.join(hosts)} of {study.study_name!r}: waiting for a "
                f"sign of life, {heartbeat.GRACE_S} s at most"
            )
            said = True
        time.sleep(LOOK_EVERY_S)


def _end_of_this_machine(study: optuna.Study, trial: FrozenTrial, join: bool) -> None:
    """It leaves no trace in what follows: the next trial has its values."""
    owner = trial.user_attrs.get(PROCESS, {})
    if owner and _is_alive(owner):
        if join:
            return
        raise _being_run(study, trial)
    # Another search may have just begun one that does not say yet whose it is.
    begun = trial.datetime_start
    if join and not owner and begun and _age(begun) < JUST_BEGUN_S:
        return
    try:
        study._storage.set_trial_user_attr(trial._trial_id, WHY_FAILED, INTERRUPTED)
        study._storage.set_trial_state_values(trial._trial_id, state=TrialState.FAIL)
    except UpdateFinishedTrialError:
        return  # another search was faster


def _age(begun: datetime) -> float:
    """In seconds; Optuna's times are local ones, with or without saying so."""
    return (datetime.now(UTC) - begun.astimezone(UTC)).total_seconds()


def _being_run(study: optuna.Study, trial: FrozenTrial) -> InputError:
    owner = trial.user_attrs[PROCESS]
    return InputError(
        f"--storage: trial {trial.number} of {study.study_name!r} is being run on "
        f"{owner.get('host')} by process {owner.get('pid')}; wait for it, or tell it failed in "
        "the dashboard"
    )


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
