"""The results of an experiment as pandas frames and figures; where missing, what to run."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.recipes import recipe_folder
from depthgauge.artifacts.runs import part_path, parts
from depthgauge.artifacts.search import TRIALS, read_study, study_folder
from depthgauge.artifacts.shapes import require_curves
from depthgauge.artifacts.trained import Trained, run_name
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.files.formulas import unguard
from depthgauge.report.charts.chart import Figure
from depthgauge.report.charts.curves import curves_figure
from depthgauge.report.style import SPLIT_ORDER
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import Point
from depthgauge.statistics.paired import unit_columns
from depthgauge.statistics.stopping import Stopped
from depthgauge.tracking.store import find_store

LOSSES = ("train_loss", "test_loss")


def answer(folder: Path) -> str:
    """The answer in words. Raises InputError if the pipeline has not run."""
    return read_verdicts(folder, at_last_look(folder, load_settings(folder))).answer


def curves(folder: Path) -> Figure:
    """Mean train and test loss over the epochs, a panel for each recipe and point, the same axes.

    Without the replicates that diverged. Raises InputError if nothing is trained.
    """
    settings = at_last_look(folder, load_settings(folder))
    measured = {
        recipe: [_curves(folder, settings, recipe, point) for point in settings.points]
        for recipe in settings.recipes
    }
    return curves_figure(measured, settings.axis, settings.points, settings.recipe.loss.words)


def _curves(folder: Path, settings: Settings, recipe: str, point: Point) -> dict[str, np.ndarray]:
    trained = Trained(tuple(folder / part_path(recipe, point, part) for part in parts(settings)))
    found, stopped = trained.curves(), trained.stopped()
    require_curves(trained.folders[0], found, stopped, settings.trained)
    finite = shown(found, stopped["last"])
    clusters = np.array(settings.clusters(recipe))
    return {name: unit_columns(curve, clusters) for name, curve in finite.items()}


def shown(curves: Mapping[str, np.ndarray], stopped: Stopped) -> dict[str, np.ndarray]:
    """The curves (R, E) that are drawn, NaN for replicates that diverged."""
    return {name: stopped.mask(curves[name]) for name in LOSSES}


def trials(folder: Path) -> pd.DataFrame:
    """Every trial of every study, with its recipe and point; no rows where there was no search."""
    settings, tables = load_settings(folder), []
    for recipe, point, study in settings.searches:
        read_study(folder, recipe, point, study)
        path = study_folder(folder / recipe_folder(recipe, point), study) / TRIALS
        table = pd.read_csv(path).map(lambda cell: unguard(cell) if isinstance(cell, str) else cell)
        table.insert(0, "recipe", recipe)
        table.insert(1, "point", point)
        table.insert(2, "study", study)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def runs(folder: Path) -> pd.DataFrame:
    """The present runs in MLflow, one for each recipe and point, with their last mean losses.

    No rows where nothing is logged.
    """
    import mlflow

    settings, store = load_settings(folder), find_store(folder, os.environ)
    if store.database is not None and not store.database.is_file():
        return pd.DataFrame()
    mlflow.set_tracking_uri(store.uri)
    logged = mlflow.search_runs(
        experiment_names=[settings.experiment], filter_string="tags.`depthgauge.kind` = 'point'"
    )
    assert isinstance(logged, pd.DataFrame)
    if not len(logged):
        return pd.DataFrame()
    logged = logged[logged["tags.depthgauge.current"] == "true"].set_index("tags.mlflow.runName")
    # A point that was taken out of the settings since has no results that are present.
    names = [
        run_name(recipe, settings.axis, point, first)
        for recipe in settings.recipes
        for point in settings.points
        for first in (0, *settings.looks)
    ]
    logged = logged.loc[[name for name in names if name in logged.index]].rename_axis("run")
    # A store of runs that all diverged has no such column.
    columns = {f"metrics.last/{split}_loss_mean": f"{split} loss" for split in SPLIT_ORDER}
    return logged[[c for c in columns if c in logged]].rename(columns=columns)
