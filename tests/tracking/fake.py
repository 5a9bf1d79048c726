"""Small result files as the stages write them, without any training."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.files.digests import file_digest
from depthgauge.tracking.results import Expected, ExpectedPoint

COLUMNS = ("train_loss", "validation_loss", "test_loss")
ERRORS = ("train_error", "validation_error", "test_error")
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
        "source_digest": "f" * 64,
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
    digests = {path.name: file_digest(path) for path in trained.iterdir()}
    digests.pop("provenance.json", None)
    content = {**provenance(point, **changed), "digests": digests}
    (trained / "provenance.json").write_text(json.dumps(content))
    return trained


def write_summary(folder: Path, points: tuple[int, ...], best: int = 1) -> None:
    """What evaluate and report write."""
    results = folder / "results"
    (results / "report").mkdir(parents=True, exist_ok=True)
    with (results / "points.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("recipe", "stopping", "axis", "point", "test_loss_mean", "verdict"))
        for point in points:
            writer.writerow(("fixed", "last", "depth", point, 0.5 + point, "overfits"))
    view = {
        "best": best,
        "overfitting_threshold": None,
        "rise": 0.25,
        "on_this_data": {"verdict": "none resolved", "interval": [0.1, 0.2]},
    }
    (results / "threshold.json").write_text(json.dumps({"fixed": {"last": view}}))
    (results / "answer.txt").write_text(f"fixed recipe:\n  Depth {best} is best.\n")
    (results / "report" / "loss-by-depth.svg").write_text("<svg/>")


def expected(*points: int) -> Expected:
    """What the settings would ask for."""
    return Expected(
        tuple(ExpectedPoint("fixed", "depth", point) for point in points), dict(SETTINGS)
    )
