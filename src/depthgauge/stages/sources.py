"""The source files that decide what a stage writes, from the package's folder.

dvc.yaml lists the same ones, since DVC does not look into imports; a test keeps the two equal and
complete. Left out is what cannot change a result, only refuse one, tell of it or time it: settings,
errors, progress, tracking, the checks of memory, the place of partial work, and this list.
"""

from collections.abc import Sequence
from pathlib import Path

from depthgauge.files.digests import bytes_digest, file_digest

PACKAGE = Path(__file__).resolve().parent.parent

SOURCES: dict[str, tuple[str, ...]] = {
    "prepare": (
        "data",
        "seeds.py",
        "files/atomic.py",
        "files/contents.py",
        "tables/csv_rows.py",
        "files/digests.py",
        "tables/header.py",
        "tables/dates.py",
        "tables/no_table.py",
        "tables/parquet.py",
        "artifacts/dataset.py",
        "tables/table.py",
        "data/kinds/series_rows.py",
        "stages/data.py",
        "stages/prepare.py",
    ),
    "recipe": (
        "training/recipe.py",
        "files/atomic.py",
        "files/contents.py",
        "artifacts/recipes.py",
        "stages/recipe.py",
    ),
    "search": (
        "data",
        "seeds.py",
        "training",
        "files/atomic.py",
        "files/contents.py",
        "files/digests.py",
        "artifacts/dataset.py",
        "artifacts/recipes.py",
        "artifacts/search.py",
        "files/csv_files.py",
        "artifacts/runs.py",
        "search",
        "stages/inputs.py",
        "stages/provenance.py",
        "stages/search.py",
    ),
    "train": (
        "data",
        "seeds.py",
        "training",
        "files/atomic.py",
        "files/contents.py",
        "files/digests.py",
        "artifacts/checkpoints.py",
        "artifacts/dataset.py",
        "artifacts/recipes.py",
        "artifacts/runs.py",
        "stages/inputs.py",
        "stages/provenance.py",
        "stages/train.py",
    ),
    # These two take seconds: coarse lists cost nothing.
    "evaluate": (
        "axes",
        "data",
        "statistics",
        "training",
        "artifacts",
        "files",
        "tables",
        "stages/evaluate.py",
        "stages/inputs.py",
        "stages/provenance.py",
    ),
    "report": (
        "axes",
        "data",
        "statistics",
        "training",
        "artifacts",
        "files",
        "tables",
        "report",
        "stages/facts.py",
        "stages/inputs.py",
        "stages/provenance.py",
        "stages/report.py",
        "tracking/curves.py",
        "tracking/results.py",
        "tracking/searches.py",
    ),
}


def source_digest(stage: str) -> str:
    """SHA-256 over the names and contents of a stage's source files."""
    files = sorted(path for name in SOURCES[stage] for path in _python_files(PACKAGE / name))
    lines = [f"{path.relative_to(PACKAGE).as_posix()} {file_digest(path)}" for path in files]
    return bytes_digest("\n".join(lines).encode())


def _python_files(path: Path) -> Sequence[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]
