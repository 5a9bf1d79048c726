"""The result files as `track` sees them: read, checked, and known by the digest of their bytes."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.runs import read_curves, read_provenance
from depthgauge.errors import InputError
from depthgauge.files.contents import read_json_output
from depthgauge.files.digests import content_digest
from depthgauge.tracking.curves import Curves

TRAINED_FILES = (
    "curves.csv",
    "stopping.csv",
    "weights-last.safetensors",
    "weights-validation.safetensors",
    "test-losses.parquet",
    "provenance.json",
)
SUMMARY_FILES = ("results/points.csv", "results/threshold.json", "results/answer.txt")
PROVENANCE_KEYS = (
    "recipe",
    "axis",
    "point",
    "settings",
    "data_digest",
    "recipe_digest",
    "code_digest",
)


@dataclass(frozen=True)
class ExpectedPoint:
    """One trained point that the settings ask for."""

    recipe: str
    axis: str
    point: int | float | str

    @property
    def name(self) -> str:
        """The name of its folder under results/train."""
        return f"{self.recipe}-{self.point}"


@dataclass(frozen=True)
class ExpectedSearch:
    """The search of one point that the settings ask for."""

    axis: str
    point: int


@dataclass(frozen=True)
class Expected:
    """What an experiment's settings ask for; `settings` are flat and belong to all points.

    data: what is predicted from which file, in words.
    """

    points: tuple[ExpectedPoint, ...]
    searches: tuple[ExpectedSearch, ...]
    settings: Mapping[str, Any]
    axis: str
    data: str


@dataclass(frozen=True)
class TrainedPoint:
    """A trained point as it lies on disk.

    digest: of all its files.
    """

    folder: Path
    digest: str
    provenance: Mapping[str, Any]
    curves: Curves
    written_ms: int


@dataclass(frozen=True)
class Summary:
    """What evaluate and report wrote for the whole experiment."""

    files: tuple[Path, ...]
    digest: str
    threshold: Mapping[str, Any]
    answer: str
    points: tuple[Mapping[str, str], ...]
    written_ms: int


def inputs_digest(provenance: Mapping[str, Any]) -> str:
    """What decides a training's result: the same before it, while it runs and after it.

    Versions of packages are left out: a live view need not know them.
    """
    known = {key: provenance.get(key) for key in PROVENANCE_KEYS}
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def trained_folder(folder: Path, expected: ExpectedPoint) -> Path | None:
    """The folder of a point in an experiment's folder; None if training has not finished there."""
    trained = folder / "results" / "train" / expected.name
    return trained if all((trained / name).is_file() for name in TRAINED_FILES) else None


def trained_digest(trained: Path) -> str:
    """The content digest of one trained point."""
    return content_digest(trained, (path for path in trained.rglob("*") if path.is_file()))


def read_trained(trained: Path, digest: str) -> TrainedPoint:
    """Everything that a run of this point shows. Raises InputError naming the file and column."""
    provenance_path = trained / "provenance.json"
    provenance = read_provenance(trained)
    missing = [key for key in PROVENANCE_KEYS if key not in provenance]
    if missing:
        raise InputError(f"{provenance_path}: key {missing[0]!r} is missing; train writes it")
    return TrainedPoint(
        trained,
        digest,
        provenance,
        _curves(trained),
        _written_ms(trained / "curves.csv"),
    )


def read_summary(folder: Path, trained_digests: Iterable[str]) -> Summary | None:
    """evaluate's files, report's figure and page; None while evaluate has not written them."""
    needed = [folder / name for name in SUMMARY_FILES]
    if not all(path.is_file() for path in needed):
        return None
    results = folder / "results"
    files = (*needed, *sorted(results.glob("loss-by-*.svg")), *results.glob("report/index.html"))
    threshold, answer = read_json_output(needed[1]), needed[2].read_text(encoding="utf-8")
    with needed[0].open(newline="", encoding="utf-8") as stream:
        points = tuple(csv.DictReader(stream))
    digest = content_digest(folder, files, *sorted(trained_digests))
    return Summary(files, digest, threshold, answer, points, _written_ms(needed[0]))


def _curves(trained: Path) -> Curves:
    columns = read_curves(trained)
    values = np.stack(list(columns.values()), axis=-1)
    return Curves(
        replicates=tuple(range(values.shape[0])),
        epochs=tuple(range(1, values.shape[1] + 1)),
        columns=tuple(columns),
        values=values,
    )


def _written_ms(path: Path) -> int:
    return int(path.stat().st_mtime * 1000)
