"""Reads results as the artifact modules will; each part goes away when its module is there.

Searches: `artifacts.search`. Verdicts: `artifacts.verdicts`. Metrics: `artifacts.metrics`.
"""

import csv
import importlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from depthgauge.artifacts.recipes import recipe_path
from depthgauge.artifacts.search import search_path
from depthgauge.artifacts.verdicts import (
    ANSWER,
    POINTS,
    THRESHOLD,
    read_answer,
    read_descents,
    read_points,
)
from depthgauge.artifacts.verdicts import read_verdicts as read_views
from depthgauge.errors import InputError
from depthgauge.files.contents import read_json_output, read_output
from depthgauge.files.digests import content_digest, json_digest
from depthgauge.settings.schema import Settings
from depthgauge.statistics.verdicts import PointVerdict, ViewVerdict

TRIAL_COLUMNS = ("trial", "state", "value", "best_so_far", "epochs")
NAMES = ("study.json", "trials.csv", "curves.csv", "importances.csv")
VERDICT_FILES = (POINTS, THRESHOLD, ANSWER)

Measured = dict[tuple[str, str, str], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Trial:
    """As `artifacts.search.Trial`."""

    number: int
    state: str
    value: float | None
    best_so_far: float | None
    epochs: int
    values: Mapping[str, str]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Search:
    """As `artifacts.search.Search`."""

    study: Any
    recipe: Mapping[str, Any]
    trials: tuple[Trial, ...]
    importances: Mapping[str, float | None]
    paths: tuple[Path, ...]
    digest: str


@dataclass(frozen=True)
class PointWithMeans(PointVerdict):
    """A point's verdict with the mean of each quantity."""

    means: Mapping[str, float | None]


@dataclass(frozen=True)
class ViewWithDescents(ViewVerdict):
    """A view's verdict with its second descents."""

    points: tuple[PointWithMeans, ...]
    double_descent: Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """As `statistics.verdicts.JudgedView`."""

    recipe: str
    stopping: str
    verdict: ViewWithDescents


@dataclass(frozen=True)
class Verdicts:
    """As `statistics.verdicts.Verdicts`."""

    axis: str
    views: tuple[View, ...]
    answer: str

    @property
    def sentence(self) -> str:
        """The first line of the answer."""
        return self.answer.partition("\n")[0]


def recipe_digest(recipe: Mapping[str, Any]) -> str:
    """As `artifacts.recipes.recipe_digest`."""
    return json_digest(recipe)


def search_paths(folder: Path, recipe: str, point: int) -> tuple[Path, ...]:
    """As `artifacts.search.search_paths`."""
    tables = tuple(folder / search_path(point, name) for name in NAMES)
    return (*tables, folder / recipe_path(recipe, point))


def is_searched(folder: Path, recipe: str, point: int) -> bool:
    """As `artifacts.search.is_searched`."""
    return all(path.is_file() for path in search_paths(folder, recipe, point))


def read_search(folder: Path, recipe: str, point: int) -> Search:
    """As `artifacts.search.read_search`."""
    study_path, trials, curves, importances, found = paths = search_paths(folder, recipe, point)
    study = read_json_output(study_path)
    try:
        _ = study["plan"]["data_digest"], study["plan"]["space"], study["plan"]["base"]
        read = SimpleNamespace(
            name=study["name"],
            plan=study["plan"],
            best_trial=int(study["best_trial"]),
            best_value=float(study["best_value"]),
            budget=SimpleNamespace(**study["budget"]),
            states=dict(study["states"]),
        )
    except (KeyError, TypeError, ValueError):
        raise _damaged(study_path) from None
    return Search(
        study=read,
        recipe=read_json_output(found),
        trials=_trials(trials, _curves(curves)),
        importances=_importances(importances),
        paths=paths,
        digest=content_digest(folder, paths),
    )


def read_verdicts(folder: Path, settings: Settings) -> Verdicts:
    """As `artifacts.verdicts.read_verdicts`."""
    descents = read_descents(folder)
    rows = {(r["recipe"], r["stopping"], r["point"]): r for r in read_points(folder / POINTS)}
    views = []
    for (recipe, stopping), found in read_views(
        folder, settings.points, settings.replicates
    ).items():
        points = tuple(
            PointWithMeans(**_values(point), means=_means(rows[recipe, stopping, str(point.point)]))
            for point in found.points
        )
        verdict = ViewWithDescents(
            **{**_values(found), "points": points}, double_descent=descents[recipe, stopping]
        )
        views.append(View(recipe, stopping, verdict))
    return Verdicts(settings.axis, tuple(views), "\n".join(read_answer(folder / ANSWER)))


def read_metrics(folder: Path) -> Measured:
    """{(recipe, stopping, point): {metric: (R,)}}, {} until evaluate has written any."""
    try:
        module: Any = importlib.import_module("depthgauge.artifacts.metrics")
    except ImportError:
        return {}
    found: Measured = module.read_metrics(folder)
    return found


def _means(row: Mapping[str, str]) -> dict[str, float | None]:
    columns = list(row)
    own = columns[columns.index("point") + 1 : columns.index("test_loss_low")]
    return {name: float(row[name]) if row[name] else None for name in own}


def _values(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


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
