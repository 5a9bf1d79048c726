"""What a long training tells the world while it goes on; the side that knows no MLflow.

A training that lasts longer than some seconds writes its progress to a small file every few
seconds and starts one process, of low priority, that shows the file in MLflow (`watch`). Nothing
that goes wrong here may ever harm the training.
"""

import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from depthgauge.files.work import work_folder

WRITE_EVERY_S = 2.0
LIVE_EPOCHS = 100
"""About how many epochs of each group's curve are shown live."""


def live_folder(work: Path) -> Path:
    """Where the files of the trainings in progress lie."""
    return work / "live"


class LiveView:
    """Shows one training, of all replicates of one point, while it goes on.

    Use it as a context manager around the training and the writing of its results. `provenance`
    is what the training will write to provenance.json; `command` replaces the program that shows
    the file, which is appended to it.
    """

    def __init__(
        self,
        folder: Path,
        experiment: str,
        provenance: Mapping[str, Any],
        replicates: int,
        epochs: int,
        live_after: float,
        command: Sequence[str] | None = None,
    ) -> None:
        name = f"{provenance['recipe']}-{provenance['point']}"
        self._live_after = live_after
        self._work = work_folder(folder)
        self._file = live_folder(self._work) / f"{name}-{_place(folder.resolve(), experiment)}.json"
        self._command = command or (sys.executable, "-m", "depthgauge", "track", "--live")
        self._stride = max(1, -(-epochs // LIVE_EPOCHS))
        self._groups: dict[str, dict[str, Any]] = {}
        self._content = {
            "experiment": experiment,
            "folder": str(folder.resolve()),
            "provenance": dict(provenance),
            "replicates": replicates,
            "epochs": epochs,
            "token": secrets.token_hex(8),
        }
        self._began = self._written = time.monotonic()
        self._lock = threading.Lock()
        self._training: Any = None
        self._given_up = False

    def __enter__(self) -> Self:
        return self

    def epoch_done(
        self, group: int, replicates: int, epoch: int, losses: Mapping[str, float]
    ) -> None:
        """Tells the mean losses of a group of replicates at the end of an epoch (1, 2, ...)."""
        if self._given_up:
            return
        try:
            with self._lock:
                self._note(group, replicates, epoch, losses)
                now = time.monotonic()
                if now - self._began >= self._live_after and now - self._written >= WRITE_EVERY_S:
                    self._written = now
                    self._start()
                    self._write("running")
        except Exception:
            self._given_up = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(Exception):
            if self._training is not None:
                self._write("done" if kind is None else "failed")
                self._training.release()

    def _note(self, group: int, replicates: int, epoch: int, losses: Mapping[str, float]) -> None:
        known = self._groups.setdefault(str(group), {"replicates": replicates, "curve": []})
        known["epoch"] = epoch
        last = epoch == self._content["epochs"]
        if last or epoch == 1 or epoch % self._stride == 0:
            known["curve"].append({"epoch": epoch, **{key: float(losses[key]) for key in losses}})

    def _start(self) -> None:
        if self._training is not None:
            return
        from filelock import FileLock

        self._file.parent.mkdir(parents=True, exist_ok=True)
        # Epochs may be told from other threads than the one that ends the training.
        training = FileLock(_lock_of(self._file), thread_local=False)
        # Held by another training of the same point: that one is shown, this one is not.
        training.acquire(timeout=0)
        self._training = training
        self._write("running")
        with self._file.with_suffix(".log").open("wb") as log:
            watcher = subprocess.Popen(
                [*self._command, str(self._file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        threading.Thread(target=watcher.wait, daemon=True).start()

    def _write(self, state: str) -> None:
        epochs = int(str(self._content["epochs"]))
        done = sum(
            known["replicates"] for known in self._groups.values() if known["epoch"] == epochs
        )
        content = {**self._content, "state": state, "done": done, "groups": self._groups}
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(content), encoding="utf-8")
        os.replace(aside, self._file)


def read_live(file: Path) -> dict[str, Any] | None:
    """The content of a live file; None if it is gone or no such file."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and "token" in content else None


def is_training(file: Path) -> bool:
    """Whether the training of a live file goes on: its process holds a lock as long as it lives."""
    content = read_live(file)
    return content is not None and content["state"] == "running" and not process_is_gone(file)


def process_is_gone(file: Path) -> bool:
    """Whether the process that writes a live file has let go of it, by ending in any way."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(_lock_of(file), timeout=0):
            return True
    except Timeout:
        return False


def remove_leftovers(folder: Path, experiment: str, of: Path) -> None:
    """Removes the live files of trainings of an experiment's folder that have ended."""
    for file in _files(folder, _place(of.resolve(), experiment)):
        if not is_training(file):
            for path in (file, file.with_suffix(".log"), file.with_suffix(".new")):
                path.unlink(missing_ok=True)


def _files(folder: Path, place: str) -> Iterator[Path]:
    yield from sorted(folder.glob(f"*-{place}.json"))


def _place(folder: Path, experiment: str) -> str:
    return hashlib.sha256(f"{folder}\0{experiment}".encode()).hexdigest()[:12]


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")
