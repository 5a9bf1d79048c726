"""report: what evaluate found -> the figure of train and test loss against the axis."""

from pathlib import Path

import numpy as np

from depthgauge.core.training.trained import STOPPING_WORDS, STOPPINGS
from depthgauge.core.views import at_epochs, finite_replicates, stopping_epochs
from depthgauge.errors import InputError
from depthgauge.figures.loss_by_point import Panel, loss_by_point
from depthgauge.files.atomic import write_folder
from depthgauge.files.evaluation import THRESHOLD, read_threshold
from depthgauge.files.trained import read_curves
from depthgauge.settings.schema import Settings
from depthgauge.stages.inputs import present_meta, present_results

REPORT = Path("results/report")


def report(folder: Path, settings: Settings) -> None:
    """Draw the losses of every replicate of every view, with best point and threshold."""
    meta = present_meta(folder, settings)
    found = read_threshold(folder / THRESHOLD)
    panels, known = [], {None, *settings.points}
    for name in settings.recipes:
        curves = [
            read_curves(present_results(folder, settings, meta, name, p)) for p in settings.points
        ]
        for stopping in STOPPINGS:
            entry = found.get(name, {}).get(stopping)
            if not entry or not {entry["best"], entry["overfitting_threshold"]} <= known:
                raise InputError(f"{folder / THRESHOLD}: is of other points; run `dvc repro`")
            panels.append(
                Panel(
                    title=f"{name} recipe, {STOPPING_WORDS[stopping]}",
                    points=settings.points,
                    losses={split: _losses(curves, split, stopping) for split in ("train", "test")},
                    best=entry["best"],
                    threshold=entry["overfitting_threshold"],
                )
            )
    heading = f"{settings.experiment}: {settings.replicates} replicates of each {settings.axis}"
    loss = settings.recipe.loss.replace("_", "-").replace("mae", "absolute error")
    figure = loss_by_point(panels, settings.axis, loss.replace("mse", "squared error"), heading)
    write_folder(folder / REPORT, {f"loss-by-{settings.axis}.svg": figure})


def _losses(curves: list[dict[str, np.ndarray]], split: str, stopping: str) -> np.ndarray:
    """(R, D) losses at the stopping, NaN for replicates that diverged."""
    columns = []
    for point in curves:
        losses = at_epochs(point[f"{split}_loss"], stopping_epochs(point, stopping))
        columns.append(np.where(finite_replicates(point), losses, np.nan))
    return np.stack(columns, 1)
