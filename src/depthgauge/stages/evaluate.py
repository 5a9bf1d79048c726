"""evaluate: find the overfitting threshold of every view.

Writes results/points.csv, threshold.json and answer.txt. A view is a recipe and
a stopping: the last epoch, or that of least validation loss.

examples:
  depthgauge evaluate && cat results/answer.txt
"""

from itertools import product
from pathlib import Path

import numpy as np

from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.inputs import present_data, present_recipes, present_results
from depthgauge.artifacts.metrics import as_written, write_metrics
from depthgauge.artifacts.runs import read_curves, read_stopped, read_test_losses, read_weights
from depthgauge.artifacts.seen import at_settings, with_splits
from depthgauge.artifacts.verdicts import write_verdicts
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.report.prose.answer import answer_text, describe_recipe
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.schema import Settings
from depthgauge.statistics.choice import choose
from depthgauge.statistics.estimates import View
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, ViewLosses, metric_losses, view_losses
from depthgauge.statistics.rules import require_judging_memory
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import JudgedView, Verdicts
from depthgauge.training.baselines import reference_loss
from depthgauge.training.metrics.measure import interleave, measure
from depthgauge.training.metrics.metric import find_metrics


def evaluate(folder: Path, settings: Settings) -> None:
    """Judge every view of the settings' points, whatever else lies in results/train."""
    dataset, meta = present_data(folder, settings)
    rules, pool = settings.threshold, len(dataset.row_names)
    require_judging_memory(rules, len(settings.points), settings.replicates, pool)
    seen: dict[str, Dataset] = {
        recipe: with_splits(dataset, settings, recipe) for recipe in settings.recipes
    }
    measured: dict[tuple[str, Point], PointLosses] = {
        (recipe, point): _read_point(folder, settings, seen[recipe], meta, recipe, point)
        for recipe, point in product(settings.recipes, settings.points)
    }
    constants = {name: reference_loss(each, settings.recipe.loss) for name, each in seen.items()}
    views: list[JudgedView] = []
    of_views: dict[View, ViewLosses] = {}
    for number, (recipe, stopping) in enumerate(settings.views):
        of_points = [measured[recipe, point] for point in settings.points]
        losses = view_losses(
            settings.points,
            of_points,
            stopping,
            pool,
            rules.falling_over,
            constants[recipe],
            np.array(settings.clusters(recipe)),
            dataset.groups,
            _training_share(seen[recipe]),
        )
        of_views[recipe, stopping] = losses
        rng = generator(settings.seed, Purpose.BOOTSTRAP, number)
        verdict = judge(losses, rules, rng, settings.swept.harder)
        by_metric = {}
        for name, metric in find_metrics(settings.metrics).items():
            costs = metric_losses(losses, of_points, stopping, name, metric.costs)
            by_metric[name] = judge(costs, rules, rng.spawn(1)[0], settings.swept.harder)
        views.append(JudgedView(recipe, stopping, verdict, by_metric))
    swept, splits = settings.swept, dataset.splits
    key = None if swept.parameter is None else settings.recipe.key(swept.parameter)
    examples = None if swept.harder else splits.train.shape[1]
    words = describe_recipe(settings.recipe, key, examples)
    answer = answer_text(
        views, settings.axis, rules, splits.resampled, words, settings.data.group_column
    )
    points, replicates = tuple(settings.points), settings.replicates
    write_metrics(folder, {at: point.metrics for at, point in measured.items()})
    # Validation rows of people who train and of others are not to be compared.
    rivals = {view: losses for view, losses in of_views.items() if view[0] != "grouped"}
    choice = choose(rivals, rules, settings.swept.harder)
    verdicts = Verdicts(settings.axis, points, replicates, tuple(views), choice, answer)
    write_verdicts(folder, verdicts)
    print(answer, end="")


def _training_share(dataset: Dataset) -> float:
    splits = dataset.splits
    return splits.train.shape[1] / len(dataset.row_names) if splits.resampled else 0.0


def _read_point(
    folder: Path, settings: Settings, dataset: Dataset, meta: Meta, recipe: str, point: Point
) -> PointLosses:
    """What training measured at a point, and the metrics of the weights that it kept."""
    path = present_results(folder, settings, meta, recipe, point)
    curves, stopped, (rows, losses) = read_curves(path), read_stopped(path), read_test_losses(path)
    seen = at_settings(dataset, settings, point)
    found = [
        measure(
            seen,
            each,
            {stopping: read_weights(path, stopping, study) for stopping in STOPPINGS},
            settings.share(recipe, study),
            settings.metrics,
        )
        for study, each in enumerate(present_recipes(folder, settings, recipe, point))
    ]
    metrics, costs = (interleave(parts) for parts in zip(*found, strict=True))
    return PointLosses(curves, stopped, rows, losses, as_written(metrics), costs)
