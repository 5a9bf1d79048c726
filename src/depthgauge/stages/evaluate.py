"""evaluate: the curves of all points -> points.csv, threshold.json and the answer in words."""

from pathlib import Path

import numpy as np

from depthgauge.core.data.prepared import SPLIT_NAMES
from depthgauge.core.seeds import Purpose, generator
from depthgauge.core.threshold.answer import answer_sentence
from depthgauge.core.threshold.inputs import Rules
from depthgauge.core.threshold.judge import judge
from depthgauge.core.threshold.sentences import sentences
from depthgauge.core.threshold.verdicts import ViewVerdict
from depthgauge.core.training.trained import STOPPING_WORDS, STOPPINGS
from depthgauge.core.views import (
    PointLosses,
    at_epochs,
    finite_replicates,
    stopping_epochs,
    view_losses,
)
from depthgauge.files.atomic import write_file
from depthgauge.files.evaluation import (
    ANSWER,
    LOSS_BY_POINT,
    POINTS,
    THRESHOLD,
    Row,
    View,
    point_row,
    threshold_entry,
    write_threshold,
)
from depthgauge.files.prepared import Meta
from depthgauge.files.tables import write_table
from depthgauge.files.trained import read_curves, read_test_losses
from depthgauge.settings.schema import RECIPES, Settings
from depthgauge.stages.inputs import present_data, present_results
from depthgauge.stages.memory import require_judging_memory


def evaluate(folder: Path, settings: Settings) -> None:
    """Judge every view of the settings' points, whatever else lies in results/train."""
    prepared, meta = present_data(folder, settings)
    require_judging_memory(len(prepared.row_names), settings)
    trained = {
        name: [_read_point(folder, settings, meta, name, point) for point in settings.points]
        for name in settings.recipes
    }
    rules = Rules(**settings.threshold.model_dump(exclude={"falling_over"}))
    constant = meta["baselines"].get("constant", {}).get("train")
    rows: list[Row] = []
    verdicts: dict[View, ViewVerdict] = {}
    for number, (name, stopping) in enumerate((n, s) for n in settings.recipes for s in STOPPINGS):
        view = (name, stopping)
        losses = view_losses(
            settings.points,
            trained[name],
            stopping,
            len(prepared.row_names),
            settings.threshold.falling_over,
            constant,
        )
        verdict = judge(losses, rules, generator(settings.seed, Purpose.BOOTSTRAP, number))
        verdicts[view] = verdict
        rows += [
            point_row(view, settings.axis, _means(point, stopping), judged)
            for point, judged in zip(trained[name], verdict.points, strict=True)
        ]
    first = answer_sentence(
        verdicts,
        settings.axis,
        margin=rules.margin,
        alpha=rules.alpha,
        resampled=prepared.splits.resampled,
    )
    _write(folder, settings, first, rows, verdicts)


def _write(
    folder: Path,
    settings: Settings,
    first: str,
    rows: list[Row],
    verdicts: dict[View, ViewVerdict],
) -> None:
    """first: the answer sentence, the first line of answer.txt."""
    lines = [first]
    for (name, stopping), verdict in verdicts.items():
        lines += [
            f"{name} recipe, {STOPPING_WORDS[stopping]}:",
            *(f"  {s}" for s in sentences(verdict, settings.axis)),
        ]
    answer = "\n".join(lines) + "\n"
    write_table(folder / POINTS, rows)
    write_table(folder / LOSS_BY_POINT, _loss_by_point(settings, rows))
    write_threshold(folder / THRESHOLD, {v: threshold_entry(e) for v, e in verdicts.items()})
    write_file(folder / ANSWER, answer.encode())
    print(answer, end="")


def _read_point(folder: Path, settings: Settings, meta: Meta, name: str, point: int) -> PointLosses:
    path = present_results(folder, settings, meta, name, point)
    rows, losses = read_test_losses(path)
    return PointLosses(read_curves(path), rows, losses)


def _means(point: PointLosses, stopping: str) -> dict[str, float]:
    """Means over the finite replicates of every loss and error rate at the stopping."""
    finite, epochs = finite_replicates(point.curves), stopping_epochs(point.curves, stopping)
    means = {}
    for quantity in ("loss", "error"):
        for split in SPLIT_NAMES:
            curve = point.curves.get(f"{split}_{quantity}")
            if curve is not None:
                values = at_epochs(curve, epochs)[finite]
                means[f"{split}_{quantity}"] = float(values.mean()) if values.size else np.nan
    return means


def _loss_by_point(settings: Settings, rows: list[Row]) -> list[Row]:
    """A row a point and a column for each view's train and test loss: what `dvc plots` draws.

    Every recipe has its columns, empty where it is not among the settings', since dvc.yaml names
    them all.
    """
    empty: Row = {
        f"{recipe}_{stopping}_{split}": None
        for recipe in RECIPES
        for stopping in STOPPINGS
        for split in ("train", "test")
    }
    table: list[Row] = [{settings.axis: point, **empty} for point in settings.points]
    for row in rows:
        place = settings.points.index(int(str(row["point"])))
        for split in ("train", "test"):
            table[place][f"{row['recipe']}_{row['stopping']}_{split}"] = row[f"{split}_loss"]
    return table
