"""results/tracked.csv: the runs that the store of MLflow holds; what tells DVC that `track` ran."""

from collections.abc import Iterable
from pathlib import Path

from depthgauge.files.csv_files import write_table

TRACKED = Path("results/tracked.csv")


def write_tracked(folder: Path, digests: Iterable[tuple[str, str]]) -> None:
    """Write the name and the content digest of each run."""
    rows = [{"run": name, "content_digest": digest} for name, digest in digests]
    write_table(folder / TRACKED, rows)
