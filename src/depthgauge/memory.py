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
    _require(needed, has, what, f"the machine has {_gib(has)}")


def require_free_memory(needed: int, what: str) -> None:
    """Raises InputError if `needed` bytes are more than what nothing else uses now."""
    free = free_memory()
    _require(needed, free, what, f"{_gib(free)} are free")


def free_memory() -> int:
    """The bytes that a process can still have, within its container."""
    free: int = psutil.virtual_memory().available
    with suppress(OSError, ValueError):
        # "max" is no number: the container has all that the machine has.
        most = int((_GROUP / "memory.max").read_text())
        free = min(free, max(0, most - int((_GROUP / "memory.current").read_text())))
    return free


def _require(needed: int, there: int, what: str, said: str) -> None:
    if needed > there:
        needs = f"would need {_gib(needed)} of memory at least, {said}"
        raise InputError(f"{what} {needs}; make it smaller")


def _gib(count: int) -> str:
    gib = count / 2**30
    return f"{gib:,.1f} GiB" if gib < 2**20 else f"{gib:.1e} GiB"
