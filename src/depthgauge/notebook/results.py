"""The results of an experiment as pandas frames; where they are missing, what to run."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from depthgauge.artifacts.recipes import recipe_folder
from depthgauge.artifacts.runs import FOLDER, read_curves
from depthgauge.artifacts.search import TRIALS
from depthgauge.artifacts.verdicts import ANSWER, read_answer
from depthgauge.axes.axis import words
from depthgauge.errors import InputError
from depthgauge.report.style import COLOURS, SPLIT_ORDER, WIDE, loss_words
from depthgauge.settings.load import load_settings
from depthgauge.tracking.store import find_store

PANELS_ACROSS = 7


def answer(folder: Path) -> str:
    """The answer in words. Raises InputError if the pipeline has not run."""
    return "\n".join(read_answer(folder / ANSWER))


def curves(folder: Path) -> pd.DataFrame:
    """Mean train and test loss: a row for each epoch, a column for each (recipe-point, split).

    Raises InputError if nothing is trained.
    """
    columns = {}
    for trained in sorted((folder / FOLDER).glob("*-*")):
        measured = read_curves(trained)
        for split in ("train", "test"):
            columns[trained.name, split] = pd.Series(measured[f"{split}_loss"].mean(0))
    if not columns:
        raise InputError(f"{folder / FOLDER}: nothing is trained yet; run `dvc repro`")
    frame = pd.DataFrame(columns)
    frame.index = pd.Index(range(1, len(frame) + 1), name="epoch")
    return frame


def curves_figure(folder: Path) -> Figure:
    """Mean train and test loss over the epochs, a panel for each recipe and point, the same axes.

    Raises InputError as `curves` does.
    """
    frame, settings = curves(folder), load_settings(folder)
    across = min(len(settings.points), PANELS_ACROSS)
    down = -(-len(settings.points) // across)
    size = (2.1 * across + 0.6, 1.9 * down * len(settings.recipes))
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(
        down * len(settings.recipes), across, sharex=True, sharey=True, squeeze=False
    )
    values = frame.to_numpy(np.float64)
    values = values[np.isfinite(values)]
    logarithmic = values.size > 0 and 0 < values.min() < values.max() / WIDE
    for row, recipe in enumerate(settings.recipes):
        block = panels[row * down : (row + 1) * down].ravel()
        for axes, point in zip(block, settings.points, strict=False):
            for split in ("train", "test"):
                mean = frame[f"{recipe}-{point}", split]
                axes.plot(mean.index, mean, color=COLOURS[split], label=split)
            axes.set_title(f"{recipe}, {words(settings.axis).name(point)}", fontsize=9)
            if logarithmic:
                axes.set_yscale("log")
        for axes in block[len(settings.points) :]:
            axes.set_visible(False)
    figure.supxlabel("epoch", fontsize=9)
    figure.supylabel(f"mean {loss_words(settings.recipe.loss)}", fontsize=9)
    panels[0, 0].legend(frameon=False, fontsize=8)
    return figure


def trials(folder: Path) -> pd.DataFrame:
    """Every trial of every search, with its point; no rows where there was no search."""
    tables = []
    settings = load_settings(folder)
    for point in settings.points if "tuned" in settings.recipes else []:
        path = folder / recipe_folder("tuned", point) / TRIALS
        if not path.is_file():
            raise InputError(f"{path}: is missing; run `dvc repro`")
        table = pd.read_csv(path)
        table.insert(0, "point", point)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def runs(folder: Path) -> pd.DataFrame:
    """The present runs in MLflow, one for each recipe and point, with their last mean losses.

    No rows where nothing is logged.
    """
    import mlflow

    name, store = load_settings(folder).experiment, find_store(folder, os.environ)
    if store.database is not None and not store.database.is_file():
        return pd.DataFrame()
    mlflow.set_tracking_uri(store.uri)
    logged = mlflow.search_runs(
        experiment_names=[name], filter_string="tags.`depthgauge.kind` = 'point'"
    )
    assert isinstance(logged, pd.DataFrame)
    if not len(logged):
        return pd.DataFrame()
    logged = logged[logged["tags.depthgauge.current"] == "true"]
    logged = logged.assign(point=logged["tags.depthgauge.point"].astype(int))
    logged = logged.sort_values(["tags.depthgauge.recipe", "point"])
    return pd.DataFrame(
        {
            f"{split} loss": logged[f"metrics.last/{split}_loss_mean"].to_numpy()
            for split in SPLIT_ORDER
            # A store of runs that all diverged has no such column.
            if f"metrics.last/{split}_loss_mean" in logged
        },
        index=pd.Index(logged["tags.mlflow.runName"], name="run"),
    )
