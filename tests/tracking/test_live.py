"""A long training is seen while it goes on, and is never harmed by that."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from depthgauge.tracking import contents, live, watch
from depthgauge.tracking.live import LiveView
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import Track, silent

Runs = Callable[[str], list[Any]]
LOSSES = {"train_loss": 0.5, "validation_loss": 0.75, "test_loss": float("nan")}
IDLE = (sys.executable, "-c", "")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is written at every epoch."""
    monkeypatch.setattr(live, "WRITE_EVERY_S", 0.0)


def view_of(folder: Path, live_after: float = 0.0, command: tuple[str, ...] = IDLE) -> LiveView:
    return LiveView(folder, "digits", fake.provenance(1), 3, 12, live_after, command)


def live_files(store: Store) -> list[Path]:
    return sorted(live.live_folder(store.work).glob("*.json"))


def test_a_short_training_leaves_no_trace(folder: Path, store: Store) -> None:
    with view_of(folder, live_after=1000.0) as view:
        for epoch in range(1, 13):
            view.epoch_done(0, 3, epoch, LOSSES)
    assert not live.live_folder(store.work).exists()


def test_the_file_tells_how_far_each_group_is(folder: Path, store: Store) -> None:
    with view_of(folder) as view:
        for epoch in range(1, 13):
            view.epoch_done(0, 2, epoch, LOSSES)
        view.epoch_done(1, 1, 1, LOSSES)
        (file,) = live_files(store)
        content = json.loads(file.read_text())
        assert (content["state"], content["done"], content["replicates"]) == ("running", 2, 3)
        assert [row["epoch"] for row in content["groups"]["0"]["curve"]] == list(range(1, 13))
        assert content["groups"]["1"]["curve"][0]["validation_loss"] == 0.75
        assert live.is_training(file)
    content = json.loads(file.read_text())
    assert content["state"] == "done"
    assert not live.is_training(file)


def test_a_failed_training_says_so(folder: Path, store: Store) -> None:
    def train() -> None:
        with view_of(folder) as view:
            view.epoch_done(0, 3, 1, LOSSES)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    (file,) = live_files(store)
    assert json.loads(file.read_text())["state"] == "failed"


@pytest.mark.parametrize("fault", ["no program", "no folder"])
def test_what_goes_wrong_with_the_view_leaves_the_training_alone(
    folder: Path, store: Store, fault: str
) -> None:
    command = ("/no/such/program",) if fault == "no program" else IDLE
    if fault == "no folder":
        live.live_folder(store.work).write_text("a file where a folder should be")
    with view_of(folder, command=command) as view:
        for epoch in range(1, 13):
            view.epoch_done(0, 3, epoch, LOSSES)


@pytest.fixture
def watched(folder: Path, store: Store) -> Iterator[tuple[LiveView, Any, Callable[[], bool]]]:
    """A training that has done three epochs, its watcher, and one look of the watcher."""
    with view_of(folder) as view:
        for epoch in (1, 2, 3):
            view.epoch_done(0, 3, epoch, LOSSES)
        (file,) = live_files(store)
        content = live.read_live(file)
        assert content is not None
        watcher = watch._Watched(file, store, content)

        def look() -> bool:
            with open_store(store, silent) as client:
                return watcher.log(client)

        yield view, watcher, look


def test_a_training_is_seen_as_running_with_its_curves_so_far(
    watched: tuple[LiveView, Any, Callable[[], bool]], store: Store, runs: Runs
) -> None:
    view, watcher, look = watched
    assert look()
    view.epoch_done(0, 3, 4, LOSSES)
    assert look()

    (run,) = runs("point")
    assert (run.info.run_name, run.info.status) == ("fixed depth 1", "RUNNING")
    assert run.data.params["learning_rate"] == "0.003"
    with open_store(store, silent) as client:
        curve = client.get_metric_history(watcher.run_id, "live/group 0/train_loss")
    assert [(point.step, point.value) for point in curve] == [(e, 0.5) for e in (1, 2, 3, 4)]
    assert "live/group 0/test_loss" not in run.data.metrics


