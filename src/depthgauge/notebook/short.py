"""A bundled experiment at a fraction of its size: seconds, for a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from matplotlib.figure import Figure

from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Prepared
from depthgauge.report.style import COLOURS
from depthgauge.serving.network import describe_network, predict
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.stages.data import prepare_data
from depthgauge.training.groups import train_groups
from depthgauge.training.machine import cores
from depthgauge.training.runs import Runs, join

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Sweep:
    """A trained experiment; data, trained: of each point."""

    settings: Settings
    data: dict[Point, Prepared]
    trained: dict[Point, Runs]

    def losses(self) -> pd.DataFrame:
        """Mean train and test loss after the last epoch, a row for each point."""
        rows = {
            point: {
                f"{split} loss": float(trained.curves[f"{split}_loss"][:, -1].mean())
                for split in ("train", "test")
            }
            for point, trained in self.trained.items()
        }
        frame = pd.DataFrame(rows).T
        frame.index.name = self.settings.swept.noun
        return frame

    def curves(self) -> Figure:
        """Mean train and test loss over the epochs, a panel for each point."""
        figure = Figure(figsize=(3 * len(self.trained), 2.8), layout="constrained")
        panels = figure.subplots(1, len(self.trained), sharey=True, squeeze=False).ravel()
        for axes, (point, trained) in zip(panels, self.trained.items(), strict=True):
            for split in ("train", "test"):
                mean = trained.curves[f"{split}_loss"].mean(0)
                axes.plot(np.arange(1, mean.size + 1), mean, color=COLOURS[split], label=split)
            axes.set_title(self.settings.swept.point_name(point), fontsize=10)
            axes.set_xlabel("epoch")
        panels[0].set_ylabel("mean loss")
        panels[0].legend(frameon=False)
        return figure

    def functions(self, replicate: int = 0) -> Figure:
        """One input and one number out: the data and the function that each point has learnt."""
        figure = Figure(figsize=(3 * len(self.trained), 2.8), layout="constrained")
        panels = figure.subplots(1, len(self.trained), sharey=True, squeeze=False).ravel()
        for axes, point in zip(panels, self.trained, strict=True):
            prepared, scaling = self.data[point], self.data[point].scaling
            x = np.linspace(prepared.inputs.min(), prepared.inputs.max(), 400)[:, None]
            split = prepared.splits.of_replicate(replicate)
            network = describe_network(self.settings.recipe_at(point).network, prepared)
            weights = {n: w[replicate] for n, w in self.trained[point].weights["last"].items()}
            scaled = (x - scaling.input_centre[split]) / scaling.input_scale[split]
            y = predict(network, weights, scaled) * scaling.target_scale[split]
            rows = prepared.splits.train[split]
            axes.plot(prepared.inputs[rows], prepared.targets[rows], ".", color="0.7", ms=4)
            axes.plot(x, y + scaling.target_centre[split], color=COLOURS["test"])
            axes.set_title(self.settings.swept.point_name(point), fontsize=10)
        return figure


def sweep(folder: Path, points: Sequence[Point], replicates: int, epochs: int) -> Sweep:
    """Train some points of the experiment in `folder` with few replicates and epochs.

    Nothing is written. Raises InputError as the stages do.
    """
    settings = load_settings(folder)
    recipe = settings.recipe.with_values({"epochs": epochs})
    settings = settings.model_copy(update={"replicates": replicates, "recipe": recipe})
    prepared = prepare_data(folder, settings).prepared
    data = {point: settings.swept.apply(prepared, point, settings.seed) for point in points}
    trained = {}
    for point in points:
        groups = train_groups(
            data[point],
            settings.recipe_at(point),
            list(range(replicates)),
            settings.seed,
            CPU,
            cores(),
            lambda *_: None,
        )
        trained[point] = join(list(groups))
    return Sweep(settings, data, trained)
