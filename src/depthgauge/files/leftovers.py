"""What a killed process left beside a file or folder that it was writing (`files.atomic`)."""

import shutil
import time
from contextlib import suppress
from pathlib import Path

import psutil

from depthgauge.files.atomic import is_partial, process_of

# Where the pipeline writes.
WRITTEN = ("code", "data", "results")
# No file takes so long to be written: whoever began this one, on another machine say, is gone.
GONE_S = 600


def sweep(folder: Path) -> list[Path]:
    """Take away what lies half written in an experiment's folder; what that was.

    What cannot be taken away stays: it is in nobody's way, for git and DVC ignore it.
    """
    found = [
        path
        for place in WRITTEN
        for path in (folder / place).rglob(".*.partial")
        if is_partial(path) and _is_left(path)
    ]
    for path in found:
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    return [path for path in found if not path.exists()]


def _is_left(path: Path) -> bool:
    """Whether nobody writes it any more."""
    process = process_of(path)
    return (process is not None and not psutil.pid_exists(process)) or _age_s(path) > GONE_S


def _age_s(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime
    return 0.0
