"""The files of a search as `track` sees them: read, checked, and known by their bytes."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depthgauge.artifacts.recipes import recipe_path
from depthgauge.artifacts.search import search_path
from depthgauge.errors import InputError
from depthgauge.files.contents import read_json_output, read_output
from depthgauge.tracking.results import ExpectedSearch, content_digest

TRIAL_COLUMNS = ("trial", "state", "value", "best_so_far", "epochs")
TABLES = ("trials.csv", "curves.csv", "importances.csv")
RECIPE = "tuned"


@dataclass(frozen=True)
class SearchFiles:
    """What the search of one point wrote; digest: of all of it."""

    study: Path
    trials: Path
    curves: Path
    importances: Path
    recipe: Path
    digest: str

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file."""
        return (self.study, self.trials, self.curves, self.importances, self.recipe)


@dataclass(frozen=True)
class Trial:
    """One finished trial.

    number: its place among the finished trials, 0, 1, ... state: complete, pruned or diverged.
    value: None unless complete. best_so_far: None before the first complete trial. values: what
    was searched, as text. curve: epoch and value so far of each report.
    """

    number: int
    state: str
    value: float | None
    best_so_far: float | None
    epochs: int
    values: Mapping[str, str]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Search:
    """A search as it lies on disk; study: the content of study.json; recipe: what was found."""

    files: SearchFiles
    study: Mapping[str, Any]
    recipe: Mapping[str, Any]
    trials: tuple[Trial, ...]
    importances: Mapping[str, float | None]
    written_ms: int


def search_files(folder: Path, expected: ExpectedSearch) -> SearchFiles | None:
    """The files of a point's search in an experiment's folder; None if it has not finished."""
    names = ("study.json", *TABLES)
    paths = [folder / search_path(expected.point, name) for name in names]
    paths.append(folder / recipe_path(RECIPE, expected.point))
    if not all(path.is_file() for path in paths):
        return None
    study, trials, curves, importances, recipe = paths
    return SearchFiles(study, trials, curves, importances, recipe, content_digest(folder, paths))


def read_search(files: SearchFiles) -> Search:
    """Everything that the runs of a search show. Raises InputError naming the file at fault."""
    study = read_json_output(files.study)
    try:
        _ = study["name"], float(study["best_value"]), int(study["best_trial"])
        _ = study["plan"]["data_digest"], study["plan"]["source_digest"], study["plan"]["space"]
        _ = dict(study["budget"]), dict(study["states"]), dict(study["plan"]["base"])
    except (KeyError, TypeError, ValueError):
        raise _damaged(files.study) from None
    return Search(
        files=files,
        study=study,
        recipe=read_json_output(files.recipe),
        trials=_trials(files.trials, _curves(files.curves)),
        importances=_importances(files.importances),
        written_ms=int(files.study.stat().st_mtime * 1000),
    )


def _trials(path: Path, curves: Mapping[int, list[tuple[int, float]]]) -> tuple[Trial, ...]:
    try:
        trials = tuple(
            Trial(
                number=int(row["trial"]),
                state=row["state"],
                value=_number(row["value"]),
                best_so_far=_number(row["best_so_far"]),
                epochs=int(row["epochs"]),
                values={name: row[name] for name in row if name not in TRIAL_COLUMNS},
                curve=tuple(curves.get(int(row["trial"]), ())),
            )
            for row in _rows(path)
        )
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None
    if [trial.number for trial in trials] != list(range(len(trials))):
        raise _damaged(path)
    return trials


def _curves(path: Path) -> dict[int, list[tuple[int, float]]]:
    curves: dict[int, list[tuple[int, float]]] = {}
    try:
        for row in _rows(path):
            curve = curves.setdefault(int(row["trial"]), [])
            curve.append((int(row["epoch"]), float(row["value"])))
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None
    return curves


def _importances(path: Path) -> dict[str, float | None]:
    try:
        return {row["parameter"]: _number(row["importance"]) for row in _rows(path)}
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(read_output(path).decode()), strict=True))
    except csv.Error:
        raise _damaged(path) from None


def _number(text: str) -> float | None:
    """None for an empty cell."""
    number = float(text) if text else math.nan
    return number if math.isfinite(number) else None


def _damaged(path: Path) -> InputError:
    return InputError(f"{path}: is damaged; run `dvc repro`")
