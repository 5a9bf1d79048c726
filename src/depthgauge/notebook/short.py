"""A bundled experiment at a fraction of its size: seconds, for a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from depthgauge.artifacts.raw import prepare_data
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.data.kinds.kind import Encoder
from depthgauge.notebook.results import LOSSES, shown
from depthgauge.processes import cores
from depthgauge.report.charts.chart import Figure
from depthgauge.report.charts.curves import curves_figure
from depthgauge.report.charts.functions import functions_figure
from depthgauge.report.prose.answer import answer_sentence, describe_recipe
from depthgauge.seeds import Purpose, generator
from depthgauge.serving.predictor import make_predictor
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, view_losses
from depthgauge.statistics.verdicts import ViewVerdict
from depthgauge.training.baselines import reference_loss
from depthgauge.training.engine import Job
from depthgauge.training.groups import train_groups
from depthgauge.training.runs import Runs, join
from depthgauge.workflow.judge_views import training_share

VIEW = ("fixed", "last")


@dataclass(frozen=True)
class Sweep:
    """A trained experiment; data, trained: of each point."""

    settings: Settings
    encoder: Encoder
    data: dict[Point, Dataset]
    trained: dict[Point, Runs]

    def losses(self) -> pd.DataFrame:
        """Mean train and test loss after the last epoch, a row for each point."""
        ends = [{n: np.nanmean(run[n][:, -1]) for n in LOSSES} for run in self._curves()]
        frame = pd.DataFrame(ends, pd.Index([*self.trained], name=self.settings.swept.noun))
        return frame.rename(columns=lambda name: name.replace("_", " "))

    def curves(self) -> Figure:
        """Mean train and test loss over the epochs, a panel for each point."""
        loss = self.settings.recipe.loss.words
        return curves_figure({"fixed": self._curves()}, self.settings.axis, [*self.trained], loss)

    def functions(self, replicate: int = 0) -> Figure:
        """One input and one number out: the data and the function that each point has learnt."""
        return functions_figure(
            {point: self._function(point, replicate) for point in self.trained}, self.settings.axis
        )

    def verdict(self) -> ViewVerdict:
        """What the rule says of test loss after the last epoch, as in the stage `evaluate`."""
        settings, data = self.settings, next(iter(self.data.values()))
        losses = view_losses(
            tuple(self.trained),
            [_measured(self.data[point], runs) for point, runs in self.trained.items()],
            VIEW[1],
            len(data.row_names),
            settings.rules.falling_over,
            reference_loss(data, settings.recipe.loss),
            np.array(settings.clusters(VIEW[0])),
            data.groups,
            training_share(data),
        )
        rng = generator(settings.seed, Purpose.BOOTSTRAP, 0)
        return judge(losses, settings.rules, rng, settings.swept.harder)

    def answer(self) -> str:
        """The sentence that answers the question, of these replicates and epochs."""
        settings, data = self.settings, next(iter(self.data.values()))
        key = settings.recipe.key(settings.swept.parameter or "")
        words = describe_recipe(settings.recipe, key, data.splits.sizes["train"])
        resampled = data.splits.resampled
        found = {VIEW: self.verdict()}
        return answer_sentence(found, settings.axis, settings.rules, resampled, words)

    def _curves(self) -> list[dict[str, np.ndarray]]:
        return [shown(run.curves, run.stopped["last"]) for run in self.trained.values()]

    def _function(self, point: Point, replicate: int) -> dict[str, np.ndarray]:
        """Columns: the training examples, and predictions along the range of the inputs."""
        dataset, network = self.data[point], self.settings.recipe_at(point).network
        x = np.linspace(dataset.inputs.min(), dataset.inputs.max(), 400)[:, None]
        weights = {n: w[replicate] for n, w in self.trained[point].weights["last"].items()}
        y = make_predictor(self.encoder, network, dataset, weights, replicate).outputs(x)
        rows = dataset.splits.train[dataset.splits.of_replicate(replicate)]
        examples = {"input": dataset.inputs[rows], "target": dataset.targets[rows]}
        return {k: v.ravel() for k, v in (examples | {"x": x, "prediction": y}).items()}


def _measured(dataset: Dataset, runs: Runs) -> PointLosses:
    rows = np.stack([dataset.splits.test[dataset.splits.of_replicate(r)] for r in runs.replicates])
    return PointLosses(runs.curves, runs.stopped, rows, runs.test_losses, {}, {})


def sweep(folder: Path, points: Sequence[Point], replicates: int, epochs: int) -> Sweep:
    """Train some points of the experiment in `folder` with few replicates and epochs.

    Nothing is written. Raises InputError as the stages do.
    """
    settings = load_settings(folder)
    recipe = settings.recipe.model_copy(update={"epochs": epochs})
    settings = settings.model_copy(update={"replicates": replicates, "recipe": recipe})
    prepared = prepare_data(folder, settings)
    dataset = prepared.dataset
    data = {point: settings.swept.apply(dataset, point, settings.seed) for point in points}
    trained = {}
    for point in points:
        job = Job(data[point], settings.recipe_at(point), settings.seed, torch.device("cpu"))
        groups = train_groups(job, range(replicates), cores(), lambda *_: None)
        trained[point] = join(list(groups))
    return Sweep(settings, prepared.encoder, data, trained)
