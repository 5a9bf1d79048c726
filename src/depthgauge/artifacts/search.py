"""results/recipes/RECIPE-POINT/study-N of a searched recipe: its trials, and what the study was.

Below the recipes that the studies found (`recipes`): study.json, trials.csv, curves.csv and
importances.csv of each.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, field_validator

from depthgauge.artifacts.recipes import read_recipes, recipe_folder, recipe_path, recipes_digest
from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.csv_files import read_table, write_table
from depthgauge.files.digests import bytes_digest, content_digest, file_digest, json_digest
from depthgauge.files.outputs import StaleError, intact, read_json_output, read_output
from depthgauge.training.recipe import Recipe

STUDY, TRIALS, CURVES, IMPORTANCES = "study.json", "trials.csv", "curves.csv", "importances.csv"
FILES = (STUDY, TRIALS, CURVES, IMPORTANCES)
# What a plan must say, besides its space and its base.
PLANNED = {"recipe", "axis", "point", "study", "objective", "data_digest", "code_digest"}
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
    digests: of the other files of the study, and of all that is told here; `write_study` adds them.
    """

    name: str
    plan: dict[str, Any]
    best_trial: int
    best_value: float
    budget: Budget
    states: dict[State, int]
    digests: dict[str, str] = {}

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
    """One study of a search as it lies on disk.

    recipe: what it found. importances: for each searched value its share of what the trials' values
    vary by, None where unknown. digest: of its files, `paths`. found_digest: of the recipes that it
    and the other studies of its point found.
    """

    study: Study
    recipe: Recipe
    trials: tuple[Trial, ...]
    importances: Mapping[str, float | None]
    paths: tuple[Path, ...]
    digest: str
    found_digest: str

    @property
    def recipe_name(self) -> str:
        """What was searched for: `tuned` or `regularised`."""
        name: str = self.study.plan["recipe"]
        return name

    @property
    def point(self) -> Point:
        """Where on the axis it was."""
        point: Point = self.study.plan["point"]
        return point

    @property
    def number(self) -> int:
        """Of the study among those of its point, 0, 1, ..."""
        number: int = self.study.plan["study"]
        return number

    @property
    def best(self) -> Trial:
        """The trial that won."""
        return self.trials[self.study.best_trial]

    @property
    def space(self) -> dict[str, list[Any]]:
        """For each searched value [low, high], or the list of choices."""
        space = self.study.plan["space"].items()
        return {
            name: [found["low"], found["high"]] if isinstance(found, dict) else found
            for name, found in space
            if found
        }


def search_name(recipe: str, axis: str, point: Point, study: int) -> str:
    """How a person calls a study: `search depth 3 study 0`."""
    of = "" if recipe == "tuned" else f" {recipe}"
    return f"search{of} {axis} {point} study {study}"


def study_folder(folder: Path, study: int) -> Path:
    """Where the files of a study lie, below the folder of its recipe and point."""
    return folder / f"study-{study}"


def write_study(folder: Path, study: Study, trials: Rows, curves: Rows, importances: Rows) -> None:
    """Write the files of a study below the folder of its recipe and point.

    Raises InputError if one cannot be written.
    """
    own = study_folder(folder, study.plan["study"])
    digests = {STUDY: _told_digest(study)}
    for name, rows in ((TRIALS, trials), (CURVES, curves), (IMPORTANCES, importances)):
        write_table(own / name, rows)
        digests[name] = file_digest(own / name)
    write_file(own / STUDY, json_bytes(study.model_dump() | {"digests": digests}))


def _told_digest(study: Study) -> str:
    return json_digest(study.model_dump(exclude={"digests"}))


def is_searched(folder: Path, recipe: str, point: Point, studies: int) -> bool:
    """Whether all studies of a recipe at a point have finished. folder: the experiment's."""
    paths = [search_paths(folder, recipe, point, study) for study in range(studies)]
    return all(path.is_file() for found in paths for path in found)


def search_paths(folder: Path, recipe: str, point: Point, study: int) -> tuple[Path, ...]:
    """The files of a study and of the recipes, there or not. folder: the experiment's."""
    own = study_folder(folder / recipe_folder(recipe, point), study)
    return (*(own / name for name in FILES), folder / recipe_path(recipe, point))


def read_study(folder: Path, recipe: str, point: Point, study: int) -> Search:
    """What `write_study` wrote, and the recipe that it found. folder: the experiment's.

    Raises InputError naming the file that is missing or damaged.
    """
    paths = search_paths(folder, recipe, point, study)
    study_path, trials_path, curves_path, importances_path, found_path = paths
    content = read_json_output(study_path)
    with intact(study_path):
        told = Study.model_validate(content)
    _require_written(told, study_path)
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
    with intact(study_path):
        if told.best_trial < 0 or trials[told.best_trial].state != "complete":
            raise ValueError("best trial")
        if told.plan["study"] != study:
            raise ValueError("number")
    found = read_recipes(found_path)
    with intact(found_path):
        own = found[study]
    digests = content_digest(folder, paths), recipes_digest(found)
    return Search(told, own, trials, importances, paths, *digests)


def _require_written(study: Study, path: Path) -> None:
    """The files of a study must be those that were written with its study.json, cell by cell.

    Raises StaleError naming the file that is not. Studies of earlier versions have no digests.
    """
    if not study.digests:
        return
    others = [name for name in FILES if name != STUDY]
    now = {name: bytes_digest(read_output(path.with_name(name))) for name in others}
    now[STUDY] = _told_digest(study)
    for name, digest in now.items():
        if study.digests.get(name) != digest:
            raise StaleError(f"{path.with_name(name)}: is not what the search wrote")


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
