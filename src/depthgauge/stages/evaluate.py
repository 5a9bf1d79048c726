"""evaluate: find the overfitting threshold of every view.

Writes results/points.csv, threshold.json and answer.txt. A view is a recipe and
a stopping: the last epoch, or that of least validation loss.

examples:
  depthgauge evaluate && cat results/answer.txt
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.runs import read_curves, read_stopped, read_test_losses
from depthgauge.artifacts.verdicts import (
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
from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.files.atomic import write_file
from depthgauge.files.csv_files import write_table
from depthgauge.report.prose.answer import answer_sentence
from depthgauge.report.prose.sentences import descent_sentences, sentences
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.schema import RECIPES, Settings
from depthgauge.stages.inputs import present_data, present_results
from depthgauge.stages.memory import require_judging_memory
from depthgauge.statistics.double_descent import Descents, second_descent
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import BoolArray, Rules
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import ViewVerdict
from depthgauge.statistics.views import PointLosses, view_losses
from depthgauge.training.runs import STOPPING_WORDS


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
    descents: dict[View, Descents] = {}
    for number, (name, stopping) in enumerate((n, s) for n in settings.recipes for s in STOPPINGS):
        view = (name, stopping)
        losses = view_losses(
            settings.points,
            [point.losses for point in trained[name]],
            stopping,
            len(prepared.row_names),
            settings.threshold.falling_over,
            constant,
        )
        verdict = judge(losses, rules, generator(settings.seed, Purpose.BOOTSTRAP, number))
        verdicts[view] = verdict
        descents[view] = _descents(settings, trained[name], stopping, losses.finite, rules)
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
        descent=next(iter(descents.values()))["loss"],
    )
    _write(folder, settings, first, rows, verdicts, descents)


def _write(
    folder: Path,
    settings: Settings,
    first: str,
    rows: list[Row],
    verdicts: dict[View, ViewVerdict],
    descents: dict[View, Descents],
) -> None:
    """first: the answer sentence, the first line of answer.txt."""
    lines = [first]
    for (name, stopping), verdict in verdicts.items():
        lines += [
            f"{name} recipe, {STOPPING_WORDS[stopping]}:",
            *(f"  {s}" for s in sentences(verdict, settings.axis)),
            *(f"  {s}" for s in descent_sentences(descents[name, stopping], settings.axis)),
        ]
    answer = "\n".join(lines) + "\n"
    write_table(folder / POINTS, rows)
    write_table(folder / LOSS_BY_POINT, _loss_by_point(settings, rows))
    entries = {v: threshold_entry(verdicts[v], descents[v]) for v in verdicts}
    write_threshold(folder / THRESHOLD, entries)
    write_file(folder / ANSWER, answer.encode())
    print(answer, end="")


@dataclass(frozen=True)
class _Point:
    """What was measured at one point."""

    losses: PointLosses


def _read_point(folder: Path, settings: Settings, meta: Meta, name: str, point: int) -> _Point:
    path = present_results(folder, settings, meta, name, point)
    rows, losses = read_test_losses(path)
    return _Point(PointLosses(read_curves(path), read_stopped(path), rows, losses))


def _descents(
    settings: Settings, trained: list[_Point], stopping: str, finite: BoolArray, rules: Rules
) -> Descents:
    """Of test loss and, with classes, of the test error rate."""
    quantities = [q for q in ("loss", "error") if f"test_{q}" in trained[0].losses.curves]
    found = {}
    for quantity in quantities:
        columns = [
            p.losses.stopped[stopping].at(p.losses.curves[f"test_{quantity}"]) for p in trained
        ]
        found[quantity] = second_descent(
            tuple(settings.points), np.stack(columns, 1), finite, rules
        )
    return found


def _means(point: _Point, stopping: str) -> dict[str, float]:
    """Means over the finite replicates of every loss, error rate and metric at the stopping."""
    curves, stops = point.losses.curves, point.losses.stopped[stopping]
    values = {}
    for quantity in ("loss", "error"):
        for split in SPLIT_NAMES:
            curve = curves.get(f"{split}_{quantity}")
            if curve is not None:
                values[f"{split}_{quantity}"] = stops.at(curve)
    return {
        k: float(v[stops.finite].mean()) if stops.finite.any() else np.nan
        for k, v in values.items()
    }


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
