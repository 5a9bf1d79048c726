"""A long training is seen while it goes on, and is never harmed by that."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from depthgauge.tracking import live, session
from depthgauge.tracking.live import LiveView
from depthgauge.tracking.runs import INPUTS, point_tags
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import Runs, Track, silent

LOSSES = {"train_loss": 0.5, "validation_loss": 0.75, "test_loss": float("nan")}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is logged at once."""
    monkeypatch.setattr(live, "LOG_EVERY_S", 0.05)
    monkeypatch.setattr(live, "WORTH_S", 0.0)


def view_of(folder: Path, live_after: float = 0.0) -> LiveView:
    return LiveView(folder, fake.live_settings(live_after), fake.provenance(1), 12, 36)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "live view"]


def until(holds: Callable[[], bool], patience_s: float = 60.0) -> None:
    ends = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture
def training(folder: Path, runs: Runs) -> Iterator[LiveView]:
    """A training that has done three epochs of all replicates, and is seen."""
    with view_of(folder) as view:
        for epoch in (1, 2, 3):
            view.epoch_done(0, 3, epoch, LOSSES)
        until(lambda: any("live/group 0/train_loss" in run.data.metrics for run in runs("point")))
        yield view
    assert not threads()


def test_a_short_training_leaves_no_trace(folder: Path, store: Store) -> None:
    with view_of(folder, live_after=1000.0) as view:
        for epoch in range(1, 13):
            view.epoch_done(0, 3, epoch, LOSSES)
        assert not threads()
    assert not live.live_folder(store.work).exists()


def test_a_training_that_is_nearly_done_is_not_shown(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WORTH_S", 45.0)
    with view_of(folder) as view:
        # 10 s gone for one epoch of 12, so 110 s to go; below 60 s for ten, so 12 s to go.
        view._began -= 10
        view.epoch_done(0, 3, 1, LOSSES)
        assert len(threads()) == 1
    with view_of(folder) as view:
        view._began -= 60
        view._seen = 27
        view.epoch_done(0, 3, 10, LOSSES)
        assert not threads()


def test_a_training_is_seen_as_running_with_its_curves_so_far(
    training: LiveView, store: Store, runs: Runs
) -> None:
    training.epoch_done(0, 3, 12, LOSSES)
    until(lambda: runs("point")[0].data.metrics["live/replicates_done"] == 3)

    (run,) = runs("point")
    assert (run.info.run_name, run.info.status) == ("fixed depth 1", "RUNNING")
    assert run.data.params["learning_rate"] == "0.003"
    with open_store(store, silent) as client:
        curve = client.get_metric_history(run.info.run_id, "live/group 0/train_loss")
    assert [(point.step, point.value) for point in curve] == [(e, 0.5) for e in (1, 2, 3, 12)]
    assert "live/group 0/test_loss" not in run.data.metrics


def test_track_completes_the_run_of_a_training_that_is_done(
    training: LiveView, folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    (seen,) = runs("point")
    fake.write_point(folder, 1)
    training.epoch_done(0, 3, 12, LOSSES)
    training.__exit__(None, None, None)
    assert [run.info.status for run in runs("point")] == ["RUNNING"]
    assert not threads()

    (tracked,) = track(fake.live_settings(1))

    assert (tracked.run_id, tracked.added) == (seen.info.run_id, True)
    (run,) = runs("point")
    assert run.info.status == "FINISHED"
    assert "test_loss" in run.data.metrics
    # What came between the last log and the end is there too.
    assert run.data.metrics["live/replicates_done"] == 3
    assert len(runs("replicate")) == 3


def test_track_leaves_a_training_that_goes_on_alone(
    training: LiveView, track: Track, runs: Runs
) -> None:
    track(fake.live_settings(1))
    assert [run.info.status for run in runs("point")] == ["RUNNING"]


def test_other_inputs_do_not_take_over_a_live_run(
    training: LiveView, folder: Path, track: Track, runs: Runs
) -> None:
    (seen,) = runs("point")
    training.__exit__(None, None, None)
    fake.write_point(folder, 1, code_digest="0" * 64)

    (tracked,) = track(fake.live_settings(1))

    assert tracked.run_id != seen.info.run_id
    assert sorted(run.info.status for run in runs("point")) == ["FINISHED", "KILLED"]


def test_a_second_training_of_the_same_point_is_not_shown(
    training: LiveView, folder: Path, runs: Runs
) -> None:
    with view_of(folder) as second:
        second.epoch_done(0, 3, 1, LOSSES)
        until(lambda: not second._healthy)
    assert len(runs("point")) == 1


def test_no_run_is_begun_for_a_training_that_is_over_already(
    folder: Path, store: Store, runs: Runs
) -> None:
    # Another writer, which the view has to wait for.
    with FileLock(store.work / "track.lock"):
        view = view_of(folder)
        view.epoch_done(0, 3, 1, LOSSES)
        view._over.set()
    view.__exit__(None, None, None)
    assert runs("point") == []


@pytest.mark.parametrize("fault", ["no folder", "no store", "no answer"])
def test_what_goes_wrong_with_the_view_leaves_the_training_alone(
    folder: Path, store: Store, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    if fault == "no folder":
        live.live_folder(store.work).write_text("a file where a folder should be")
    elif fault == "no store":
        assert store.database is not None
        store.database.write_bytes(b"no database at all\n" * 500)
    else:
        monkeypatch.setattr(session, "SERVER_PATIENCE_S", 0.2)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with view_of(folder) as view:
        for epoch in range(1, 13):
            view.epoch_done(0, 3, epoch, LOSSES)
        until(lambda: not view._healthy)
    until(lambda: not threads())
    assert time.monotonic() - began < live.PATIENCE_S


def test_a_server_that_takes_the_call_and_is_silent_does_not_hold_the_training_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with view_of(folder) as view:
            view.epoch_done(0, 3, 1, LOSSES)
            began = time.monotonic()
        assert time.monotonic() - began < 2 * live.ANSWER_S
        until(lambda: not threads())


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt, "KILLED"), (ZeroDivisionError, "FAILED")]
)
def test_a_training_that_ends_early_says_how(
    folder: Path, runs: Runs, error: type[BaseException], status: str
) -> None:
    def train() -> None:
        with view_of(folder) as view:
            view.epoch_done(0, 3, 1, LOSSES)
            until(lambda: bool(runs("point")))
            raise error

    with pytest.raises(error):
        train()
    assert [run.info.status for run in runs("point")] == [status]


