"""Signs of life of the trials that are being run, by which those of a dead machine are known.

In a database they are Optuna's own heartbeat, by the clock of its server. A journal has none.
"""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from optuna.storages import BaseStorage, JournalStorage
from optuna.storages._heartbeat import BaseHeartbeat
from optuna.storages.journal import BaseJournalBackend
from optuna.trial import TrialState

# How often a trial that is run gives a sign, and how long without one it is taken for dead. Whole
# seconds, as Optuna counts them.
INTERVAL_S, GRACE_S = 20, 90
BEAT = "beat"
# How long the end of a trial waits for a sign that is being written: a server may not answer.
LAST_BEAT_S = 5


@dataclass
class _Watch:
    """The newest sign of a trial: its number, when this process first saw it, and whether the
    trial has given a new one since it is watched.
    """

    beat: int
    since: float
    is_alive: bool = False


class BeatingJournal(JournalStorage):
    """A journal file with a heartbeat.

    Machines that share a file share no clock. So what counts is how long this process has watched a
    trial without a new sign, by its own clock alone.
    """

    def __init__(self, backend: BaseJournalBackend) -> None:
        super().__init__(backend)
        self._watched: dict[int, _Watch] = {}

    def record_heartbeat(self, trial_id: int) -> None:
        """The next sign of a trial."""
        beat = self.get_trial(trial_id).system_attrs.get(BEAT, 0)
        self.set_trial_system_attr(trial_id, BEAT, beat + 1)

    def _get_stale_trial_ids(self, study_id: int) -> list[int]:
        """Trials that have been watched without a new sign for too long; those of earlier
        versions, which give none, are not among them.
        """
        now, running = time.monotonic(), (TrialState.RUNNING,)
        stale = []
        for trial in self.get_all_trials(study_id, deepcopy=False, states=running):
            beat = trial.system_attrs.get(BEAT)
            if beat is None:
                continue
            watch = self._watched.setdefault(trial._trial_id, _Watch(beat, now))
            if watch.beat != beat:
                self._watched[trial._trial_id] = _Watch(beat, now, is_alive=True)
            elif now - watch.since > GRACE_S:
                stale.append(trial._trial_id)
        return stale

    def has_shown(self, trial_id: int) -> bool:
        """Whether a trial has been watched for long enough to say if it is alive."""
        watch = self._watched.get(trial_id)
        return watch is None or watch.is_alive or time.monotonic() - watch.since > GRACE_S


def stale_trials(storage: BaseStorage, study_id: int) -> list[int]:
    """The ids of the running trials that have given no sign for too long."""
    heart = _heart(storage)
    return [] if heart is None else heart._get_stale_trial_ids(study_id)


def are_decided(storage: BaseStorage, study_id: int, trial_ids: Collection[int]) -> bool:
    """Whether it is known of running trials if they are alive; a database's server knows."""
    if not isinstance(storage, BeatingJournal):
        return True
    storage._get_stale_trial_ids(study_id)
    return all(storage.has_shown(trial_id) for trial_id in trial_ids)


@contextmanager
def beating(storage: BaseStorage, trial_id: int) -> Iterator[None]:
    """A sign of life of the trial at once and every INTERVAL_S seconds."""
    heart, ended = _heart(storage), threading.Event()
    if heart is None:
        yield
        return
    heart.record_heartbeat(trial_id)

    def beat() -> None:
        while not ended.wait(INTERVAL_S):
            # A storage that is lost is told of by the trial's own reports; the next sign may pass.
            with suppress(Exception):
                heart.record_heartbeat(trial_id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(LAST_BEAT_S)


def _heart(storage: BaseStorage) -> BaseHeartbeat | BeatingJournal | None:
    """The storage as one with a heartbeat; None if it has none."""
    return storage if isinstance(storage, BaseHeartbeat | BeatingJournal) else None
