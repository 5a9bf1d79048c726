"""What the report tells, from the files of all stages; all of it fits the present settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.runs import read_curves, read_provenance, read_stopped
from depthgauge.artifacts.verdicts import (
    ANSWER,
    THRESHOLD,
    read_answer,
    read_descents,
    read_verdicts,
)
from depthgauge.errors import InputError
from depthgauge.report.facts import Facts, Search, Source
from depthgauge.settings.schema import Settings
from depthgauge.stages.inputs import present_data, present_results
from depthgauge.statistics.stopping import STOPPINGS, Stopped
from depthgauge.tracking import searches
from depthgauge.tracking.results import ExpectedSearch, trained_digest

Curves = dict[str, np.ndarray]
Stops = dict[str, Stopped]
# What decides no result: where pictures and runs are shown.
UNTOLD = ("tracking",)


def read_facts(folder: Path, settings: Settings) -> Facts:
    """Raises InputError for files that are missing, damaged or from other settings."""
    prepared, meta = present_data(folder, settings)
    verdicts = read_verdicts(folder, settings.points, settings.replicates)
    wanted = [(recipe, stopping) for recipe in settings.recipes for stopping in STOPPINGS]
    if sorted(verdicts) != sorted(wanted):
        raise InputError(f"{folder / THRESHOLD}: is of other recipes; run `dvc repro`")
    curves, stops, packages, sources = _trained(folder, settings, meta)
    found, found_sources = _searches(folder, settings)
    return Facts(
        experiment=settings.experiment,
        axis=settings.axis,
        points=settings.points,
        replicates=settings.replicates,
        loss=settings.recipe.loss,
        margin=settings.threshold.margin,
        alpha=settings.threshold.alpha,
        answer=read_answer(folder / ANSWER)[0],
        verdicts={view: verdicts[view] for view in wanted},
        losses={
            (recipe, stopping): {
                split: _losses(curves[recipe], stops[recipe], split, stopping)
                for split in ("train", "test")
            }
            for recipe, stopping in wanted
        },
        curves={
            name: [_without_diverged(c, s) for c, s in zip(points, stops[name], strict=True)]
            for name, points in curves.items()
        },
        descents=read_descents(folder),
        searches=found,
        prepared=prepared,
        meta=meta,
        data=settings.data.model_dump(),
        settings=_flat(settings.model_dump(exclude=set(UNTOLD))),
        packages=packages,
        sources=[*sources, *found_sources],
    )


def _trained(
    folder: Path, settings: Settings, meta: Meta
) -> tuple[dict[str, list[Curves]], dict[str, list[Stops]], dict[str, str], list[Source]]:
    curves: dict[str, list[Curves]] = {}
    stops: dict[str, list[Stops]] = {}
    packages: dict[str, set[str]] = {}
    sources = []
    for name in settings.recipes:
        for point in settings.points:
            path = present_results(folder, settings, meta, name, point)
            curves.setdefault(name, []).append(read_curves(path))
            stops.setdefault(name, []).append(read_stopped(path))
            for package, version in read_provenance(path).get("packages", {}).items():
                packages.setdefault(package, set()).add(version)
            sources.append(Source(f"{name} {settings.axis} {point}", trained_digest(path)))
    versions = {name: " and ".join(sorted(packages[name])) for name in sorted(packages)}
    return curves, stops, versions, sources


def _searches(folder: Path, settings: Settings) -> tuple[list[Search], list[Source]]:
    found, sources = [], []
    for point in settings.points if "tuned" in settings.recipes else []:
        files = searches.search_files(folder, ExpectedSearch(settings.axis, point))
        if files is None:
            raise InputError(
                f"{folder}: the search of {settings.axis} {point} has no results; run `dvc repro`"
            )
        read = searches.read_search(files)
        plan = read.study["plan"]
        found.append(
            Search(
                point=point,
                objective=str(plan["objective"]),
                replicates=int(read.study["budget"]["replicates"]),
                epochs=int(read.study["budget"]["epochs"]),
                best=int(read.study["best_trial"]),
                trials=[
                    {
                        "trial": trial.number,
                        "state": trial.state,
                        "value": trial.value,
                        "best_so_far": trial.best_so_far,
                        "epochs": trial.epochs,
                        **{name: _value(text) for name, text in trial.values.items()},
                    }
                    for trial in read.trials
                ],
                space={k: v for k, v in plan["space"].items() if v is not None},
                importances=read.importances,
            )
        )
        sources.append(Source(f"search {settings.axis} {point}", files.digest))
    return found, sources


def _value(text: str) -> int | float | str | None:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def _losses(curves: list[Curves], stops: list[Stops], split: str, stopping: str) -> np.ndarray:
    """(R, D) losses at the stopping, NaN for replicates that diverged."""
    columns = []
    for point, stopped in zip(curves, stops, strict=True):
        losses = stopped[stopping].at(point[f"{split}_loss"])
        columns.append(np.where(stopped[stopping].finite, losses, np.nan))
    return np.stack(columns, 1)


def _without_diverged(curves: Curves, stops: Stops) -> Curves:
    kept = stops["last"].finite[:, None]
    return {name: np.where(kept, curve, np.nan) for name, curve in curves.items()}


def _flat(content: Mapping[str, Any], key: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in content.items():
        where = f"{key}.{name}" if key else name
        flat |= _flat(value, where) if isinstance(value, Mapping) else {where: f"{value}"}
    return flat
