"""Real reruns: does the same experiment with other seeds give the same best point and threshold?

Run: PYTHONPATH=src python benchmarks/reruns.py [FOLDER] --groups 10 --epochs 20 40 60 100

Each group of seeds trains the whole experiment in FOLDER anew, in memory: with resampled splits
it draws its own splits, and always its own initial weights and batch orders. One training at the
most epochs gives all shorter ones, whose curves are cut: so the learning rate must not follow a
schedule, and the axis must not be epochs. Losses of single examples are known at the end alone, so
what is judged is the answer on this data.
"""

import argparse
import csv
import io
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.artifacts.raw import prepare_data
from depthgauge.artifacts.seen import at_settings
from depthgauge.data.dataset import Dataset
from depthgauge.processes import cores
from depthgauge.progress import say
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import Curves, PointLosses, view_losses
from depthgauge.statistics.stopping import STOPPINGS, stopped
from depthgauge.statistics.verdicts import ViewVerdict
from depthgauge.training.baselines import reference_loss
from depthgauge.training.engine import Job
from depthgauge.training.groups import train_groups
from depthgauge.training.machine import training_device
from depthgauge.training.recipe import Recipe
from depthgauge.training.runs import STOPPING_WORDS, join
from table import RESULTS, command_line, show

# What an example costs besides its parameters (shuffling, measuring, starting operations), in
# parameters: fitted by eye to the digits, where depth 6 takes 1.9 times as long as depth 1.
BESIDES = 20_000
COLUMNS = (
    *("seed", "part", "replicates", "epochs", "stopping"),
    *("best", "threshold", "outcome", "rise", "adjusted_p", "stability"),
)


@dataclass(frozen=True)
class Rerun:
    """One judged view of one group of seeds. part: which of its disjoint sets of replicates."""

    seed: int
    part: int
    replicates: int
    epochs: int
    stopping: str
    verdict: ViewVerdict

    @property
    def answer(self) -> str:
        """Best point and threshold, in words."""
        found = self.verdict.on_this_data
        threshold = f"threshold {found.threshold}" if found.threshold is not None else found.outcome
        return f"best {self.verdict.best}, {threshold}"


class Remaining:
    """Tells how long is to go after each training, weighted by the sizes of the networks."""

    def __init__(self, groups: int, costs: dict[int, float]) -> None:
        self._costs, self._total = costs, groups * sum(costs.values())
        self._done, self._began = 0.0, time.monotonic()

    def trained(self, group: int, point: int) -> None:
        self._done += self._costs[point]
        seconds = time.monotonic() - self._began
        to_go = seconds * (self._total / self._done - 1)
        say(f"reruns: group {group}, point {point} done, about {to_go:.0f} s to go")


def cost(dataset: Dataset, recipe: Recipe) -> float:
    """Of training one replicate, against others."""
    layout = recipe.network.layout(dataset.input_shape, dataset.outputs)
    return dataset.splits.train.shape[1] * recipe.epochs * (layout.count + BESIDES)


def all_curves(folder: Path, settings: Settings, groups: int) -> Iterator[tuple[int, list[Curves]]]:
    """For each group its seed, never the experiment's own, and the curves of every point."""
    device = training_device(settings.training.device)
    remaining = None
    for group in range(groups):
        seeded = settings.model_copy(update={"seed": settings.seed + 1 + group})
        dataset = prepare_data(folder, seeded).dataset
        data = {point: at_settings(dataset, seeded, point) for point in seeded.points}
        recipes = {point: seeded.recipe_at(point) for point in seeded.points}
        if remaining is None:
            remaining = Remaining(groups, {p: cost(data[p], recipes[p]) for p in seeded.points})
        curves = []
        for point, recipe in recipes.items():
            replicates = list(range(seeded.looks[-1]))
            job = Job(data[point], recipe, seeded.seed, device)
            parts = train_groups(job, replicates, cores(), lambda *_: None)
            curves.append(join(list(parts)).curves)
            remaining.trained(group + 1, point)
        yield seeded.seed, curves


