"""Read what training measured, and judge every view by its loss and by each metric that counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.inputs import present_data, present_recipes, present_results
from depthgauge.artifacts.metrics import as_written
from depthgauge.artifacts.seen import at_settings, with_splits
from depthgauge.artifacts.shapes import require_curves, require_test_losses
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset, of_first
from depthgauge.files.outputs import intact
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import View
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, ViewLosses, metric_losses, view_losses
from depthgauge.statistics.rules import require_judging_memory
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import JudgedView, ViewVerdict
from depthgauge.training.baselines import reference_loss
from depthgauge.training.metrics.measure import interleave, measure
from depthgauge.training.metrics.metric import find_metrics


@dataclass(frozen=True)
class Measured:
    """What was measured: at each (recipe, point), and in each view its losses and costs.

    costs: of each metric that counts, by its name. asked: the data in the splits of the settings.
    """

    asked: Dataset
    points: Mapping[tuple[str, Point], PointLosses]
    losses: Mapping[View, ViewLosses]
    costs: Mapping[View, Mapping[str, ViewLosses]]


def read_measured(folder: Path, settings: Settings) -> Measured:
    """Of the settings' views and points, whatever else lies in results.

    Raises InputError for files that are missing, damaged or from other settings.
    """
    dataset, meta = present_data(folder, settings)
    rules, pool = settings.rules, len(dataset.row_names)
    require_judging_memory(rules, len(settings.points), settings.trained, pool)
    seen: dict[str, Dataset] = {
        recipe: of_first(with_splits(dataset, settings, recipe), settings.trained)
        for recipe in settings.recipes
    }
    points: dict[tuple[str, Point], PointLosses] = {
        (recipe, point): _read_point(folder, settings, seen[recipe], meta, recipe, point)
        for recipe, point in product(settings.recipes, settings.points)
    }
    constants = {name: reference_loss(each, settings.recipe.loss) for name, each in seen.items()}
    losses: dict[View, ViewLosses] = {}
    costs: dict[View, dict[str, ViewLosses]] = {}
    for recipe, stopping in settings.views:
        view, of_points = (recipe, stopping), [points[recipe, point] for point in settings.points]
        losses[view] = view_losses(
            settings.points,
            of_points,
            stopping,
            pool,
            rules.falling_over,
            constants[recipe],
            np.array(settings.clusters(recipe)),
            dataset.groups,
            training_share(seen[recipe]),
        )
        costs[view] = {
            name: metric_losses(losses[view], of_points, stopping, name, metric.costs)
            for name, metric in find_metrics(settings.metrics).items()
        }
    return Measured(dataset, points, losses, costs)


def judge_views(measured: Measured, settings: Settings) -> list[JudgedView]:
    """The verdicts on every view, the main one first."""
    found, harder = [], settings.swept.harder
    for number, (view, losses) in enumerate(measured.losses.items()):
        rng = generator(settings.seed, Purpose.BOOTSTRAP, number)
        verdict = judge(losses, settings.rules, rng, harder)
        by_metric = {
            name: judge(costs, settings.rules, rng.spawn(1)[0], harder)
            for name, costs in measured.costs[view].items()
        }
        found.append(JudgedView(*view, verdict, by_metric))
    return found


def pairs(measured: Measured, judged: list[JudgedView]) -> Iterator[tuple[ViewLosses, ViewVerdict]]:
    """What was judged beside its verdict: each view by its loss and by each metric."""
    for each in judged:
        yield measured.losses[each.view], each.verdict
        for name, verdict in each.metrics.items():
            yield measured.costs[each.view][name], verdict


def training_share(dataset: Dataset) -> float:
    """Of the pool, what trains in each replicate where each draws its own; else 0."""
    splits = dataset.splits
    return splits.sizes["train"] / len(dataset.row_names) if splits.resampled else 0.0


def _read_point(
    folder: Path, settings: Settings, dataset: Dataset, meta: Meta, recipe: str, point: Point
) -> PointLosses:
    """What training measured at a point, and the metrics of the weights that it kept."""
    trained = present_results(folder, settings, meta, recipe, point)
    recipes = present_recipes(folder, settings, recipe, point)
    place = trained.folders[0]
    curves, stopped, (rows, losses) = trained.curves(), trained.stopped(), trained.test_losses()
    require_curves(place, curves, stopped, settings.trained)
    require_test_losses(place, rows, losses, settings.trained, len(dataset.row_names))
    seen, every = at_settings(dataset, settings, point), range(settings.trained)
    # Weights that do not fit the network: PyTorch's word for it is a RuntimeError.
    with intact(place, RuntimeError):
        found = [
            measure(
                seen,
                each,
                {stopping: trained.weights(stopping, study) for stopping in STOPPINGS},
                settings.share(recipe, study, every),
                settings.metrics,
            )
            for study, each in enumerate(recipes)
        ]
    metrics, costs = (interleave(parts) for parts in zip(*found, strict=True))
    return PointLosses(curves, stopped, rows, losses, as_written(metrics), costs)
