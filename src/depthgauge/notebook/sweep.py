"""`depthgauge.sweep`: at which point does overfitting begin, of what is in memory?"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from depthgauge.axes.axis import Point
from depthgauge.codes.registry import with_code
from depthgauge.notebook.data import as_raw
from depthgauge.notebook.estimator import sweep_estimator
from depthgauge.notebook.experiment import FILE, Experiment, of_file, of_folder, of_memory
from depthgauge.notebook.refusal import in_keywords, value_errors
from depthgauge.notebook.result import Result, point_frame, verdict_frame
from depthgauge.report.charts.chart import Figure
from depthgauge.report.charts.curves import curves_figure
from depthgauge.report.charts.functions import functions_figure
from depthgauge.report.charts.loss import loss_figure
from depthgauge.report.codes import codes_of
from depthgauge.report.page import page, page_lines
from depthgauge.settings.schema import Settings

if TYPE_CHECKING:
    from depthgauge.notebook.run import Ran

SPLITS = ("train_loss", "test_loss")
# Values of the input at which a function is drawn.
DRAWN = 400


@dataclass(frozen=True, repr=False, eq=False)
class SweepResult(Result):
    """What a sweep of networks found."""

    ran: "Ran | None" = None

    @property
    def settings(self) -> Settings:
        """All settings, as params.yaml has them."""
        return self._ran.facts.settings

    def losses(self) -> pd.DataFrame:
        """Mean train and test loss of the first recipe after its last epoch, a row a point."""
        first = self.frame.iloc[: len(self._ran.facts.points)]
        named = first.set_index("point")[list(SPLITS)].rename_axis(self._ran.facts.of.noun)
        return named.rename(columns=lambda name: name.replace("_", " "))

    def curves(self) -> Figure:
        """Mean train and test loss over the epochs, a panel for each recipe and point."""
        facts = self._ran.facts
        measured = {
            recipe: [{n: facts.units(recipe, each[n]) for n in SPLITS} for each in of_points]
            for recipe, of_points in facts.curves.items()
        }
        return curves_figure(measured, facts.axis, facts.points, facts.settings.recipe.loss.words)

    def functions(self, replicate: int = 0) -> Figure:
        """Of one input and one number to predict: the data, and what each point has learnt.

        replicate: which of the networks. Raises ValueError for other data, or no such replicate.
        """
        if not self._ran.weights:
            raise ValueError("functions: are drawn of one input and a number to predict")
        count = self.settings.looks[0]
        if not 0 <= replicate < count:
            raise ValueError(f"replicate: must be from 0 to {count - 1}, not {replicate}")
        found = {point: self._function(point, replicate) for point in self._ran.weights}
        return functions_figure(found, self._ran.facts.axis)

    @property
    def _ran(self) -> "Ran":
        assert self.ran is not None
        return self.ran

    def _function(self, point: Point, replicate: int) -> dict[str, np.ndarray]:
        """Columns: the training examples, and predictions along the range of the inputs."""
        from depthgauge.serving.predictor import make_predictor

        facts, settings = self._ran.facts, self.settings
        dataset = settings.swept.apply(facts.dataset, point, settings.seed)
        weights = {n: w[replicate] for n, w in self._ran.weights[point].items()}
        network = settings.recipe_at(point).network
        x = np.linspace(dataset.inputs.min(), dataset.inputs.max(), DRAWN)[:, None]
        y = make_predictor(self._ran.encoder, network, dataset, weights, replicate).outputs(x)
        rows = dataset.splits.train[dataset.splits.of_replicate(replicate)]
        examples = {"input": dataset.inputs[rows], "target": dataset.targets[rows]}
        return {k: v.ravel() for k, v in (examples | {"x": x, "prediction": y}).items()}


def sweep(
    X: Any,
    y: Any = None,
    labels: Any = None,
    *,
    target: str | None = None,
    groups: Any = None,
    progress: bool = True,
    **settings: Any,
) -> Result:
    """At which depth, width or number of examples or epochs overfitting begins, and is that luck?

    Trains `replicates` networks of each point of one range, each on a split of its own, and judges
    their test losses as the pipeline does: the same numbers, words and figures. Nothing is left on
    the disk, and MLflow is not told.

        >>> import depthgauge as dg
        >>> from sklearn.datasets import load_diabetes
        >>> X, y = load_diabetes(return_X_y=True)
        >>> result = dg.sweep(X, y, depth=[0, 3], replicates=4, epochs=20, progress=False)
        >>> print(result.verdicts["best"]["fixed", "last"])
        0

    X: (n, F) numbers as an array or a list, (n, h, h) images of one channel, or a frame of numbers
    and categories. y: n numbers or classes, in their own unit; what they are is inferred as
    `depthgauge new` does, and `task` says otherwise ("regression", "classification"). A frame that
    holds the target needs its name alone: `sweep(frame, target="price")`; of such a frame the kind
    may be a series too (`kind`, `date`) or sequences (`kind`, `id`). Or the path of a CSV or
    Parquet file, or of the folder of an experiment, whose settings are taken then.

    groups: what rows belong together, n names or the name of a column; the answer then speaks of
    new groups, and `recipes=["fixed", "grouped"]` tests on groups that were never seen.
    progress: whether a bar is shown.

    settings: all of params.yaml by the name of the key: `depth`, `width`, `training_size`,
    `epochs` or `window` with a range is what is swept (`depth=range(7)` if there is none);
    `replicates`, `seed`, `recipes`, `metrics`; `epochs`, `batch_size`, `learning_rate`, `width`,
    `network="cnn"` or `"my_networks.py:Net"`, `loss`, ...; `margin`, `alpha`; `data={...}`,
    `recipe={...}`, `threshold={...}`. With `recipes=["fixed", "tuned"]` each point is tuned too.

    The other form, `sweep(estimator, X, y, max_depth=range(1, 20))`, takes any estimator of
    scikit-learn: see `depthgauge.notebook.estimator.sweep_estimator`.

    Raises TypeError for a keyword that is none, with the nearest; ValueError, in one line, for data
    or settings that cannot be, with the row (counted from 0), the column or the key.
    """
    if hasattr(X, "fit") and hasattr(X, "get_params"):
        more = {} if groups is None else {"groups": groups}
        more |= {} if progress else {"progress": False}
        named = labels if target is None else target
        return sweep_estimator(X, y, named, **more, **settings)
    if labels is not None:
        raise TypeError("sweep() takes an estimator before X and y, or X and y alone")
    experiment = _experiment(X, y, target, groups, settings)
    # Imported here: what is refused is told without the seconds that torch takes.
    from depthgauge.notebook.run import run, temporary_folder

    with temporary_folder(experiment) as folder, value_errors(experiment.file, folder):
        ran = run(folder, experiment.settings, progress)
    facts = ran.facts
    return SweepResult(
        answer=ran.verdicts.sentence,
        frame=point_frame(ran.verdicts),
        verdicts=verdict_frame(ran.verdicts.views),
        figure=cache(lambda: loss_figure(facts)),
        page=cache(lambda: page(facts)),
        notes=tuple(with_code(in_keywords(note)) for note in experiment.notes),
        codes=codes_of(facts.verdicts, facts.cures, page_lines(facts)),
        ran=ran,
    )


def _experiment(
    X: Any, y: Any, target: str | None, groups: Any, given: dict[str, Any]
) -> Experiment:
    if not isinstance(X, str | Path):
        # As params.yaml calls it.
        named = given.get("group") if groups is None else groups
        raw = as_raw(X, y, target, named)
        with value_errors(FILE):
            return of_memory(raw, {k: value for k, value in given.items() if k != "group"})
    path, target = Path(X), target if y is None else str(y)
    given = given if groups is None else {"group": groups} | given
    with value_errors():
        if path.is_dir():
            return of_folder(path, given if target is None else {"target": target} | given)
        return of_file(path, target, given)
