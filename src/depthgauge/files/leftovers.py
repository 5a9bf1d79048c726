"""What a killed process left beside a file or folder that it was writing (`files.atomic`)."""

import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

# Where the pipeline writes.
WRITTEN = ("code", "data", "results")
# No file takes so long to be written: whoever began this one is gone.
GONE_S = 600
_PARTIAL = re.compile(r"\..+\.[0-9a-f]{8}\.partial")


def sweep(folder: Path) -> list[Path]:
    """Take away what lies half written in an experiment's folder for long; what that was.

    What cannot be taken away stays: it is in nobody's way, for git and DVC ignore it.
    """
    found = [
        path
        for place in WRITTEN
        for path in (folder / place).rglob(".*.partial")
        if _PARTIAL.fullmatch(path.name) and _age_s(path) > GONE_S
    ]
    for path in found:
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    return [path for path in found if not path.exists()]


def _age_s(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime
    return 0.0
