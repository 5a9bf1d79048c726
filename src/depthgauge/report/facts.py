"""All that the page tells, as data read from artifacts: figures and sentences follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from depthgauge.artifacts.inputs import present_data, present_results
from depthgauge.artifacts.looks import Looks, read_looks
from depthgauge.artifacts.metrics import read_metrics
from depthgauge.artifacts.search import Search, read_study, search_name
from depthgauge.artifacts.seen import with_splits
from depthgauge.artifacts.shapes import require_curves
from depthgauge.artifacts.trained import run_name
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.axes.axis import Axis
from depthgauge.data.dataset import SPLIT_NAMES, Dataset, of_first
from depthgauge.report.style import view_title
from depthgauge.section import leaves
from depthgauge.settings.schema import Settings
from depthgauge.statistics.baselines import Baseline
from depthgauge.statistics.effects import Cure
from depthgauge.statistics.estimates import Point, View
from depthgauge.statistics.paired import unit_columns
from depthgauge.statistics.stopping import Stopped
from depthgauge.statistics.verdicts import Choice, Verdicts, ViewVerdict
from depthgauge.training.baselines import REFERENCE
from depthgauge.training.metrics.metric import Metric, find_metrics

# What decides no result: where pictures and runs are shown.
UNTOLD = {"tracking"}


@dataclass(frozen=True)
class Judged:
    """A metric that counts: values (R, D) by view and split, NaN as losses are, and verdicts."""

    metric: Metric
    values: Mapping[View, Mapping[str, np.ndarray]]
    verdicts: Mapping[View, ViewVerdict]


@dataclass(frozen=True)
class Facts:
    """The experiment and its results.

    settings: what the results were made with, at the last of the looks. verdicts: every view, the
    main one first. cures: what the others make of its rises. baselines: what any network must beat.
    losses: for each view, train and test losses (R, D) at the view's stopping, NaN where a
    replicate diverged. metrics: those that count, by name.
    curves: for each recipe and point, curves (R, E) by name, NaN for replicates that diverged.
    unseen: examples in each split of the recipe `grouped`, where it is among them.
    packages: versions that the results were made with. sources: runs in MLflow, and the digest of
    each.
    """

    settings: Settings
    looks: Looks
    answer: str
    verdicts: Mapping[View, ViewVerdict]
    choice: Choice | None
    cures: Sequence[Cure]
    baselines: Sequence[Baseline]
    losses: Mapping[View, Mapping[str, np.ndarray]]
    metrics: Mapping[str, Judged]
    curves: Mapping[str, Sequence[Mapping[str, np.ndarray]]]
    searches: Sequence[Search]
    dataset: Dataset
    unseen: Mapping[str, int] | None
    meta: Mapping[str, Any]
    packages: Mapping[str, str]
    sources: Mapping[str, str]

    @property
    def floor(self) -> float | None:
        """The test loss that no model can be expected to beat, where the truth is known."""
        known = (b for b in self.baselines if (b.name, b.quantity) == (REFERENCE, "loss"))
        return next((each.test for each in known), None)

    @property
    def of(self) -> Axis:
        """The words for the axis."""
        return self.settings.swept

    @property
    def axis(self) -> str:
        """What the points are values of."""
        return self.settings.axis

    @property
    def points(self) -> Sequence[Point]:
        """The values that were compared, in their order."""
        return self.settings.points

    @property
    def replicates(self) -> int:
        """How many there are of each point."""
        return self.settings.trained

    @property
    def loss_words(self) -> str:
        """The loss of the fixed recipe as a person says it."""
        return self.settings.recipe.loss.words

    def title(self, view: View) -> str:
        """A view in words."""
        return view_title(*view)

    def units(self, recipe: str, values: np.ndarray) -> np.ndarray:
        """(U, n) of values (R, n) of the replicates: those that an interval is over."""
        return unit_columns(values, np.array(self.settings.clusters(recipe)))

    @property
    def told_settings(self) -> dict[str, str]:
        """The settings by their keys, as text."""
        return {k: f"{v}" for k, v in leaves(self.settings.model_dump(exclude=UNTOLD))}


def read_facts(folder: Path, settings: Settings) -> Facts:
    """Raises InputError for files that are missing, damaged or from other settings."""
    looks = read_looks(folder, settings)
    settings = settings.at_look(looks.taken[-1])
    whole, meta = present_data(folder, settings)
    dataset = of_first(whole, settings.trained)
    verdicts = read_verdicts(folder, settings)
    curves: dict[str, list[dict[str, np.ndarray]]] = {recipe: [] for recipe in settings.recipes}
    stopped: dict[str, list[dict[str, Stopped]]] = {recipe: [] for recipe in settings.recipes}
    packages: dict[str, set[str]] = {}
    sources = {}
    for recipe, point in product(settings.recipes, settings.points):
        trained = present_results(folder, settings, meta, recipe, point)
        stops, found = trained.stopped(), trained.curves()
        require_curves(trained.folders[0], found, stops, settings.trained)
        stopped[recipe].append(stops)
        curves[recipe].append({n: stops["last"].mask(c) for n, c in found.items()})
        for package, version in trained.packages():
            packages.setdefault(package, set()).add(version)
        for first, digest in trained.digests().items():
            sources[run_name(recipe, settings.axis, point, first)] = digest
    grouped = "grouped" in settings.recipes
    searches = [
        read_study(folder, recipe, point, study) for recipe, point, study in settings.searches
    ]
    sources |= {
        search_name(each.recipe_name, settings.axis, each.point, each.number): each.digest
        for each in searches
    }
    return Facts(
        settings=settings,
        looks=looks,
        answer=verdicts.sentence,
        verdicts=verdicts.by_view,
        choice=verdicts.choice,
        cures=verdicts.cures,
        baselines=verdicts.baselines,
        losses={
            (recipe, stopping): _losses(curves[recipe], [s[stopping] for s in stopped[recipe]])
            for recipe, stopping in settings.views
        },
        metrics=_judged(folder, settings, verdicts, stopped),
        curves=curves,
        searches=searches,
        dataset=dataset,
        unseen=with_splits(whole, settings, "grouped").splits.sizes if grouped else None,
        meta=meta,
        packages={name: " and ".join(sorted(packages[name])) for name in sorted(packages)},
        sources=sources,
    )


def _judged(
    folder: Path,
    settings: Settings,
    verdicts: Verdicts,
    stopped: Mapping[str, Sequence[Mapping[str, Stopped]]],
) -> dict[str, Judged]:
    measured = read_metrics(folder, settings)

    def values(view: View, name: str) -> np.ndarray:
        recipe, stopping = view
        of_points = zip(settings.points, stopped[recipe], strict=True)
        return np.stack(
            [
                np.where(s[stopping].finite, measured[recipe, point][stopping][name], np.nan)
                for point, s in of_points
            ],
            1,
        )

    return {
        name: Judged(
            metric,
            {v: {s: values(v, f"{s}_{name}") for s in SPLIT_NAMES} for v in settings.views},
            {each.view: each.metrics[name] for each in verdicts.views},
        )
        for name, metric in find_metrics(settings.metrics).items()
    }


def _losses(
    curves: Sequence[Mapping[str, np.ndarray]], stopped: Sequence[Stopped]
) -> dict[str, np.ndarray]:
    """Train and test losses (R, D) of the points, at one stopping."""
    found: dict[str, np.ndarray] = {}
    for split in ("train", "test"):
        of_points = zip(curves, stopped, strict=True)
        found[split] = np.stack([s.at(curve[f"{split}_loss"]) for curve, s in of_points], 1)
    return found
