"""Log each point as soon as it is trained, in the background, while the next one trains.

Between two trainings a core is idle: DVC and the imports of the next stage use but one. A process
of low priority uses it, so that `track`, at the end of the pipeline, finds little left to do.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from depthgauge.files.digests import bytes_digest
from depthgauge.files.work import work_folder
from depthgauge.tracking.results import ExpectedPoint

# How long the next point may take before the follower ends; the end of that point starts another.
PATIENCE_S = 30.0
LOOK_EVERY_S = 0.5
PRIORITY = 10


def start_follower(folder: Path) -> None:
    """Start `depthgauge track --follow` for an experiment's folder; never raises.

    It is one process for each folder: a second one ends at once.
    """
    with suppress(OSError):
        work = work_folder(folder)
        work.mkdir(parents=True, exist_ok=True)
        with (work / "follow.log").open("ab") as log:
            follower = subprocess.Popen(
                [sys.executable, "-m", "depthgauge", "track", "--follow"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        threading.Thread(target=follower.wait, daemon=True).start()


def follow(
    folder: Path,
    trained: Callable[[], tuple[ExpectedPoint, ...]],
    all_points: int,
    log: Callable[[tuple[ExpectedPoint, ...]], None],
) -> None:
    """Call `log` with the points trained so far whenever there are more of them.

    Ends when all are trained, since the pipeline's own `track` is next, or when no more come.
    """
    place = bytes_digest(str(folder.resolve()).encode())[:12]
    lock = FileLock(work_folder(folder) / f"follow-{place}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    with lock:
        if hasattr(os, "nice"):
            os.nice(PRIORITY)
        logged: tuple[ExpectedPoint, ...] = ()
        heard = time.monotonic()
        while time.monotonic() - heard < PATIENCE_S:
            now = trained()
            if len(now) == all_points:
                return
            if now != logged:
                log(now)
                logged, heard = now, time.monotonic()
            time.sleep(LOOK_EVERY_S)
