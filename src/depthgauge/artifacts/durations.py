"""How long a training took here: for MLflow to show, beside results that know no clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from depthgauge.artifacts.runs import PROVENANCE
from depthgauge.errors import InputError
from depthgauge.files.atomic import write_file
from depthgauge.files.digests import bytes_digest
from depthgauge.files.work import repository_root, work_folder

FOLDER = "durations"


@contextmanager
def timed(results: Path) -> Iterator[None]:
    """Keep how long it takes to make the results in a folder, where they are made."""
    before, began = _written(results), time.monotonic()
    yield
    if _written(results) != before:
        # What is kept for a look alone must not fail a training that is done.
        with suppress(InputError, OSError):
            if path := _path(results):
                write_file(path, f"{time.monotonic() - began:.3f}\n".encode())


def known_seconds(results: Path) -> float | None:
    """How long a training of the same settings, data and code last took here, if it did."""
    with suppress(OSError, ValueError):
        if path := _path(results):
            return float(path.read_text())
    return None


def _written(results: Path) -> int | None:
    try:
        return (results / PROVENANCE).stat().st_mtime_ns
    except OSError:
        return None


def _path(results: Path) -> Path | None:
    """None outside a repository, where the work folder would lie among the results."""
    if repository_root(results) == results.resolve():
        return None
    told = (results / PROVENANCE).read_bytes()
    return work_folder(results) / FOLDER / bytes_digest(told)[:16]
