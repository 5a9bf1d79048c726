"""The files of a search in the form that the runs of a search take them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depthgauge.artifacts import search as artifact
from depthgauge.artifacts.recipes import recipe_values
from depthgauge.artifacts.search import Trial as Trial
from depthgauge.files.digests import content_digest
from depthgauge.tracking.results import ExpectedSearch

RECIPE = "tuned"


@dataclass(frozen=True)
class SearchFiles:
    """What the search of one point wrote; digest: of all of it."""

    folder: Path
    point: int
    study: Path
    all: tuple[Path, ...]
    digest: str


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
    if not artifact.is_searched(folder, RECIPE, expected.point):
        return None
    paths = artifact.search_paths(folder, RECIPE, expected.point)
    return SearchFiles(folder, expected.point, paths[0], paths, content_digest(folder, paths))


def read_search(files: SearchFiles) -> Search:
    """Everything that the runs of a search show. Raises InputError naming the file at fault."""
    found = artifact.read_search(files.folder, RECIPE, files.point)
    return Search(
        files=files,
        study=found.study.model_dump(),
        recipe=recipe_values(found.recipe),
        trials=found.trials,
        importances=found.importances,
        written_ms=int(files.study.stat().st_mtime * 1000),
    )
