"""SHA-256 digests (64 hexadecimal digits) of what a result was made from."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from depthgauge.errors import InputError


def bytes_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Digest of a file's contents. Raises InputError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def content_digest(root: Path, files: Iterable[Path], *also: str) -> str:
    """Digest of the names (relative to `root`) and contents of files, then of `also`."""
    lines = [
        f"{path.relative_to(root).as_posix()}\0{file_digest(path)}\n" for path in sorted(files)
    ]
    return bytes_digest("".join([*lines, *(f"{text}\n" for text in also)]).encode())


def json_digest(value: Any) -> str:
    """Digest of a JSON value, whatever the order of its keys and the spaces in its file.

    Raises ValueError for NaN and infinity, which JSON does not have.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return bytes_digest(text.encode("utf-8", "surrogatepass"))
