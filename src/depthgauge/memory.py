"""Refuse work that the machine's memory cannot hold, before anything is started."""

import psutil

from depthgauge.errors import InputError


def require_memory(needed: int, what: str) -> None:
    """Raises InputError if `needed` bytes are more than the machine has."""
    has = psutil.virtual_memory().total
    if needed > has:
        said = f"{what} would need {_gib(needed)} of memory at least, the machine has {_gib(has)}"
        raise InputError(f"{said}; make it smaller")


def _gib(count: int) -> str:
    gib = count / 2**30
    return f"{gib:,.1f} GiB" if gib < 2**20 else f"{gib:.1e} GiB"
