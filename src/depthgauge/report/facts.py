"""All that the page tells, as data read from artifacts: figures and sentences follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.dataset import PREPARED
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.artifacts.inputs import present_data, present_results
from depthgauge.artifacts.runs import read_curves, read_provenance, read_stopped, trained_digest
from depthgauge.artifacts.search import read_search
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.axes.axis import Axis, find_axis
from depthgauge.data.dataset import Dataset
from depthgauge.settings.schema import Settings
from depthgauge.statistics.stopping import STOPPINGS, Stopped
from depthgauge.statistics.verdicts import DoubleDescent, Point, View, ViewVerdict
from depthgauge.training.baselines import measure_baselines

# What decides no result: where pictures and runs are shown.
UNTOLD = {"tracking"}


@dataclass(frozen=True)
class Search:
    """The search of one point. trials: rows of its table, numbers as numbers, None where empty.

    best: the number of the best trial. space: for each searched value [low, high] or the list of
    choices. importances: its share of what the trials' values vary by, None where unknown.
    replicates, epochs: what a trial may train.
    """

    point: Point
    objective: str
    replicates: int
    epochs: int
    best: int
    trials: Sequence[Mapping[str, Any]]
    space: Mapping[str, Sequence[Any]]
    importances: Mapping[str, float | None]


@dataclass(frozen=True)
class Source:
    """A run in MLflow and the digest by which it is found."""

    name: str
    digest: str


@dataclass(frozen=True)
class Facts:
    """The experiment and its results.

    verdicts: every view, the main one first. losses: for each view, train and test losses (R, D) at
    the view's stopping, NaN where a replicate diverged. curves: for each recipe and point, curves
    (R, E) by name, NaN for replicates that diverged.
    data: the settings' section of that name. settings: all settings, flat, as text. packages:
    versions that the results were made with.
    """

    experiment: str
    axis: str
    points: Sequence[Point]
    replicates: int
    loss: str
    margin: float
    alpha: float
    answer: str
    verdicts: Mapping[View, ViewVerdict]
    losses: Mapping[View, Mapping[str, np.ndarray]]
    curves: Mapping[str, Sequence[Mapping[str, np.ndarray]]]
    searches: Sequence[Search]
    dataset: Dataset
    meta: Mapping[str, Any]
    data: Mapping[str, Any]
    settings: Mapping[str, str]
    packages: Mapping[str, str]
    sources: Sequence[Source]

    @property
    def floor(self) -> float | None:
        """The test loss that no model can be expected to beat, where the truth is known."""
        found: float | None = self.meta["baselines"].get("reference", {}).get("test")
        return found

    @property
    def means(self) -> dict[View, list[dict[str, float | None]]]:
        """Of each view and point, the mean of every loss, error rate and metric of every split."""
        return {view: [p.means for p in found.points] for view, found in self.verdicts.items()}

    @property
    def descents(self) -> dict[View, Mapping[str, DoubleDescent | None]]:
        """Of each view, the second descent of the test loss and of the error rate."""
        return {view: found.double_descent for view, found in self.verdicts.items()}

    @property
    def of(self) -> Axis:
        """The words for the axis."""
        return find_axis(self.axis)


def read_facts(folder: Path, settings: Settings) -> Facts:
    """Raises InputError for files that are missing, damaged or from other settings."""
    dataset, meta = present_data(folder, settings)
    guesses = read_encoder(folder / PREPARED).guesses(dataset)
    baselines = measure_baselines(dataset, settings.recipe.loss, guesses)
    verdicts = read_verdicts(folder, settings)
    curves: dict[str, list[dict[str, np.ndarray]]] = {}
    stopped: dict[str, list[dict[str, Stopped]]] = {}
    packages: dict[str, set[str]] = {}
    sources = []
    for recipe in settings.recipes:
        for point in settings.points:
            path = present_results(folder, settings, meta, recipe, point)
            curves.setdefault(recipe, []).append(read_curves(path))
            stopped.setdefault(recipe, []).append(read_stopped(path))
            for package, version in read_provenance(path).get("packages", {}).items():
                packages.setdefault(package, set()).add(version)
            sources.append(Source(f"{recipe} {settings.axis} {point}", trained_digest(path)))
    found = _searches(folder, settings)
    return Facts(
        experiment=settings.experiment,
        axis=settings.axis,
        points=settings.points,
        replicates=settings.replicates,
        loss=settings.recipe.loss.name,
        margin=settings.threshold.margin,
        alpha=settings.threshold.alpha,
        answer=verdicts.sentence,
        verdicts=verdicts.by_view,
        losses={
            (recipe, stopping): {
                split: np.stack(
                    [
                        _kept(stops[stopping], stops[stopping].at(curve[f"{split}_loss"]))
                        for curve, stops in zip(curves[recipe], stopped[recipe], strict=True)
                    ],
                    1,
                )
                for split in ("train", "test")
            }
            for recipe in settings.recipes
            for stopping in STOPPINGS
        },
        curves={
            recipe: [
                {name: _kept(stops["last"], curve) for name, curve in of_point.items()}
                for of_point, stops in zip(curves[recipe], stopped[recipe], strict=True)
            ]
            for recipe in settings.recipes
        },
        searches=[search for search, _ in found],
        dataset=dataset,
        meta={**meta, "baselines": baselines},
        data=settings.data.model_dump(),
        settings=_flatten(settings.model_dump(exclude=UNTOLD)),
        packages={name: " and ".join(sorted(packages[name])) for name in sorted(packages)},
        sources=[*sources, *(source for _, source in found)],
    )


def _kept(stopped: Stopped, values: np.ndarray) -> np.ndarray:
    """Values (R,) or (R, E), NaN for replicates that diverged."""
    return np.where(stopped.finite.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)


def _searches(folder: Path, settings: Settings) -> list[tuple[Search, Source]]:
    found = []
    for point in settings.points if "tuned" in settings.recipes else []:
        read = read_search(folder, "tuned", point)
        plan, budget = read.study.plan, read.study.budget
        search = Search(
            point=point,
            objective=str(plan["objective"]),
            replicates=budget.replicates,
            epochs=budget.epochs,
            best=read.study.best_trial,
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
        found.append((search, Source(f"search {settings.axis} {point}", read.digest)))
    return found


def _value(text: str) -> int | float | str | None:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or None


def _flatten(content: Mapping[str, Any], key: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in content.items():
        where = f"{key}.{name}" if key else name
        flat |= _flatten(value, where) if isinstance(value, Mapping) else {where: f"{value}"}
    return flat
