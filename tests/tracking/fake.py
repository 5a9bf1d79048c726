"""Small results, written as the stages write them, without any training."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from depthgauge.statistics.words import Outcome, Verdict

from depthgauge.artifacts.page import PAGE, figure_path
from depthgauge.artifacts.recipes import recipe_path, write_recipe
from depthgauge.artifacts.runs import trained_path, write_trained
from depthgauge.artifacts.search import search_path, write_search
from depthgauge.artifacts.verdicts import (
    ANSWER,
    POINTS,
    THRESHOLD,
    point_row,
    threshold_entry,
    write_threshold,
)
from depthgauge.files.atomic import write_file
from depthgauge.files.csv_files import write_table
from depthgauge.settings.schema import Settings
from depthgauge.statistics.stopping import STOPPINGS, stopped
from depthgauge.statistics.verdicts import Answer, PointVerdict, ViewVerdict
from depthgauge.training.recipe import Recipe
from depthgauge.training.runs import Trained
from tests.experiment import new_experiment

COLUMNS = ("train_loss", "validation_loss", "test_loss")
ERRORS = ("train_error", "validation_error", "test_error")
SETTINGS = {"seed": 7, "replicates": 3, "epochs": 12, "width": 64, "learning_rate": 0.003}


@cache
def settings(*points: int, tuned: bool = False) -> Settings:
    """Settings that ask for these points, and with `tuned` for a search of each."""
    with tempfile.TemporaryDirectory() as folder:
        experiment = new_experiment(Path(folder) / "digits", "images")
        experiment.set("experiment", "digits").set("points", list(points))
        if tuned:
            experiment.tune()
        return experiment.settings


def provenance(point: int = 1, **changed: Any) -> dict[str, Any]:
    """What a point was made from; `changed` replaces keys."""
    return {
        "recipe": "fixed",
        "axis": "depth",
        "point": point,
        "settings": {**SETTINGS, "depth": point},
        "data_digest": "d" * 64,
        "recipe_digest": "e" * 64,
        "code_digest": "f" * 64,
        "packages": {"torch": "2.13.0"},
        **changed,
    }


def losses(
    point: int, replicates: int = 3, epochs: int = 12, columns: tuple[str, ...] = COLUMNS
) -> np.ndarray:
    """(R, E, C) positive numbers that differ everywhere."""
    drawn = np.random.default_rng([point, replicates, epochs]).random
    return drawn((replicates, epochs, len(columns))) + 0.1


def write_point(
    folder: Path,
    point: int = 1,
    values: np.ndarray | None = None,
    columns: tuple[str, ...] = COLUMNS,
    **changed: Any,
) -> Path:
    """The results of training the fixed recipe at a point, in an experiment's folder."""
    values = losses(point, columns=columns) if values is None else values
    curves = dict(zip(columns, np.moveaxis(values, 2, 0), strict=True))
    trained = Trained(
        replicates=np.arange(len(values)),
        curves=curves,
        stopped=stopped(curves),
        weights={s: {"0.weight": np.full((len(values), 1), point, np.float32)} for s in STOPPINGS},
        test_losses={s: np.zeros((len(values), 1), np.float32) for s in STOPPINGS},
    )
    path = folder / trained_path("fixed", point)
    write_trained(path, trained, np.zeros((len(values), 1), int), provenance(point, **changed))
    return path


def write_summary(
    folder: Path, points: Sequence[int], best: int = 1, verdict: Verdict = Verdict.BEST
) -> None:
    """What evaluate and report write of the fixed recipe; mean test loss is 0.5 + point."""
    judged = [
        PointVerdict(point, verdict, Verdict.BEST, 3, 0.5 + point, None, 0.5, 0.25, None, None)
        for point in points
    ]
    answer = Answer(Outcome.NONE_RESOLVED, None, None)
    view = ViewVerdict(tuple(judged), best, best, None, answer, answer, 0.75, 3)
    rows = [
        point_row(("fixed", stopping), "depth", _means(point.point), point)
        for stopping in STOPPINGS
        for point in judged
    ]
    write_table(folder / POINTS, rows)
    entry = threshold_entry(view, {"loss": None})
    write_threshold(folder / THRESHOLD, {("fixed", stopping): entry for stopping in STOPPINGS})
    write_file(folder / ANSWER, f"Depth {best} is best.\nfixed recipe: it is.\n".encode())
    write_file(folder / figure_path("depth"), b"<svg/>")
    write_file(folder / PAGE, b"<!doctype html>")


def _means(point: int) -> dict[str, float]:
    return {"train_loss": 0.25, "validation_loss": 0.5, "test_loss": 0.5 + point, "test_r2": 0.125}


TRIALS = (
    # state, value, best so far, learning rate, values reported at epochs 4, 8 and 12
    ("diverged", None, None, 0.9, ()),
    ("complete", 0.75, 0.75, 0.001, (2.0, 1.0, 0.75)),
    ("complete", 0.25, 0.25, 0.01, (1.0, 0.5, 0.25)),
    ("pruned", None, 0.25, 0.0001, (3.0, 2.5)),
)


def search_recipe(point: int) -> Recipe:
    """What the search found: the values of trial 2."""
    base = settings(point, tuned=True).training_recipe(point)
    return Recipe(**{**asdict(base), "learning_rate": 0.01, "batch_size": 8, "width": 32})


def search_file(folder: Path, point: int, name: str) -> Path:
    """A file of a search, such as trials.csv."""
    return folder / search_path(point, name)


def write_searched(folder: Path, point: int = 1, seed: int = 7) -> None:
    """The search of a point and the recipe that it found."""
    trials = [
        {
            "trial": number,
            "state": state,
            "value": value,
            "best_so_far": best,
            "epochs": 4 * len(reports),
            "learning_rate": rate,
            "batch_size": 8,
            "width": 32,
        }
        for number, (state, value, best, rate, reports) in enumerate(TRIALS)
    ]
    curves = [
        {"trial": number, "epoch": epoch, "value": value}
        for number, (*_, reports) in enumerate(TRIALS)
        for epoch, value in zip((4, 8, 12), reports, strict=False)
    ]
    importances = [
        {"parameter": "learning_rate", "importance": 0.75},
        {"parameter": "batch_size", "importance": None},
        {"parameter": "width", "importance": None},
    ]
    study = {
        "name": f"digits depth {point} 12345678",
        "plan": {
            "axis": "depth",
            "point": point,
            "base": {"depth": point, "activation": "relu"},
            "space": {"learning_rate": [0.0001, 1.0], "batch_size": [8, 16], "width": [16, 64]},
            "objective": "validation_loss",
            "replicates": 2,
            "sampler": "tpe",
            "pruner": "median",
            "startup_trials": 2,
            "seed": seed,
            "data_digest": "d" * 64,
            "code_digest": "a" * 64,
        },
        "best_trial": 2,
        "best_value": 0.25,
        "budget": {"trials": 4, "replicates": 2, "epochs": 12, "epochs_trained": 32},
        "states": {"complete": 2, "pruned": 1, "diverged": 1},
    }
    files = (folder / search_path(point, "")).parent
    write_search(files, point, trials, curves, importances, study)
    write_recipe(folder / recipe_path("tuned", point), search_recipe(point))
