"""Small result files as the stages write them, without any training."""

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.recipes import recipe_folder
from depthgauge.artifacts.search import Study, write_search
from depthgauge.files.digests import file_digest
from depthgauge.tracking.results import Expected, ExpectedPoint, ExpectedSearch
from depthgauge.training.recipe import Recipe

COLUMNS = ("train_loss", "validation_loss", "test_loss")
ERRORS = ("train_error", "validation_error", "test_error")
COLUMNS_OF_POINTS = (
    "recipe",
    "stopping",
    "axis",
    "point",
    "test_loss",
    "on_this_data",
    "for_new_data",
)
SETTINGS = {"seed": 7, "replicates": 3, "epochs": 12, "width": 64, "learning_rate": 0.003}


def provenance(point: int = 1, **changed: Any) -> dict[str, Any]:
    """provenance.json of one point; `changed` replaces keys."""
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
    """results/train/fixed-<point> in an experiment's folder."""
    values = losses(point, columns=columns) if values is None else values
    trained = folder / "results" / "train" / f"fixed-{point}"
    trained.mkdir(parents=True, exist_ok=True)
    with (trained / "curves.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("replicate", "epoch", *columns))
        for replicate, curve in enumerate(values):
            for epoch, row in enumerate(curve, start=1):
                fields = [repr(float(value)) for value in row]
                writer.writerow((replicate, epoch, *fields))
    for name in ("weights-last.safetensors", "weights-validation.safetensors"):
        (trained / name).write_bytes(f"{name} {point}".encode())
    (trained / "test-losses.parquet").write_bytes(b"losses")
    (trained / "metrics.csv").write_text(metrics_csv(len(values)))
    digests = {path.name: file_digest(path) for path in trained.iterdir()}
    digests.pop("provenance.json", None)
    content = {**provenance(point, **changed), "digests": digests}
    (trained / "provenance.json").write_text(json.dumps(content))
    return trained


def metrics_csv(replicates: int) -> str:
    """test_rmse is 10 r after the last epoch and 1 less at least validation loss."""
    lines = ["replicate,stopping,test_rmse"]
    for replicate in range(replicates):
        lines += [
            f"{replicate},last,{10 * replicate}",
            f"{replicate},validation,{10 * replicate - 1}",
        ]
    return "\n".join(lines) + "\n"


def write_summary(
    folder: Path, points: tuple[int, ...], best: int = 1, verdict: str = "overfits"
) -> None:
    """What evaluate and report write."""
    results = folder / "results"
    (results / "report").mkdir(parents=True, exist_ok=True)
    with (results / "points.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS_OF_POINTS)
        for point in points:
            writer.writerow(("fixed", "last", "depth", point, 0.5 + point, verdict, "best"))
    view = {
        "best": best,
        "overfitting_threshold": None,
        "rise": 0.25,
        "on_this_data": {"verdict": "none resolved", "interval": [0.1, 0.2]},
    }
    (results / "threshold.json").write_text(json.dumps({"fixed": {"last": view}}))
    (results / "answer.txt").write_text(f"fixed recipe:\n  Depth {best} is best.\n")
    (results / "loss-by-depth.svg").write_text("<svg/>")
    (results / "report" / "index.html").write_text("<!doctype html>")


TRIALS = (
    # state, value, best so far, learning rate, values reported at epochs 4, 8 and 12
    ("diverged", None, None, 0.9, ()),
    ("complete", 0.75, 0.75, 0.001, (2.0, 1.0, 0.75)),
    ("complete", 0.25, 0.25, 0.01, (1.0, 0.5, 0.25)),
    ("pruned", None, 0.25, 0.0001, (3.0, 2.5)),
)


def search_recipe(point: int) -> Recipe:
    """What the search found: the values of trial 2."""
    return Recipe(
        depth=point,
        width=32,
        activation="relu",
        initialisation="default",
        optimizer="adam",
        learning_rate=0.01,
        schedule="constant",
        momentum=0.9,
        weight_decay=0.0,
        batch_size=8,
        loss="cross_entropy",
        epochs=12,
    )


def write_searched(folder: Path, point: int = 1, seed: int = 7) -> None:
    """results/recipes/tuned-<point>, as the search of a point leaves it."""
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
    found = asdict(search_recipe(point))
    searched = ("learning_rate", "batch_size", "width")
    study = {
        "name": f"digits depth {point} 12345678",
        "plan": {
            "axis": "depth",
            "point": point,
            "base": {key: found[key] for key in found if key not in searched},
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
    found_in = folder / recipe_folder("tuned", point)
    record = Study.model_validate(study)
    write_search(found_in, search_recipe(point), record, trials, curves, importances)


def expected(*points: int, searches: tuple[int, ...] = ()) -> Expected:
    """What the settings would ask for."""
    return Expected(
        tuple(ExpectedPoint("fixed", "depth", point) for point in points),
        tuple(ExpectedSearch("depth", point) for point in searches),
        dict(SETTINGS),
        "depth",
        "`digit` of `digits.csv` (classification)",
    )
