"""results/tracked.csv: the runs that the store of MLflow holds; what tells DVC that `track` ran."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from depthgauge.files.csv_files import write_table

TRACKED = Path("results/tracked.csv")


COLUMNS = ("run", "content_digest")


def write_tracked(folder: Path, digests: Iterable[tuple[str, str]]) -> None:
    """Write the name and the content digest of each run; none where nothing could be logged."""
    rows = [dict(zip(COLUMNS, run, strict=True)) for run in digests]
    write_table(folder / TRACKED, rows, COLUMNS)


def forget_untracked(folder: Path) -> None:
    """Take the file away where it says that nothing could be logged: DVC then runs `track`."""
    path = folder / TRACKED
    with suppress(OSError):
        if path.read_bytes() == f"{','.join(COLUMNS)}\n".encode():
            path.unlink()
