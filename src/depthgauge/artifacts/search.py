"""results/recipes/RECIPE-POINT of a searched recipe: its trials, and what the study was.

Beside recipe.json (`recipes`): study.json, trials.csv, curves.csv and importances.csv.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from depthgauge.artifacts.recipes import FILE, read_recipe, recipe_folder, write_recipe
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output
from depthgauge.files.csv_files import read_table, write_table
from depthgauge.files.digests import content_digest
from depthgauge.training.recipe import Recipe

STUDY, TRIALS, CURVES, IMPORTANCES = "study.json", "trials.csv", "curves.csv", "importances.csv"
FILES = (STUDY, TRIALS, CURVES, IMPORTANCES, FILE)
# Of a trial, before the values that were searched.
COLUMNS = ("trial", "state", "value", "best_so_far", "epochs")

Row = Mapping[str, Any]
State = Literal["complete", "pruned", "diverged"]
STATES: tuple[State, ...] = get_args(State)


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Budget(_Record):
    """What a search was given, and how many epochs all its trials trained."""

    trials: int
    replicates: int
    epochs: int
    epochs_trained: int


class Study(_Record):
    """study.json. name: in Optuna. plan: all that decides the trials (`search.plan.Plan`).

    best_trial: its place among the finished trials. states: how many trials ended in each.
    """

    name: str
    plan: dict[str, Any]
    best_trial: int
    best_value: float
    budget: Budget
    states: dict[State, int]


@dataclass(frozen=True)
class Trial:
    """One finished trial.

    number: its place among the finished trials, 0, 1, ... value: None unless complete. best_so_far:
    None before the first complete trial. values: what was searched, as text. curve: epoch and value
    so far of each report.
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
    """A search as it lies on disk. recipe: what it found. digest: of its files, `paths`."""

    study: Study
    recipe: Recipe
    trials: tuple[Trial, ...]
    importances: Mapping[str, float | None]
    paths: tuple[Path, ...]
    digest: str


def write_search(
    folder: Path,
    recipe: Recipe,
    study: Study,
    trials: Sequence[Row],
    curves: Sequence[Row],
    importances: Sequence[Row],
) -> None:
    """Write the five files into `folder`. Raises InputError if one cannot be written."""
    for name, rows in ((TRIALS, trials), (CURVES, curves), (IMPORTANCES, importances)):
        write_table(folder / name, rows)
    write_file(folder / STUDY, json_bytes(study.model_dump()))
    write_recipe(folder / FILE, recipe)


def is_searched(folder: Path, recipe: str, point: Point) -> bool:
    """Whether the search of a recipe at a point has finished. folder: the experiment's."""
    return all(path.is_file() for path in search_paths(folder, recipe, point))


def search_paths(folder: Path, recipe: str, point: Point) -> tuple[Path, ...]:
    """The files of a search, whether they are there or not. folder: the experiment's."""
    return tuple(folder / recipe_folder(recipe, point) / name for name in FILES)


def read_search(folder: Path, recipe: str, point: Point) -> Search:
    """What `write_search` wrote. folder: the experiment's.

    Raises InputError naming the file that is missing or damaged.
    """
    study, trials, curves, importances, found = paths = search_paths(folder, recipe, point)
    search = Search(
        study=_read_study(study),
        recipe=read_recipe(found),
        trials=_read_trials(trials, _read_curves(curves)),
        importances=_read_importances(importances),
        paths=paths,
        digest=content_digest(folder, paths),
    )
    best, states = search.study.best_trial, [trial.state for trial in search.trials]
    if not 0 <= best < len(states) or states[best] != "complete":
        raise _damaged(study)
    return search


def _read_study(path: Path) -> Study:
    try:
        study = Study.model_validate(read_json_output(path))
    except ValidationError:
        raise _damaged(path) from None
    plan = study.plan
    known = isinstance(plan.get("space"), dict) and isinstance(plan.get("base"), dict)
    if not known or not {"axis", "point", "objective", "data_digest", "code_digest"} <= plan.keys():
        raise _damaged(path)
    return study


def _read_trials(path: Path, curves: Mapping[int, list[tuple[int, float]]]) -> tuple[Trial, ...]:
    try:
        trials = tuple(
            Trial(
                number=int(row["trial"]),
                state=STATES[STATES.index(row["state"])],
                value=_number(row["value"]),
                best_so_far=_number(row["best_so_far"]),
                epochs=int(row["epochs"]),
                values={name: row[name] for name in row if name not in COLUMNS},
                curve=tuple(curves.get(int(row["trial"]), ())),
            )
            for row in read_table(path)
        )
    except (KeyError, ValueError):
        raise _damaged(path) from None
    if [trial.number for trial in trials] != list(range(len(trials))):
        raise _damaged(path)
    return trials


def _read_curves(path: Path) -> dict[int, list[tuple[int, float]]]:
    curves: dict[int, list[tuple[int, float]]] = {}
    try:
        for row in read_table(path):
            curve = curves.setdefault(int(row["trial"]), [])
            curve.append((int(row["epoch"]), float(row["value"])))
    except (KeyError, ValueError):
        raise _damaged(path) from None
    return curves


def _read_importances(path: Path) -> dict[str, float | None]:
    try:
        return {row["parameter"]: _number(row["importance"]) for row in read_table(path)}
    except (KeyError, ValueError):
        raise _damaged(path) from None


def _number(text: str) -> float | None:
    """None for an empty cell."""
    number = float(text) if text else math.nan
    return number if math.isfinite(number) else None


def _damaged(path: Path) -> InputError:
    return InputError(f"{path}: is damaged; run `dvc repro`")
