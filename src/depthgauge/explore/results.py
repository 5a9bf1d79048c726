"""The results of an experiment as pandas frames; where they are missing, what to run."""

import os
from pathlib import Path

import pandas as pd

from depthgauge.errors import InputError
from depthgauge.files.evaluation import ANSWER, read_answer
from depthgauge.files.trained import FOLDER, read_curves
from depthgauge.settings.load import load_settings
from depthgauge.tracking.place import find_store


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


def trials(folder: Path) -> pd.DataFrame:
    """Every trial of every search, with its point; no rows where there was no search."""
    tables = []
    for point in load_settings(folder).search.points:
        path = folder / f"results/search/{point}-trials.csv"
        if not path.is_file():
            raise InputError(f"{path}: is missing; run `dvc repro`")
        table = pd.read_csv(path)
        table.insert(0, "point", point)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def runs(folder: Path) -> pd.DataFrame:
    """The experiment's runs in MLflow, one for each point; no rows where nothing is logged."""
    import mlflow

    name, store = load_settings(folder).experiment, find_store(folder, os.environ)
    if store.database is not None and not store.database.is_file():
        return pd.DataFrame()
    mlflow.set_tracking_uri(store.uri)
    logged = mlflow.search_runs(
        experiment_names=[name], filter_string="tags.`depthgauge.kind` = 'point'"
    )
    assert isinstance(logged, pd.DataFrame)
    kept = [c for c in logged.columns if c.startswith(("tags.mlflow.runName", "metrics.last/"))]
    return logged[[c for c in kept if c.endswith(("runName", "_loss_mean"))]]
