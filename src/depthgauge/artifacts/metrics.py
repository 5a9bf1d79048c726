"""results/metrics.csv: every metric of every replicate, measured from the kept weights."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.files.csv_files import as_cell, read_table, write_table
from depthgauge.files.outputs import StaleError, intact
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import Point
from depthgauge.statistics.stopping import STOPPINGS, FloatArray

METRICS = Path("results/metrics.csv")
_KEYS = ("recipe", "point", "stopping", "replicate")

# {stopping: {"test_r2": (R,), ...}}, NaN where a metric is undefined, for each (recipe, point).
PointMetrics = Mapping[str, Mapping[str, FloatArray]]
Metrics = Mapping[tuple[str, Point], PointMetrics]


def as_written(metrics: PointMetrics) -> PointMetrics:
    """The same numbers to the nine digits of the file, so that its means are those told."""
    return {
        stopping: {
            name: np.array([float(f"{v:.9g}") for v in values]) for name, values in of.items()
        }
        for stopping, of in metrics.items()
    }


def write_metrics(folder: Path, metrics: Metrics) -> None:
    """Write the metrics; folder: the experiment's. Raises InputError if it cannot be written."""
    rows = [
        {
            **dict(zip(_KEYS, (recipe, point, stopping, replicate), strict=True)),
            **{name: float(values[replicate]) for name, values in named.items()},
        }
        for (recipe, point), stoppings in metrics.items()
        for stopping, named in stoppings.items()
        for replicate in range(len(next(iter(named.values()))))
    ]
    write_table(folder / METRICS, rows)


def read_metrics(folder: Path, settings: Settings) -> Metrics:
    """What `write_metrics` wrote. Raises InputError if it is missing, damaged or of other settings.

    folder: the experiment's.
    """
    path = folder / METRICS
    rows = read_table(path)
    found: dict[tuple[str, Point], dict[str, dict[str, FloatArray]]] = {}
    wanted = list(product(settings.recipes, settings.points, STOPPINGS))
    keys = [
        (*(str(as_cell(key)) for key in at), str(r))
        for at in wanted
        for r in range(settings.trained)
    ]
    with intact(path):
        if [tuple(row[key] for key in _KEYS) for row in rows] != keys:
            raise StaleError(f"{path}: is of other points or replicates")
        names = list(rows[0])[len(_KEYS) :]
        judged = {f"{split}_{name}" for name in settings.metrics for split in SPLIT_NAMES}
        if missing := sorted(judged - {*names}):
            raise StaleError(f"{path}: column {missing[0]} is missing")
        table = np.array([[float(row[name] or "nan") for name in names] for row in rows])
    groups = np.split(table, len(wanted))
    for (recipe, point, stopping), group in zip(wanted, groups, strict=True):
        named = dict(zip(names, group.T, strict=True))
        found.setdefault((recipe, point), {})[stopping] = named
    return found