def judge_curves(
    settings: Settings,
    curves: Sequence[Curves],
    stopping: str,
    measured: str,
    reference_loss: float | None,
) -> ViewVerdict:
    """The verdict on this data, with the loss on the split `measured` in the place of test loss.

    A replicate's mean loss stands in as its only example: the answer on this data never looks at
    examples, and the answer for new data becomes "cannot tell".
    """
    points = []
    for curve in curves:
        seen = {**curve, "test_loss": curve[f"{measured}_loss"]}
        rows = np.zeros((len(seen["test_loss"]), 1), dtype=np.int64)
        losses = dict.fromkeys(STOPPINGS, seen["test_loss"][:, -1:])
        # Curves that are cut stop anew.
        points.append(PointLosses(seen, stopped(seen), rows, losses, {}, {}))
    rules = settings.threshold.model_copy(update={"resamples": 2})
    each = np.arange(len(points[0].test_rows))
    falling = rules.falling_over
    view = view_losses(settings.points, points, stopping, 1, falling, reference_loss, each)
    return judge(view, rules, generator(settings.seed, Purpose.BOOTSTRAP))


def reruns(
    settings: Settings,
    seed: int,
    curves: Sequence[Curves],
    epochs: Iterable[int],
    replicates: Iterable[int],
    measured: str,
    reference_loss: float | None,
) -> Iterator[Rerun]:
    """Every view of one group of seeds; fewer replicates than trained are disjoint parts."""
    for last, count, stopping in itertools.product(epochs, replicates, STOPPINGS):
        for part in range(settings.looks[-1] // count):
            rows = slice(part * count, (part + 1) * count)
            cut = [{name: c[rows, :last] for name, c in point.items()} for point in curves]
            verdict = judge_curves(settings, cut, stopping, measured, reference_loss)
            yield Rerun(seed, part, count, last, stopping, verdict)


def summary(found: Sequence[Rerun]) -> Iterator[str]:
    """How many groups gave each answer, and the mean of their stabilities."""
    yield "| epochs | stopping | replicates | groups | answers | same in resamples |"
    yield "|---|---|---|---|---|---|"
    for (epochs, stopping, count), views in _by_view(found):
        answers = Counter(view.answer for view in views).most_common()
        words = "; ".join(f"{n} x {answer}" for answer, n in answers)
        shares = [v.verdict.stability for v in views if v.verdict.stability is not None]
        firm = f"{np.mean(shares):.0%}" if shares else "-"
        yield f"| {epochs} | {stopping} | {count} | {len(views)} | {words} | {firm} |"


def losses(found: Sequence[Rerun], settings: Settings, measured: str) -> Iterator[str]:
    """Mean losses over all groups: train at the last epoch, `measured` at the stopping."""
    yield f"| epochs | stopping | {' | '.join(f'{settings.axis} {p}' for p in settings.points)} |"
    yield "|---|---|" + "---|" * len(settings.points)
    most = max(view.replicates for view in found)
    for (epochs, stopping, _), views in _by_view([v for v in found if v.replicates == most]):
        cells = []
        for points in zip(*(view.verdict.points for view in views), strict=True):
            train, test = (
                np.mean([v for v in values if v is not None] or [np.nan])
                for values in (
                    [p.means["train_loss"] for p in points],
                    [p.means["test_loss"] for p in points],
                )
            )
            falling = sum(bool(point.still_falling) for point in points)
            mark = " \\*" if 2 * falling > len(points) else ""
            cells.append(f"{train:.3f} / {test:.3f}{mark}")
        yield f"| {epochs} | {stopping} | {' | '.join(cells)} |"
    yield ""
    yield f"Train / {measured} loss, means over all groups."
    yield f"\\* {measured} loss still falls at the last epoch in most groups."


def _by_view(found: Sequence[Rerun]) -> Iterator[tuple[tuple[int, str, int], list[Rerun]]]:
    def view(rerun: Rerun) -> tuple[int, str, int]:
        return rerun.epochs, rerun.stopping, rerun.replicates

    for key, views in itertools.groupby(sorted(found, key=view), view):
        yield key, list(views)


def table(found: Sequence[Rerun]) -> str:
    """A csv with a row for each judged view."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for view in found:
        answer = view.verdict.on_this_data
        seen = answer.rise.comparison if answer.rise else None
        numbers = [
            seen.relative_rise if seen else None,
            seen.adjusted_p if seen else None,
            view.verdict.stability,
        ]
        writer.writerow(
            [view.seed, view.part, view.replicates, view.epochs, view.stopping]
            + [view.verdict.best, answer.threshold, str(answer.outcome)]
            + ["" if number is None else f"{number:.4g}" for number in numbers]
        )
    return text.getvalue()


def parsed(arguments: Sequence[str] | None) -> tuple[argparse.Namespace, Settings]:
    """What was asked for, and the experiment's settings with what it changes in them."""
    parser = command_line(__doc__, "reruns")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(), help="the experiment's")
    parser.add_argument("--groups", type=int, default=10, help="groups of seeds (default: 10)")
    parser.add_argument("--epochs", type=int, nargs="+", help="default: the experiment's")
    parser.add_argument("--replicates", type=int, nargs="+", help="default: the experiment's")
    parser.add_argument("--initialisation", choices=["kaiming_uniform", "kaiming_normal"])
    parser.add_argument("--on", choices=["test", "validation"], default="test")
    options = parser.parse_args(arguments)
    settings = load_settings(options.folder)
    if settings.recipe.schedule != "constant" or settings.axis == "epochs":
        parser.error("a shorter training is no cut of a longer one with a schedule or axis epochs")
    if options.quick:
        options.groups, options.epochs, options.replicates = 2, [1, 2], [2]
    options.epochs = options.epochs or [settings.recipe.epochs]
    options.replicates = options.replicates or [settings.looks[-1]]
    recipe, most = settings.recipe, max(options.epochs)
    if options.initialisation:
        recipe = recipe.with_values({"initialisation": options.initialisation})
    changed = {
        "recipe": recipe.with_values({"epochs": most}),
        "replicates": max(options.replicates),
    }
    return options, settings.model_copy(update=changed)


