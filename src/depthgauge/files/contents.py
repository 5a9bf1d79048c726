"""The contents of a file, or one line that says why there are none."""

import stat
from pathlib import Path

from depthgauge.errors import InputError


def read_bytes(path: Path) -> bytes:
    """The contents of a file. Raises InputError when it is missing, no file or not readable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a folder" if path.is_dir() else "a device or pipe"
            raise InputError(f"{_named(path)}: is {what}; a file is needed")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{_named(path)}: no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{_named(path)}: cannot be read: {reason}") from error


def _named(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:97]}...{text[-100:]}"
