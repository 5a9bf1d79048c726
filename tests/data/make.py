"""Data sets from arrays, by way of a raw table and the settings of its kind."""

from pathlib import Path

import numpy as np
import pandas as pd

from depthgauge.data.kinds.images import ImagesData
from depthgauge.data.kinds.series import SeriesData
from depthgauge.tables.table import Table

FILE = {"path": "table.csv", "separator": ",", "encoding": "utf-8", "decimal": "."}


def make_table(columns, lines=None):
    """A raw table with cells that read back to the same numbers; NaN is an empty cell."""
    cells = {name: pd.Series([_text(cell) for cell in cells]) for name, cells in columns.items()}
    rows = len(next(iter(cells.values())))
    lines = range(2, rows + 2) if lines is None else [int(line) for line in lines]
    return Table(Path("table.csv"), "0" * 64, ".", tuple(cells), lines, cells)


def _text(cell):
    if isinstance(cell, float):
        return "" if np.isnan(cell) else repr(float(cell))
    return str(cell)


def prepare(data, table, seed=0, replicates=1):
    """(dataset, encoder, dropped), as the stage makes them."""
    table, without = data.clean(table)
    encoder = data.fit(table)
    dataset, dropped = data.build(table, encoder, encoder.encode(table), seed, replicates)
    return dataset, encoder, without | dropped


def prepare_classes(
    pixels, input_names, labels, row_names, counts, seed, replicates, scaling, label_noise
):
    """Images and their classes."""
    table = make_table(
        {**dict(zip(input_names, pixels.T, strict=True)), "label": labels}, row_names
    )
    data = images("classification", counts, scaling=scaling, label_noise=label_noise)
    return prepare(data, table, seed, replicates)[0]


def prepare_denoising(
    pixels, input_names, row_names, counts, seed, replicates, scaling, input_noise
):
    """Images to be found again in noisy ones."""
    columns = {**dict(zip(input_names, pixels.T, strict=True)), "label": ["?"] * len(pixels)}
    data = images("structured", counts, scaling=scaling, input_noise=input_noise)
    return prepare(data, make_table(columns, row_names), seed, replicates)[0]


def images(task, counts, scaling="all", label_noise=0.0, input_noise=0.0, group=None, by="rows"):
    """The settings of images."""
    return ImagesData(
        **FILE,
        kind="images",
        target="label",
        group=group,
        task=task,
        scaling=scaling,
        label_noise=label_noise,
        input_noise=input_noise,
        split={**counts, "by": by},
    )


def prepare_series(
    days, columns, names, target, window, horizon, steps, gaps, validation_days, test_days
):
    """(dataset, dropped) of a series of days; columns: (n, C)."""
    table = {"day": days, **dict(zip(names, columns.T, strict=True))}
    same = [name for name in names if np.array_equal(table[name], target)]
    table |= {} if same else {"target": target}
    data = series(
        inputs=list(names),
        target=same[0] if same else "target",
        window=window,
        horizon=horizon,
        steps=steps,
        gaps=gaps,
        split={"validation_days": validation_days, "test_days": test_days},
    )
    dataset, _, dropped = prepare(data, make_table(table))
    return dataset, dropped


def series(**changes):
    """The settings of a series."""
    settings = {
        "kind": "series",
        "date": "day",
        "target": "views",
        "inputs": ["views"],
        "window": 3,
        "horizon": 1,
        "steps": 1,
        "gaps": "exclude",
        "transform": "none",
        "split": {"validation_days": 3, "test_days": 3},
    }
    return SeriesData(**FILE, **(settings | changes))
