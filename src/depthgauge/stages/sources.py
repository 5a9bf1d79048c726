"""The source files that decide what a stage writes, from the package's folder.

dvc.yaml lists the same ones, since DVC does not look into imports; a test keeps the two equal and
complete. Settings and errors are left out: they cannot change a result, only refuse one.
"""

from collections.abc import Sequence
from pathlib import Path

from depthgauge.files.digests import bytes_digest, file_digest

PACKAGE = Path(__file__).resolve().parent.parent

_FILES = ("files/atomic.py", "files/digests.py", "files/raw.py")

SOURCES: dict[str, tuple[str, ...]] = {
    "prepare": (
        "core/data",
        "core/seeds.py",
        *_FILES,
        "files/prepared.py",
        "stages/prepare.py",
    ),
    "recipe": ("core/training/recipe.py", *_FILES, "files/recipes.py", "stages/recipe.py"),
    "train": (
        "core/data",
        "core/seeds.py",
        "core/training",
        *_FILES,
        "files/partial.py",
        "files/prepared.py",
        "files/recipes.py",
        "files/trained.py",
        "files/work.py",
        "stages/provenance.py",
        "stages/sources.py",
        "stages/train.py",
    ),
    "evaluate": (
        "core/data",
        "core/seeds.py",
        "core/threshold",
        "core/training/trained.py",
        "core/views.py",
        *_FILES,
        "files/evaluation.py",
        "files/prepared.py",
        "files/recipes.py",
        "files/trained.py",
        "stages/evaluate.py",
        "stages/provenance.py",
        "stages/sources.py",
    ),
    "report": (
        "figures",
        *_FILES,
        "files/evaluation.py",
        "files/trained.py",
        "stages/report.py",
    ),
}


def source_digest(stage: str) -> str:
    """SHA-256 over the names and contents of a stage's source files."""
    files = sorted(path for name in SOURCES[stage] for path in _python_files(PACKAGE / name))
    lines = [f"{path.relative_to(PACKAGE).as_posix()} {file_digest(path)}" for path in files]
    return bytes_digest("\n".join(lines).encode())


def _python_files(path: Path) -> Sequence[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]