def test_track_completes_the_run_of_a_training_that_is_done(
    watched: tuple[LiveView, Any, Callable[[], bool]],
    folder: Path,
    store: Store,
    track: Track,
    runs: Runs,
) -> None:
    view, watcher, look = watched
    assert look()
    fake.write_point(folder, 1)
    view.__exit__(None, None, None)
    assert not look()
    assert [run.info.status for run in runs("point")] == ["RUNNING"]

    (tracked,) = track(fake.expected(1))

    assert (tracked.run_id, tracked.added) == (watcher.run_id, True)
    (run,) = runs("point")
    assert run.info.status == "FINISHED"
    assert "test_loss" in run.data.metrics
    assert len(runs("replicate")) == 3
    assert live_files(store) == []
    assert not look()
    assert [run.info.status for run in runs("point")] == ["FINISHED"]


def test_track_leaves_a_training_that_goes_on_alone(
    watched: tuple[LiveView, Any, Callable[[], bool]],
    folder: Path,
    store: Store,
    track: Track,
    runs: Runs,
) -> None:
    _, _, look = watched
    assert look()
    track(fake.expected(1))
    assert [run.info.status for run in runs("point")] == ["RUNNING"]
    assert len(live_files(store)) == 1


def test_other_inputs_do_not_take_over_a_live_run(
    watched: tuple[LiveView, Any, Callable[[], bool]],
    folder: Path,
    track: Track,
    runs: Runs,
) -> None:
    view, watcher, look = watched
    assert look()
    view.__exit__(None, None, None)
    fake.write_point(folder, 1, code_digest="0" * 64)

    (tracked,) = track(fake.expected(1))

    assert tracked.run_id != watcher.run_id
    assert sorted(run.info.status for run in runs("point")) == ["FINISHED", "KILLED"]


def test_no_run_is_begun_for_a_training_that_is_over_already(
    watched: tuple[LiveView, Any, Callable[[], bool]], runs: Runs
) -> None:
    view, _, look = watched
    view.__exit__(None, None, None)
    assert not look()
    assert runs("point") == []


TRAINING = """
import sys, time
from pathlib import Path
from depthgauge.tracking.live import LiveView
from tests.tracking import fake
command = (sys.executable, "-c", sys.argv[2])
losses = {"train_loss": 1.0, "validation_loss": 1.0, "test_loss": 1.0}
with LiveView(Path(sys.argv[1]), "digits", fake.provenance(1), 3, 10**6, 0.5, command) as view:
    for epoch in range(1, 10**6):
        view.epoch_done(0, 3, epoch, losses)
        time.sleep(0.1)
"""
WATCHING = """
import sys
from pathlib import Path
from depthgauge.tracking.watch import watch
watch(Path(sys.argv[1]))
"""


def test_a_killed_training_is_shown_as_killed(folder: Path, runs: Runs) -> None:
    training = subprocess.Popen([sys.executable, "-c", TRAINING, str(folder), WATCHING])
    try:
        until(lambda: any("live/group 0/train_loss" in r.data.metrics for r in runs("point")))
        assert [run.info.status for run in runs("point")] == ["RUNNING"]
        os.kill(training.pid, signal.SIGKILL)
    finally:
        training.kill()
        training.wait()
    until(lambda: [run.info.status for run in runs("point")] == ["KILLED"])


def until(holds: Callable[[], bool], patience_s: float = 60.0) -> None:
    ends = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.3)


def test_the_light_side_imports_no_mlflow() -> None:
    code = (
        "import sys, depthgauge.tracking.live, depthgauge.tracking.update\n"
        "assert not {'mlflow', 'sqlalchemy', 'pandas', 'torch'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_inputs_digest_of_a_live_run_is_that_of_its_results(folder: Path) -> None:
    before = contents.point_tags(fake.provenance(1))[contents.INPUTS]
    read = json.loads((fake.write_point(folder, 1) / "provenance.json").read_text())
    assert contents.point_tags(read)[contents.INPUTS] == before
