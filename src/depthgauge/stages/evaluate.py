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
from depthgauge.artifacts.inputs import at_settings, present_data, present_recipes, present_results
from depthgauge.artifacts.metrics import as_written, write_metrics
from depthgauge.artifacts.runs import read_curves, read_stopped, read_test_losses, read_weights
from depthgauge.artifacts.verdicts import write_verdicts
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.report.prose.answer import answer_text, describe_recipe
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.schema import Settings
from depthgauge.statistics.choice import choose
from depthgauge.statistics.estimates import View
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, ViewLosses, view_losses
from depthgauge.statistics.rules import require_judging_memory
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import JudgedView, Verdicts
from depthgauge.training.baselines import reference_loss
from depthgauge.training.metrics.measure import interleave, measure


def evaluate(folder: Path, settings: Settings) -> None:
    """Judge every view of the settings' points, whatever else lies in results/train."""
    dataset, meta = present_data(folder, settings)
    rules, pool = settings.threshold, len(dataset.row_names)
    require_judging_memory(rules, len(settings.points), settings.replicates, pool)
    measured: dict[tuple[str, Point], PointLosses] = {
        (recipe, point): _read_point(folder, settings, dataset, meta, recipe, point)
        for recipe, point in product(settings.recipes, settings.points)
    }
    constant = reference_loss(dataset, settings.recipe.loss)
    views: list[JudgedView] = []
    of_views: dict[View, ViewLosses] = {}
    for number, (recipe, stopping) in enumerate(settings.views):
        losses = view_losses(
            settings.points,
            [measured[recipe, point] for point in settings.points],
            stopping,
            pool,
            rules.falling_over,
            constant,
            np.array(settings.clusters(recipe)),
        )
        of_views[recipe, stopping] = losses
        rng = generator(settings.seed, Purpose.BOOTSTRAP, number)
        verdict = judge(losses, rules, rng, settings.swept.harder)
        views.append(JudgedView(recipe, stopping, verdict))
    swept, splits = settings.swept, dataset.splits
    key = None if swept.parameter is None else settings.recipe.key(swept.parameter)
    examples = None if swept.harder else splits.train.shape[1]
    words = describe_recipe(settings.recipe, key, examples)
    answer = answer_text(views, settings.axis, rules, splits.resampled, words)
    points, replicates = tuple(settings.points), settings.replicates
    write_metrics(folder, {at: point.metrics for at, point in measured.items()})
    choice = choose(of_views, rules, settings.swept.harder)
    verdicts = Verdicts(settings.axis, points, replicates, tuple(views), choice, answer)
    write_verdicts(folder, verdicts)
    print(answer, end="")


def _read_point(
    folder: Path, settings: Settings, dataset: Dataset, meta: Meta, recipe: str, point: Point
) -> PointLosses:
    """What training measured at a point, and the metrics of the weights that it kept."""
    path = present_results(folder, settings, meta, recipe, point)
    curves, stopped, (rows, losses) = read_curves(path), read_stopped(path), read_test_losses(path)
    seen = at_settings(dataset, settings, point)
    metrics = [
        measure(
            seen,
            each,
            {stopping: read_weights(path, stopping, study) for stopping in STOPPINGS},
            settings.share(recipe, study),
        )
        for study, each in enumerate(present_recipes(folder, settings, recipe, point))
    ]
    return PointLosses(curves, stopped, rows, losses, as_written(interleave(metrics)))
