"""results/search/POINT-*: every trial of a point's search, and what the study was."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output
from depthgauge.files.csv_files import write_table

FOLDER = Path("results/search")
# Keeps the folder in git and on disk: stages depend on it, whether there is a search or not.
KEPT = FOLDER / ".gitkeep"

Row = dict[str, Any]


def search_path(point: Point, what: str) -> Path:
    """Where `trials.csv`, `curves.csv`, `importances.csv` or `study.json` of a point lies."""
    return FOLDER / f"{point}-{what}"


def write_search(
    folder: Path,
    point: Point,
    trials: Sequence[Row],
    curves: Sequence[Row],
    importances: Sequence[Row],
    study: Mapping[str, Any],
) -> None:
    """Write the four files. Raises InputError if one cannot be written."""
    tables = {"trials.csv": trials, "curves.csv": curves, "importances.csv": importances}
    for what, rows in tables.items():
        write_table(folder / f"{point}-{what}", rows)
    write_file(folder / f"{point}-study.json", json_bytes(study))


def read_study(path: Path) -> dict[str, Any]:
    """What `write_search` wrote of the study. Raises InputError if it is missing or damaged."""
    return read_json_output(path)


def keep_folder(folder: Path) -> None:
    """Make the folder of searches of an experiment where somebody removed it."""
    if not (folder / KEPT).exists():
        write_file(folder / KEPT, b"")
