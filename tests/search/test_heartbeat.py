"""By their signs of life, trials of living machines are told from those of dead ones."""

import threading
import time

import optuna
import pytest

from depthgauge.search import heartbeat
from depthgauge.search.heartbeat import are_decided, beating, stale_trials
from depthgauge.search.storage import open_storage


@pytest.fixture
def clock(monkeypatch):
    """The process's own clock, which a test puts forward."""
    now = [100.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "journal.log")


def begun(path):
    """A study in a journal and the id of a trial in hand."""
    study = optuna.create_study(storage=open_storage(path), study_name="one")
    return study, study.ask()._trial_id


def test_a_journal_is_watched_by_ones_own_clock(path, clock):
    study, trial = begun(path)
    study._storage.record_heartbeat(trial)
    watcher = open_storage(path)
    where = (watcher, study._study_id)
    # However old its sign is: nobody knows.
    assert stale_trials(*where) == []
    assert not are_decided(*where, [trial])
    clock[0] += heartbeat.GRACE_S - 1
    assert stale_trials(*where) == []
    study._storage.record_heartbeat(trial)
    assert are_decided(*where, [trial])
    assert stale_trials(*where) == []
    clock[0] += heartbeat.GRACE_S + 1
    assert stale_trials(*where) == [trial]
    # What has come back is not dead.
    study._storage.record_heartbeat(trial)
    assert stale_trials(*where) == []
    study.tell(trial, 1.0)
    clock[0] += heartbeat.GRACE_S + 1
    assert stale_trials(*where) == []
    assert are_decided(*where, [trial])


def test_a_trial_of_an_earlier_version_gives_no_sign_and_is_not_dead(path, clock):
    study, trial = begun(path)
    watcher = open_storage(path)
    for _ in range(2):
        assert stale_trials(watcher, study._study_id) == []
        assert are_decided(watcher, study._study_id, [trial])
        clock[0] += heartbeat.GRACE_S + 1


def test_a_trial_gives_signs_while_it_is_run(path, monkeypatch):
    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.05)
    study, trial = begun(path)

    def beats():
        return study._storage.get_trial(trial).system_attrs.get(heartbeat.BEAT, 0)

    with beating(study._storage, trial):
        assert beats() >= 1
        deadline = time.monotonic() + 30
        while beats() < 4 and time.monotonic() < deadline:
            time.sleep(0.05)
    last = beats()
    assert last >= 4
    time.sleep(0.3)
    assert beats() == last


def test_a_sign_that_cannot_be_written_is_no_error(path, monkeypatch, capfd):
    """The trial's own reports tell of a storage that is lost; later signs may pass."""
    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.02)
    study, trial = begun(path)
    storage, original, calls = study._storage, study._storage.record_heartbeat, []
    passed = threading.Event()

    def record(trial_id):
        calls.append(1)
        if len(calls) in (2, 3):
            raise OSError("no space left on device")
        original(trial_id)
        if len(calls) > 4:
            passed.set()

    monkeypatch.setattr(storage, "record_heartbeat", record)
    with beating(storage, trial):
        assert passed.wait(30)
    assert capfd.readouterr().err == ""


def test_a_storage_without_signs_goes_without():
    study = optuna.create_study()
    trial = study.ask()
    with beating(study._storage, trial._trial_id):
        assert stale_trials(study._storage, study._study_id) == []
    assert are_decided(study._storage, study._study_id, [trial._trial_id])