def main(arguments: Sequence[str] | None = None) -> None:
    options, settings = parsed(arguments)
    dataset = prepare_data(options.folder, settings).dataset
    constant = reference_loss(dataset, settings.recipe.loss)
    found: list[Rerun] = []
    for seed, curves in all_curves(options.folder, settings, options.groups):
        found += reruns(
            settings, seed, curves, options.epochs, options.replicates, options.on, constant
        )
    given = sys.argv[1:] if arguments is None else arguments
    lines = [
        f"# Reruns of {settings.experiment} with other seeds, judged on {options.on} loss",
        "",
        f"`PYTHONPATH=src python benchmarks/reruns.py {' '.join(given)}`",
        "",
        f"Seeds {settings.seed + 1} to {settings.seed + options.groups}, {settings.looks[-1]}",
        f"replicates of each (the experiment's own seed is {settings.seed}). Initialisation:",
        f"{settings.recipe.network.initialisation}. Margin: {settings.threshold.margin:.0%}. "
        "Stopping: "
        + ", ".join(f"`{stopping}` = {words}" for stopping, words in STOPPING_WORDS.items())
        + ".",
        "Groups share no replicate. The last column is the mean of their stabilities: the share of",
        "resamples of a group's replicates that give the group's own answer.",
        "",
        *summary(found),
        "",
        *losses(found, settings, options.on),
    ]
    show(lines, options.write)
    if options.write:
        (RESULTS / f"{options.write}.csv").write_text(table(found), encoding="utf-8")


if __name__ == "__main__":
    main()
