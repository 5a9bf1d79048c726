"""results/recipes/RECIPE-POINT of a searched recipe: its trials, and what the study was.

Beside recipe.json (`recipes`): study.json, trials.csv, curves.csv and importances.csv.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, field_validator

from depthgauge.artifacts.recipes import FILE, read_recipe, recipe_folder, write_recipe
from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.csv_files import read_table, write_table
from depthgauge.files.digests import content_digest
from depthgauge.files.outputs import intact, read_json_output
from depthgauge.training.recipe import Recipe

STUDY, TRIALS, CURVES, IMPORTANCES = "study.json", "trials.csv", "curves.csv", "importances.csv"
FILES = (STUDY, TRIALS, CURVES, IMPORTANCES, FILE)
# What a plan must say, besides its space and its base.
PLANNED = {"axis", "point", "objective", "data_digest", "code_digest"}
# Of a trial, before the values that were searched.
COLUMNS = ("trial", "state", "value", "best_so_far", "epochs")

Rows = Sequence[Mapping[str, Any]]
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

    @field_validator("plan")
    @classmethod
    def _whole(cls, plan: dict[str, Any]) -> dict[str, Any]:
        sections = isinstance(plan.get("space"), dict) and isinstance(plan.get("base"), dict)
        if not sections or not plan.keys() >= PLANNED:
            raise ValueError("is no plan")
        return plan


@dataclass(frozen=True)
class Trial:
    """One finished trial.

    number: its place among the finished trials, 0, 1, ... value: None unless complete. best_so_far:
    None before the first complete trial. values: what was searched. curve: epoch and value
    so far of each report.
    """

    number: int
    state: str
    value: float | None
    best_so_far: float | None
    epochs: int
    values: Mapping[str, int | float | str]
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Search:
    """A search as it lies on disk.

    recipe: what it found. importances: for each searched value its share of what the trials' values
    vary by, None where unknown. digest: of its files, `paths`.
    """

    study: Study
    recipe: Recipe
    trials: tuple[Trial, ...]
    importances: Mapping[str, float | None]
    paths: tuple[Path, ...]
    digest: str

    @property
    def point(self) -> Point:
        """Where on the axis it was."""
        point: Point = self.study.plan["point"]
        return point

    @property
    def best(self) -> Trial:
        """The trial that won."""
        return self.trials[self.study.best_trial]

    @property
    def space(self) -> dict[str, list[Any]]:
        """For each searched value [low, high], or the list of choices."""
        return {name: found for name, found in self.study.plan["space"].items() if found}


def write_search(
    folder: Path, recipe: Recipe, study: Study, trials: Rows, curves: Rows, importances: Rows
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
    paths = search_paths(folder, recipe, point)
    study_path, trials_path, curves_path, importances_path, recipe_path = paths
    curves: dict[int, list[tuple[int, float]]] = {}
    with intact(curves_path):
        for row in read_table(curves_path):
            reports = curves.setdefault(int(row["trial"]), [])
            reports.append((int(row["epoch"]), float(row["value"])))
    with intact(trials_path):
        trials = tuple(_trial(row, curves) for row in read_table(trials_path))
        if [trial.number for trial in trials] != list(range(len(trials))):
            raise ValueError("numbers")
    with intact(importances_path):
        rows = read_table(importances_path)
        importances = {row["parameter"]: _number(row["importance"]) for row in rows}
    content = read_json_output(study_path)
    with intact(study_path):
        study = Study.model_validate(content)
        if study.best_trial < 0 or trials[study.best_trial].state != "complete":
            raise ValueError("best trial")
    found = read_recipe(recipe_path)
    return Search(study, found, trials, importances, paths, content_digest(folder, paths))


def _trial(row: Mapping[str, str], curves: Mapping[int, list[tuple[int, float]]]) -> Trial:
    return Trial(
        number=int(row["trial"]),
        state=STATES[STATES.index(row["state"])],
        value=_number(row["value"]),
        best_so_far=_number(row["best_so_far"]),
        epochs=int(row["epochs"]),
        values={name: _parse(text) for name, text in row.items() if name not in COLUMNS},
        curve=tuple(curves.get(int(row["trial"]), ())),
    )


def _parse(text: str) -> int | float | str:
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def _number(text: str) -> float | None:
    """None for an empty cell."""
    number = float(text) if text else math.nan
    return number if math.isfinite(number) else None
