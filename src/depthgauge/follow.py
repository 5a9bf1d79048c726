"""A stage ends with the DVC that started it.

DVC hands no signal on: ended by SIGTERM or killed, it leaves its stage at work for hours, beside
which the next `dvc repro` would start the same one again.
"""

import os
import select
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

# What DVC sets for its stages, and so for every process between it and this one.
STAGE = "DVC_STAGE"


def follow_dvc() -> None:
    """SIGTERM for this process as soon as the DVC that started it is gone; on Linux alone."""
    if STAGE not in os.environ or sys.platform != "linux":
        return
    with suppress(OSError, ValueError):
        gone = os.pidfd_open(_dvc())
        threading.Thread(target=_wait, args=(gone,), name="follow DVC", daemon=True).start()


def _dvc() -> int:
    """The nearest process above this one that is no part of a stage: between may be shells."""
    process = os.getppid()
    mark = f"\0{STAGE}=".encode()
    while mark in b"\0" + Path(f"/proc/{process}/environ").read_bytes():
        # The name of the program, in brackets, may hold anything.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        process = int(fields[1])
    return process


def _wait(gone: int) -> None:
    poll = select.poll()
    poll.register(gone, select.POLLIN)
    poll.poll()
    os.kill(os.getpid(), signal.SIGTERM)
