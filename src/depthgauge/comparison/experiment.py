"""depthgauge's own experiment as runs: each replicate of each recipe, point and stopping."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.metrics import METRICS, read_metrics
from depthgauge.artifacts.runs import part_path, parts
from depthgauge.artifacts.trained import Trained
from depthgauge.comparison.names import Role
from depthgauge.comparison.reduce import listed
from depthgauge.comparison.runs import Asked, RunTable, roles_of
from depthgauge.errors import InputError
from depthgauge.settings.load import load_settings
from depthgauge.statistics.stopping import STOPPINGS


def read_experiment(folder: Path, asked: Asked) -> RunTable:
    """The replicates in results/. Raises InputError where nothing is trained or it is damaged."""
    settings = at_last_look(folder, load_settings(folder))
    measured = read_metrics(folder, settings) if (folder / METRICS).is_file() else {}
    rows, numbers = [], []
    # Replicates whose recipe one search has found share its luck: then the search is the unit.
    each = [settings.clusters(recipe) for recipe in settings.recipes]
    widest = min(each, key=lambda clusters: len(set(clusters)))
    for recipe, point in product(settings.recipes, settings.points):
        places = tuple(folder / part_path(recipe, point, part) for part in parts(settings))
        trained = Trained(places)
        curves, stopped = trained.curves(), trained.stopped()
        for stopping in STOPPINGS:
            ends = {
                name: np.where(stopped[stopping].finite, stopped[stopping].at(curve), np.nan)
                for name, curve in curves.items()
            }
            ends |= measured.get((recipe, point), {}).get(stopping, {})
            for replicate in range(settings.trained):
                own = {"recipe": recipe, settings.axis: point, "stopping": stopping}
                shared = widest[replicate]
                rows.append({**own, "search": shared, "replicate": replicate})
                numbers.append({name: values[replicate] for name, values in ends.items()})
    texts = pd.DataFrame([{k: str(v) for k, v in row.items()} for row in rows], dtype=object)
    metrics = pd.DataFrame(numbers, dtype=np.float64)
    names = [*texts.columns, *metrics.columns]
    unknown = sorted(asked.named - set(names))
    if unknown:
        raise InputError(f"{folder}: has no {unknown[0][:60]!r}; there are {listed(names)}")
    roles = roles_of(names, asked) | dict.fromkeys(metrics.columns, Role.METRIC)
    for name in ("recipe", settings.axis, "stopping"):
        if name not in asked.ignore and name not in asked.seed:
            roles[name] = Role.SETTING
    searched = len(set(widest)) < len(widest)
    if not searched:
        texts = texts.drop(columns="search")
    seed = ("search", "replicate") if searched else ("replicate",)
    none = pd.DataFrame(False, metrics.index, metrics.columns)
    return RunTable(str(folder), texts, metrics, none, roles, seed=seed)
