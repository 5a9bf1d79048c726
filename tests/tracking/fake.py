"""Small results, written as the stages write them, without any training."""

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.metrics import write_metrics
from depthgauge.artifacts.page import PAGE, figure_path
from depthgauge.artifacts.recipes import recipe_folder, recipe_path, write_recipes
from depthgauge.artifacts.runs import trained_path, write_runs
from depthgauge.artifacts.search import Budget, Study, study_folder, write_study
from depthgauge.artifacts.verdicts import write_verdicts
from depthgauge.files.atomic import write_file
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import Estimate
from depthgauge.statistics.stopping import STOPPINGS, stopped
from depthgauge.statistics.verdicts import (
    Answer,
    JudgedView,
    Outcome,
    PointVerdict,
    Verdict,
    Verdicts,
    ViewVerdict,
)
from depthgauge.training.recipe import Recipe
from depthgauge.training.runs import Runs
from tests.experiment import new_experiment

COLUMNS = ("train_loss", "validation_loss", "test_loss")
ERRORS = ("train_error", "validation_error", "test_error")
SETTINGS = {
    "seed": 7,
    "first_replicate": 0,
    "replicates": 3,
    "epochs": 12,
    "width": 64,
    "learning_rate": 0.003,
}


@cache
def settings(*points: int, tuned: bool = False) -> Settings:
    """Settings that ask for these points, and with `tuned` for a search of each."""
    with tempfile.TemporaryDirectory() as folder:
        experiment = new_experiment(Path(folder) / "digits", "images")
        experiment.set("experiment", "digits").set("points", list(points))
        experiment.set("metrics", [])
        if tuned:
            experiment.tune()
        return experiment.settings


def live_settings(live_after: float) -> Settings:
    """Of three replicates that are shown after so many seconds."""
    known = settings(1)
    tracking = known.tracking.model_copy(update={"live_after": live_after})
    return known.model_copy(update={"replicates": 3, "tracking": tracking})


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
    runs = Runs(
        replicates=np.arange(len(values)),
        curves=curves,
        stopped=stopped(curves),
        weights={s: {"0.weight": np.full((len(values), 1), point, np.float32)} for s in STOPPINGS},
        test_losses={s: np.zeros((len(values), 1), np.float32) for s in STOPPINGS},
    )
    path = folder / trained_path("fixed", point)
    write_runs(path, [runs], np.zeros((len(values), 1), int), provenance(point, **changed))
    return path


def write_summary(
    folder: Path,
    points: Sequence[int],
    best: int = 1,
    verdict: Verdict = Verdict.NO_RISE_RESOLVED,
    r2: Sequence[float] = (0.5, 0.25, 0.75),
) -> None:
    """What evaluate and report write of the fixed recipe; mean test loss is 0.5 + point.

    verdict: of every point but the best. r2: of each replicate on the test split.
    """
    none = Answer(Outcome.NONE_RESOLVED, None, None)
    view = ViewVerdict(
        points=tuple(_judge(point, Verdict.BEST if point == best else verdict) for point in points),
        best=best,
        recommended=best,
        least_validation=best,
        interpolation_threshold=None,
        on_this_data=none,
        for_new_data=none,
        for_new_groups=None,
        stability=0.75,
        replicates=3,
        studies=None,
        double_descent={"loss": None},
    )
    views = tuple(JudgedView("fixed", stopping, view) for stopping in STOPPINGS)
    answer = f"Depth {best} is best.\nfixed recipe: it is.\n"
    measured = {stopping: {"test_r2": np.array(r2)} for stopping in STOPPINGS}
    write_metrics(folder, {("fixed", point): measured for point in points})
    write_verdicts(folder, Verdicts("depth", tuple(points), 3, views, None, (), answer))
    write_file(folder / figure_path("depth"), b"<svg/>")
    write_file(folder / PAGE, b"<!doctype html>")


def _judge(point: int, verdict: Verdict) -> PointVerdict:
    means = {"train_loss": 0.25, "validation_loss": 0.5, "test_loss": 0.5 + point, "test_r2": 0.5}
    return PointVerdict(
        point=point,
        on_this_data=verdict,
        for_new_data=verdict,
        for_new_groups=None,
        finite_replicates=3,
        memorised=0,
        train_median=0.5,
        estimates={name: Estimate(mean, None) for name, mean in means.items()},
        crossed_interval=None,
        still_falling=None,
        comparison=None,
    )


TRIALS = (
    # state, value, best so far, learning rate, values reported at epochs 4, 8 and 12
    ("diverged", None, None, 0.9, ()),
    ("complete", 0.75, 0.75, 0.001, (2.0, 1.0, 0.75)),
    ("complete", 0.25, 0.25, 0.01, (1.0, 0.5, 0.25)),
    ("pruned", None, 0.25, 0.0001, (3.0, 2.5)),
)


def search_recipe(point: int) -> Recipe:
    """What the search found: the values of trial 2."""
    recipe = settings(point, tuned=True).recipe_at(point)
    return recipe.with_values({"learning_rate": 0.01, "batch_size": 8, "width": 32})


def search_file(folder: Path, point: int, name: str) -> Path:
    """A file of a search, such as trials.csv."""
    return study_folder(folder / recipe_folder("tuned", point), 0) / name


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
    plan = {
        "recipe": "tuned",
        "axis": "depth",
        "point": point,
        "study": 0,
        "base": {"network.depth": point, "network.activation": "relu"},
        "space": {
            "learning_rate": {"low": 0.0001, "high": 1.0},
            "batch_size": [8, 16],
            "width": {"low": 16, "high": 64},
        },
        "objective": "validation_loss",
        "replicates": [0, 1],
        "sampler": "tpe",
        "pruner": "median",
        "startup_trials": 2,
        "seed": seed,
        "data_digest": "d" * 64,
        "code_digest": "a" * 64,
    }
    study = Study(
        name=f"digits depth {point} study 0 12345678",
        plan=plan,
        best_trial=2,
        best_value=0.25,
        budget=Budget(trials=4, replicates=2, epochs=12, epochs_trained=32),
        states={"complete": 2, "pruned": 1, "diverged": 1},
    )
    write_study(folder / recipe_folder("tuned", point), study, trials, curves, importances)
    write_recipes(folder / recipe_path("tuned", point), [search_recipe(point)])
