"""The results of an experiment as pandas frames and figures; where missing, what to run."""

import os
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from depthgauge.artifacts.recipes import recipe_folder
from depthgauge.artifacts.runs import read_curves, read_stopped, trained_path
from depthgauge.artifacts.search import TRIALS, study_folder
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.errors import InputError
from depthgauge.report.charts.chart import Figure
from depthgauge.report.charts.curves import curves_figure
from depthgauge.report.style import SPLIT_ORDER
from depthgauge.settings.load import load_settings
from depthgauge.statistics.paired import unit_columns
from depthgauge.statistics.stopping import Stopped
from depthgauge.tracking.store import find_store

LOSSES = ("train_loss", "test_loss")


def answer(folder: Path) -> str:
    """The answer in words. Raises InputError if the pipeline has not run."""
    return read_verdicts(folder, load_settings(folder)).answer


def curves(folder: Path) -> Figure:
    """Mean train and test loss over the epochs, a panel for each recipe and point, the same axes.

    Without the replicates that diverged. Raises InputError if nothing is trained.
    """
    settings = load_settings(folder)
    measured = {
        recipe: [
            _curves(folder / trained_path(recipe, point), settings.clusters(recipe))
            for point in settings.points
        ]
        for recipe in settings.recipes
    }
    return curves_figure(measured, settings.axis, settings.points, settings.recipe.loss.words)


def _curves(folder: Path, clusters: Sequence[int]) -> dict[str, np.ndarray]:
    if not folder.is_dir():
        raise InputError(f"{folder}: is not trained yet; run `dvc repro`")
    finite = shown(read_curves(folder), read_stopped(folder)["last"])
    return {name: unit_columns(curve, np.array(clusters)) for name, curve in finite.items()}


def shown(curves: Mapping[str, np.ndarray], stopped: Stopped) -> dict[str, np.ndarray]:
    """The curves (R, E) that are drawn, NaN for replicates that diverged."""
    return {name: stopped.mask(curves[name]) for name in LOSSES}


def trials(folder: Path) -> pd.DataFrame:
    """Every trial of every study, with its point; no rows where there was no search."""
    settings, tables = load_settings(folder), []
    for point, study in product(settings.searched_points, range(settings.search.studies)):
        path = study_folder(folder / recipe_folder("tuned", point), study) / TRIALS
        if not path.is_file():
            raise InputError(f"{path}: is missing; run `dvc repro`")
        table = pd.read_csv(path)
        table.insert(0, "point", point)
        table.insert(1, "study", study)
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
    names = [f"{r} {settings.axis} {p}" for r in settings.recipes for p in settings.points]
    logged = logged.loc[[name for name in names if name in logged.index]].rename_axis("run")
    # A store of runs that all diverged has no such column.
    columns = {f"metrics.last/{split}_loss_mean": f"{split} loss" for split in SPLIT_ORDER}
    return logged[[c for c in columns if c in logged]].rename(columns=columns)
