"""The contents of a file, or one line that says why there are none."""

import json
import stat
from pathlib import Path
from typing import Any

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


def read_output(path: Path) -> bytes:
    """The contents of a file that a stage wrote. Raises InputError that says how to get it."""
    try:
        return read_bytes(path)
    except InputError as error:
        raise InputError(f"{error}; run `dvc repro`") from error


def read_json_output(path: Path) -> dict[str, Any]:
    """The JSON object that a stage wrote. Raises InputError if it is missing or damaged."""
    data = read_output(path)
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InputError(f"{path}: is damaged; run `dvc repro`")
    return content


def _named(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:97]}...{text[-100:]}"
