"""Files and folders that appear whole or not at all, even if the power fails.

Contents go to a sibling whose name starts with a dot and ends in ".partial", reach the disk,
and only then take the final name. A killed process can leave such a sibling, never a half file.
"""

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from depthgauge.errors import InputError

# Of earlier versions without who writes it.
_PARTIAL = re.compile(
    r"\..+\.((?P<machine>[0-9a-f]{8})-(?P<process>\d{1,10})-)?[0-9a-f]{8}\.partial"
)


def json_bytes(value: Any) -> bytes:
    """JSON for people and digests: sorted keys, two spaces, a line end.

    Raises ValueError for NaN and infinity, which JSON does not have.
    """
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def write_file(path: Path, data: bytes) -> None:
    """Write or replace a file; its folder is made if need be. Raises InputError if it cannot."""
    write_large_file(path, lambda file: file.write(data))


def write_large_file(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """As `write_file`, what `write` writes, which need not fit in memory at once."""
    partial = partial_path(path)
    with _in_words(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_by(partial, write)
            os.replace(partial, path)
            _sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write or replace a folder that holds exactly these files (name: contents).

    A folder of that name stays in place until the new one is complete. Raises InputError if it
    cannot be written.
    """
    partial, former = partial_path(folder), partial_path(folder)
    with _in_words(folder):
        try:
            partial.mkdir(parents=True)
            for name, data in files.items():
                _write(partial / name, data)
            _sync_folder(partial)
            _replace_folder(partial, folder, former)
            _sync_folder(folder.parent)
            shutil.rmtree(former, ignore_errors=True)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill that takes its name at the end, or is removed after an error.

    Raises InputError if it cannot be written or its name is taken.
    """
    partial = partial_path(folder)
    with _in_words(folder):
        try:
            partial.mkdir(parents=True)
            yield partial
            if os.path.lexists(folder):
                raise InputError(f"{folder}: is there already")
            os.rename(partial, folder)
            _sync_folder(folder.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _replace_folder(new: Path, folder: Path, former: Path) -> None:
    # A folder with files in it cannot be replaced in one step: the old one steps aside first.
    if folder.is_dir():
        os.replace(folder, former)
    try:
        os.rename(new, folder)
    except BaseException:
        if former.exists():
            os.replace(former, folder)
        raise


def partial_path(path: Path) -> Path:
    mark = f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    return path.with_name(f".{path.name}.{mark}.partial")


def is_partial(path: Path) -> bool:
    """Whether it is named as a sibling that is being written, or was when its process ended."""
    return _PARTIAL.fullmatch(path.name) is not None


def process_of(partial: Path) -> int | None:
    """The number of the process that writes it, where that is one of this machine."""
    found = _PARTIAL.fullmatch(partial.name)
    ours = found is not None and found["machine"] == _machine()
    return int(found["process"]) if found is not None and ours else None


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _write(path: Path, data: bytes) -> None:
    _write_by(path, lambda file: file.write(data))


def _write_by(path: Path, write: Callable[[BinaryIO], object]) -> None:
    with path.open("xb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
