"""register: make the recommended network a model in MLflow.

The view, the point and the replicate are chosen on validation loss. The model takes raw
rows and predicts in the unit of the raw target. The same network is registered once.

examples:
  depthgauge register
  depthgauge -C experiments/pageviews register --name 'page views'
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.artifacts.dataset import PREPARED
from depthgauge.artifacts.encoder import read_encoder
from depthgauge.artifacts.inputs import point_data, present_recipes, present_results
from depthgauge.artifacts.looks import at_last_look
from depthgauge.artifacts.raw import read_raw_table
from depthgauge.artifacts.runs import is_trained
from depthgauge.artifacts.trained import Trained, run_name
from depthgauge.artifacts.verdicts import VERDICTS, read_verdicts
from depthgauge.errors import InputError
from depthgauge.files.outputs import StaleError
from depthgauge.hints import seen_from_here
from depthgauge.progress import say
from depthgauge.report.style import view_title
from depthgauge.serving.predictor import make_predictor, write_predictor
from depthgauge.settings.schema import Settings
from depthgauge.settings.values import NAME
from depthgauge.statistics.verdicts import PointVerdict
from depthgauge.tracking.descriptions import describe
from depthgauge.tracking.models import NetworkVersion
from depthgauge.tracking.models import register as register_version
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import TrackedRun, bring_up_to_date

# Rows of the input example that MLflow keeps with the model.
EXAMPLES = 3


@dataclass(frozen=True)
class Choice:
    """The network that is recommended: a view, its recommended point, one of its replicates.

    validation, test: that replicate's losses. first: of the replicates that were trained with it.
    digest: of what was trained with it, by which the run, the commit and dvc.lock are found.
    """

    recipe: str
    stopping: str
    verdict: PointVerdict
    replicate: int
    validation: float
    test: float
    first: int
    digest: str


def register(folder: Path, settings: Settings, name: str | None) -> None:
    """Register the recommended network, log what MLflow lacks of its runs, say how to load it.

    name: of the registered model, the experiment's by default. Raises InputError where nothing is
    trained or recommended, and for files that do not fit the settings.
    """
    called = settings.experiment if name is None else name
    if not re.fullmatch(NAME, called):
        raise InputError(
            f"--name {called!r}: must be letters, digits, spaces, dots, hyphens and underscores, a "
            "letter or digit first"
        )
    settings = at_last_look(folder, settings)
    view, verdict = _recommended(folder, settings)
    dataset, meta = point_data(folder, settings, view[0], verdict.point)
    trained = present_results(folder, settings, meta, view[0], verdict.point)
    choice = _choice(trained, view, verdict)
    for place in trained.folders:
        # What is trained in part has no run.
        if not is_trained(place):
            raise StaleError(f"{place}: lacks a file that was trained")
    path, table = settings.data.path, read_raw_table(folder, settings)
    if table.digest != meta["digests"]["raw"].get(path):
        raise InputError(f"{folder / path}: is not what was prepared; run `dvc repro`")
    recipes = present_recipes(folder, settings, choice.recipe, verdict.point)
    share, study = divmod(choice.replicate, len(recipes))
    weights = trained.weights(choice.stopping, study)
    own = {name: tensor[share] for name, tensor in weights.items()}
    pool, shape = read_encoder(folder / PREPARED), recipes[study].network
    predictor = make_predictor(pool, shape, dataset, own, choice.replicate)
    encoder, file = predictor.encoder, Path(path).name
    test = dataset.splits.test[dataset.splits.of_replicate(choice.replicate)]
    example = encoder.example(table, [dataset.row_names[row] for row in test[:EXAMPLES]])
    of, store = settings.swept, find_store(folder, os.environ)
    runs = {run.name: run for run in bring_up_to_date(folder, settings, store, say)}
    where = f"{of.point_name(verdict.point)}, {view_title(*view)}, replicate {choice.replicate}"
    network = NetworkVersion(
        name=called,
        run_id=runs[run_name(choice.recipe, settings.axis, verdict.point, choice.first)].run_id,
        files=write_predictor(predictor),
        example=example,
        answers=predictor.predict(example),
        tags=_tags(settings, choice, runs.get("summary")),
        note=describe("model", where=where, of=of, choice=choice, encoder=encoder, file=file),
        about=f"The network that the experiment `{settings.experiment}` recommends; the alias "
        "`recommended` names the version that was registered last.",
        options={"probabilities": False} if encoder.classes else {},
    )
    number, new = register_version(store, network, say)
    said = "registered" if new else "is there already"
    say(f"register: {called} version {number} {said}: {where}")
    known = {"uri": repr(store.shown_uri), "read": _read_call(folder, settings)}
    rows = encoder.rows_needed
    print(
        describe("load", **known, name=called, number=number, file=file, rows=rows, encoder=encoder)
    )


def _read_call(folder: Path, settings: Settings) -> str:
    """How pandas reads the raw file."""
    data, path = settings.data, seen_from_here(folder / settings.data.path)
    if path.endswith((".parquet", ".pq")):
        return f"pandas.read_parquet({path!r})"
    if path.endswith(".ts"):
        return "..."
    named = {"sep": (data.separator, ","), "decimal": (data.decimal, ".")}
    named["encoding"] = data.encoding, "utf-8"
    given = [f"{key}={value!r}" for key, (value, usual) in named.items() if value != usual]
    return f"pandas.read_csv({', '.join([repr(path), *given])})"


def _recommended(folder: Path, settings: Settings) -> tuple[tuple[str, str], PointVerdict]:
    """The view and the point to use. Raises InputError where there is none."""
    verdicts = read_verdicts(folder, settings)
    choice = verdicts.choice
    if choice is None:
        raise InputError(
            f"{folder / VERDICTS}: recommends no {settings.swept.noun}, since too many "
            "replicates diverged; lower recipe.optimizer.learning_rate and run `dvc repro`"
        )
    return choice.view, verdicts.by_view[choice.view].at(choice.point)


def _choice(trained: Trained, view: tuple[str, str], verdict: PointVerdict) -> Choice:
    """The replicate of least validation loss; its test loss is told and decides nothing."""
    curves, stops = trained.curves(), trained.stopped()[view[1]]
    validation, finite = stops.at(curves["validation_loss"]), stops.finite
    told = np.nan if verdict.means["validation_loss"] is None else verdict.means["validation_loss"]
    if not np.isclose(validation[finite].mean(), told, rtol=1e-6):
        raise InputError(
            f"{trained.folders[0]}: was trained anew after the verdicts; run `dvc repro`"
        )
    replicate = int(np.where(finite, validation, np.inf).argmin())
    test = stops.at(curves["test_loss"])[replicate]
    digests = trained.digests()
    first = max(number for number in digests if number <= replicate)
    losses = float(validation[replicate]), float(test)
    return Choice(*view, verdict, replicate, *losses, first, digests[first])


def _tags(settings: Settings, choice: Choice, summary: TrackedRun | None) -> dict[str, str]:
    verdict = choice.verdict
    tags = {
        "experiment": settings.experiment,
        "recipe": choice.recipe,
        "stopping": choice.stopping,
        "axis": settings.axis,
        "point": verdict.point,
        "replicate": choice.replicate,
        "verdict": verdict.on_this_data,
        "verdict_for_new_data": verdict.for_new_data,
        "validation_loss": f"{choice.validation:.9g}",
        "test_loss": f"{choice.test:.9g}",
        "test_loss_mean": f"{verdict.means['test_loss']:.9g}",
        "content_digest": choice.digest,
    }
    if summary is not None:
        tags |= {"summary_run": summary.run_id, "summary_digest": summary.content_digest}
    return {f"depthgauge.{name}": str(value) for name, value in tags.items()}
