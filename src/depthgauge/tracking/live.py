"""Shows a long training in MLflow while it goes on, from a thread of the training's process.

The thread starts once a training has lasted some seconds and will last longer, and MLflow is
imported there: a short training never pays for it. Nothing that goes wrong here may ever harm the
training.
"""

import contextlib
import hashlib
import math
import os
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from depthgauge.settings.schema import Settings
from depthgauge.tracking import runs, session
from depthgauge.tracking.store import Store, find_store
from depthgauge.tracking.writer import Writer

LOG_EVERY_S = 5.0
# About how many epochs of each group's curve are shown live.
LIVE_EPOCHS = 100
# Importing MLflow takes 3 to 5 s of Python's time, which a training with less to go need not lose.
WORTH_S = 45.0
# How long a training waits at its end, at most, for the last log.
PATIENCE_S = 20.0
# And a server's first answer.
ANSWER_S = 2.0


class LiveView(contextlib.AbstractContextManager["LiveView"]):
    """Shows one training, of all replicates of one point, while it goes on.

    Use it as a context manager around the training and the writing of its results. `provenance`
    is what the training will write to provenance.json, `total` all epochs of all replicates. The
    run is left RUNNING for `track` to complete; an exception makes it FAILED, a signal KILLED.
    Where the process is killed, `track` finds that nobody holds the lock that the run names.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        provenance: Mapping[str, Any],
        epochs: int,
        total: int,
    ) -> None:
        self._folder, self._experiment, self._provenance = folder, settings.experiment, provenance
        self._epochs, self._stride = epochs, max(1, -(-epochs // LIVE_EPOCHS))
        self._live_after, self._began = settings.tracking.live_after, time.monotonic()
        self._seen, self._total, self._done = 0, total, 0
        self._waiting: deque[tuple[str, float, int]] = deque()
        self._thread: threading.Thread | None = None
        self._over, self._answers = threading.Event(), threading.Event()
        self._healthy, self._failed_as = True, ""
        self._run_id: str | None = None
        self._lock: FileLock | None = None

    def epoch_done(
        self, group: int, replicates: int, epoch: int, losses: Mapping[str, float]
    ) -> None:
        """Takes the mean losses of a group of replicates at the end of an epoch (1, 2, ...)."""
        if epoch == self._epochs:
            self._done += replicates
        if epoch in (1, self._epochs) or epoch % self._stride == 0:
            for name, loss in losses.items():
                if math.isfinite(loss):
                    self._waiting.append((f"live/group {group}/{name}", float(loss), epoch))
        self._seen += replicates
        gone = time.monotonic() - self._began
        left = gone * (self._total / self._seen - 1)
        if self._thread is None and gone >= self._live_after and left >= WORTH_S:
            self._thread = threading.Thread(target=self._show, name="live view", daemon=True)
            with contextlib.suppress(RuntimeError):  # the machine has no more threads
                self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._failed_as = "FAILED" if issubclass(kind, Exception) else "KILLED"
        self._over.set()
        # A store that does not answer is not waited for.
        if self._thread is not None and self._thread.is_alive() and self._healthy:
            self._thread.join(PATIENCE_S if self._answers.is_set() else ANSWER_S)
        if self._lock is not None:
            self._lock.release()

    def _show(self) -> None:
        over = False
        while not over:
            # Looked at before: what came until the end is still logged.
            over = self._over.is_set()
            if over and not (self._healthy and self._run_id):
                return
            try:
                self._log(over)
                self._healthy = True
            except Exception:  # whatever it is, it is no business of the training
                self._healthy = False
            self._over.wait(LOG_EVERY_S)

    def _log(self, over: bool) -> None:
        """Logs what is new, in a run that is made the first time."""
        store = find_store(self._folder, os.environ)
        session.probe(store, ANSWER_S)
        self._answers.set()
        # Opened each time: `track` may log meanwhile, and must find this run whole or not at all.
        with session.open_store(store, lambda _: None, PATIENCE_S) as client:
            if self._run_id is None and self._over.is_set():
                return
            writer = Writer(client, session.find_experiment(client, store, self._experiment))
            self._run_id = self._run_id or self._create(writer, store)
            new = [self._waiting.popleft() for _ in range(len(self._waiting))]
            writer.log(self._run_id, [*new, ("live/replicates_done", self._done, 0)])
            if over and self._failed_as:
                client.set_terminated(self._run_id, status=self._failed_as)

    def _create(self, writer: Writer, store: Store) -> str:
        # The same name for each training of the point.
        place = hashlib.sha256(f"{self._folder.resolve()}\0{self._experiment}".encode())
        point = f"{self._provenance['recipe']}-{self._provenance['point']}"
        path = live_folder(store.work) / f"{point}-{place.hexdigest()[:12]}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Another thread than the one that acquires it lets it go.
        lock = FileLock(path, thread_local=False)
        # Held by another training of the same point: that one is shown, this one is not.
        lock.acquire(timeout=0)
        self._lock = lock
        tags = runs.point_tags(self._provenance) | {runs.LIVE: path.name, runs.ORIGIN: store.origin}
        run_id = writer.create(runs.name_point(self._provenance), tags)
        writer.log(run_id, params=runs.point_params(self._provenance))
        return run_id


def live_folder(work: Path) -> Path:
    """Where the locks of the trainings in progress lie."""
    return work / "live"


def is_training(work: Path, name: str) -> bool:
    """Whether the training of a run goes on: its process holds a lock as long as it lives."""
    path = live_folder(work) / name
    if not path.is_file():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