def test_a_training_that_was_killed_is_shown_as_killed(
    training: LiveView, track: Track, runs: Runs
) -> None:
    assert training._lock is not None
    training._lock.release()
    track(fake.live_settings(1))
    assert [run.info.status for run in runs("point")] == ["KILLED"]


def test_a_process_that_is_killed_is_no_training(tmp_path: Path) -> None:
    path = live.live_folder(tmp_path) / "fixed-1.lock"
    path.parent.mkdir()
    hold = (
        "import filelock, time; lock = filelock.FileLock({!r}); lock.acquire(); print(flush=True)"
    )
    command = [sys.executable, "-c", f"{hold.format(str(path))}; time.sleep(60)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            assert live.is_training(tmp_path, path.name)
        finally:
            process.kill()
    assert not live.is_training(tmp_path, path.name)
    assert not live.is_training(tmp_path, "none.lock")


TRAINING = """
import sys, time
from pathlib import Path
from depthgauge.tracking.live import LiveView
from tests.tracking import fake
losses = {"train_loss": 1.0, "validation_loss": 1.0, "test_loss": 1.0}
with LiveView(Path(sys.argv[1]), fake.live_settings(0.0), fake.provenance(1), 10**6, 10**7) as view:
    time.sleep(0.001)
    view.epoch_done(0, 3, 1, losses)
    time.sleep(float(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 0.3, 1, 2, 4, 8])
def test_a_process_ends_well_wherever_the_view_is_at_its_end(
    folder: Path, runs: Runs, seconds: float
) -> None:
    """The thread may be importing MLflow, logging or waiting."""
    command = [sys.executable, "-c", TRAINING, str(folder), str(seconds)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert {run.info.status for run in runs("point")} <= {"RUNNING"}


def test_the_light_side_imports_no_mlflow() -> None:
    code = (
        "import sys, depthgauge.tracking.live, depthgauge.tracking.update\n"
        "assert not {'mlflow', 'sqlalchemy', 'pandas', 'torch', 'git'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_inputs_digest_of_a_live_run_is_that_of_its_results(folder: Path) -> None:
    before = point_tags(fake.provenance(1))[INPUTS]
    read: dict[str, Any] = json.loads((fake.write_point(folder, 1) / "provenance.json").read_text())
    assert point_tags(read)[INPUTS] == before
