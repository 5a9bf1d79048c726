"""Stores that cannot be used: one line, in time, and nothing replaced."""

import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from depthgauge.errors import InputError
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store, find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking import fake
from tests.tracking.conftest import Track, silent


@contextmanager
def refused() -> Iterator[str]:
    """The address of a port that nobody listens at."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def mute() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def open_and_close(store: Store) -> None:
    with open_store(store, silent):
        pass


@pytest.mark.parametrize("scheme", ["http", "postgresql"])
def test_a_dead_server_is_told_in_one_line_and_in_time(folder: Path, scheme: str) -> None:
    fake.write_point(folder, 1)
    with refused() as address:
        uri = f"{scheme}://someone:secret@{address}"
        store = find_store(folder, {"MLFLOW_TRACKING_URI": uri})
        began = time.monotonic()
        with pytest.raises(InputError) as told:
            bring_up_to_date(folder, fake.settings(1), store, silent)
    assert time.monotonic() - began < 15
    assert address in str(told.value)
    assert "secret" not in str(told.value)
    assert "`depthgauge track` may be run again" in str(told.value)


def test_a_server_that_never_answers_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("depthgauge.tracking.session.SERVER_PATIENCE_S", 0.5)
    with mute() as address:
        store = find_store(folder, {"MLFLOW_TRACKING_URI": f"http://{address}"})
        with pytest.raises(InputError, match="does not answer"):
            open_and_close(store)


@pytest.mark.parametrize("damage", ["garbage", "cut off", "overwritten"])
def test_a_damaged_database_is_told_and_kept(
    store: Store, folder: Path, track: Track, damage: str
) -> None:
    assert store.database is not None
    whole = store.database.read_bytes()
    broken = {
        "garbage": b"no database at all\n" * 500,
        "cut off": whole[: len(whole) // 3],
        "overwritten": b"\xff" * 8192 + whole[8192:],
    }[damage]
    store.database.write_bytes(broken)
    fake.write_point(folder, 1)

    with pytest.raises(InputError, match=r"mlflow\.db"):
        track(fake.settings(1))

    assert store.database.read_bytes() == broken


def test_a_foreign_database_is_told_and_kept(store: Store, folder: Path, track: Track) -> None:
    assert store.database is not None
    store.database.unlink()
    with closing(sqlite3.connect(store.database)) as connection:
        connection.execute("CREATE TABLE trials (number INTEGER)")
    before = store.database.read_bytes()

    with pytest.raises(InputError, match="not MLflow's"):
        track(fake.settings(1))

    assert store.database.read_bytes() == before


def test_an_empty_file_holds_nothing_and_is_made_a_database(store: Store) -> None:
    assert store.database is not None
    store.database.write_bytes(b"")
    open_and_close(store)
    assert store.database.stat().st_size > 0


def test_a_kill_while_the_schema_is_made_leaves_no_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.database is not None
    store.database.unlink()
    with monkeypatch.context() as patch:
        patch.setattr("mlflow.store.db.utils._upgrade_db", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            open_and_close(store)
    assert not store.database.exists()
    with open_store(store, silent) as client:
        assert client.search_experiments()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_another_database_is_honoured_and_keeps_its_artifacts_out_of_the_folder(
    folder: Path, schema: Path, tmp_path: Path
) -> None:
    database = tmp_path / "theirs.db"
    database.write_bytes(schema.read_bytes())
    fake.write_point(folder, 1)
    before = set(folder.iterdir())
    store = find_store(folder, {"MLFLOW_TRACKING_URI": f"sqlite:///{database}"})

    bring_up_to_date(folder, fake.settings(1), store, silent)

    with open_store(store, silent) as client:
        experiment = client.get_experiment_by_name("digits")
        assert experiment is not None
        assert len(client.search_runs([experiment.experiment_id])) == 4
    with open_store(find_store(folder, {}), silent) as client:
        assert client.get_experiment_by_name("digits") is None
    assert set(folder.iterdir()) == before


def test_the_users_own_patience_is_not_overruled(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "77")
    with open_store(store, silent):
        assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "77"
        assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_nothing_is_printed(folder: Path, track: Track, capfd: pytest.CaptureFixture[str]) -> None:
    fake.write_point(folder, 1)
    track(fake.settings(1))
    assert capfd.readouterr() == ("", "")


def is_mounted_small(folder: Path) -> bool:
    """Guards tests that fill a file system or make it read-only."""
    return os.path.ismount(folder) and os.statvfs(folder).f_blocks * 4096 <= 64 * 2**20


@pytest.fixture
def small_disk(tmp_path: Path, place_store: Callable[[Path], None]) -> Iterator[Path]:
    """A file system of 16 MB that holds an experiment's folder and a store."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("cannot mount a file system here")
    try:
        assert is_mounted_small(folder)
        (folder / ".git").mkdir()
        place_store(folder)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_once_there_is_room_the_rest_is_logged(small_disk: Path) -> None:
    store = find_store(small_disk, {})
    for point in (0, 1):
        fake.write_point(small_disk, point, fake.losses(point, 20, 30))
    room = os.statvfs(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * min(room.f_bavail * room.f_bsize - 200_000, 16 * 2**20))

    with pytest.raises(InputError, match=r"disk is full|No space left|cannot be written"):
        bring_up_to_date(small_disk, fake.settings(0, 1), store, silent)

    filler.unlink()
    tracked = bring_up_to_date(small_disk, fake.settings(0, 1), store, silent)
    assert len(tracked) == 2
    with open_store(store, silent) as client:
        experiment = client.get_experiment_by_name("digits")
        assert experiment is not None
        found = client.search_runs([experiment.experiment_id])
    assert len(found) == 2 + 40
    assert {run.info.status for run in found} == {"FINISHED"}


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    fake.write_point(small_disk, 1)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    store = find_store(small_disk, {})
    with pytest.raises(InputError, match="Read-only"):
        bring_up_to_date(small_disk, fake.settings(1), store, silent)


class Answering(BaseHTTPRequestHandler):
    """A server that answers anything with a page that is nobody's."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_with_a_user_in_its_address_is_asked(folder: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        uri = f"http://someone:s%40cret@127.0.0.1:{server.server_port}/base?token=hidden"
        with pytest.raises(InputError) as told:
            bring_up_to_date(
                folder, fake.settings(1), find_store(folder, {"MLFLOW_TRACKING_URI": uri}), silent
            )
        server.shutdown()
    assert "/base/health" in Answering.asked
    assert "does not answer" not in str(told.value)
    assert not [secret for secret in ("s%40cret", "s@cret", "hidden") if secret in str(told.value)]


@pytest.mark.parametrize(
    "uri",
    [
        "http://someone:secret@no-such-host.invalid",
        "http://someone:secret@no-such-host.invalid:80",
        "http://someone:secret@[::1",
        "http://someone:secret@h:port",
        "http://someone:sec ret@127.0.0.1:1",
        "http://127.0.0.1:1/a b?password=secret",
    ],
)
def test_what_cannot_be_an_address_is_told_without_its_secrets(folder: Path, uri: str) -> None:
    fake.write_point(folder, 1)
    with pytest.raises(InputError, match="MLFLOW_TRACKING_URI") as told:
        bring_up_to_date(
            folder, fake.settings(1), find_store(folder, {"MLFLOW_TRACKING_URI": uri}), silent
        )
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
