"""Refuse work that the machine's memory cannot hold, before anything is started."""

from contextlib import suppress
from pathlib import Path

import psutil

from depthgauge.errors import InputError

# What a container may have and has, where it is one (cgroup v2).
_GROUP = Path("/sys/fs/cgroup")


def require_memory(needed: int, what: str) -> None:
    """Raises InputError if `needed` bytes are more than the machine has."""
    has = psutil.virtual_memory().total
    if needed > has:
        said = f"{what} would need {_gib(needed)} of memory at least, the machine has {_gib(has)}"
        raise InputError(f"{said}; make it smaller")


def require_free_memory(needed: int, what: str) -> None:
    """Raises InputError if `needed` bytes are more than what nothing else uses now."""
    free = free_memory()
    if needed > free:
        said = f"{what} would need {_gib(needed)} of memory at least, {_gib(free)} are free"
        raise InputError(f"{said}; make it smaller")


def free_memory() -> int:
    """The bytes that a process can still have, within its container."""
    free: int = psutil.virtual_memory().available
    with suppress(OSError, ValueError):
        # "max" is no number: the container has all that the machine has.
        most = int((_GROUP / "memory.max").read_text())
        free = min(free, max(0, most - int((_GROUP / "memory.current").read_text())))
    return free


def _gib(count: int) -> str:
    gib = count / 2**30
    return f"{gib:,.1f} GiB" if gib < 2**20 else f"{gib:.1e} GiB"
