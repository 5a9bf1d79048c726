"""Time to a decided answer, side by side with a plain loop over a fixed number of seeds.

Run: PYTHONPATH=src python benchmarks/decided_answer.py [--write]
About 8 minutes.

Both ask where overfitting begins on this data, after the last epoch, at the same rate of false
alarms. depthgauge takes the looks of a plan, each at its share of alpha, and ends where every depth
is decided, or is not likely to be by the last look. The plain loop trains as many seeds as that
last look has, one after the other, in an nn.Sequential with torch.optim; then SciPy's paired t
tests, corrected for all pairs of depths, decide. In its favour: its data are scaled tensors before
the clock starts, it measures no more than train and test loss after the last epoch, and of one
thread and all of them the faster counts. Of each depth a few of its seeds are trained on the clock,
and their time is multiplied; its losses for the answer are those of depthgauge's replicates, which
tests hold to be the same training.
"""

import itertools
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy import stats
from torch import nn

from depthgauge.artifacts.raw import prepare_data
from depthgauge.data.dataset import Dataset
from depthgauge.processes import cores
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.statistics.judge import judge
from depthgauge.statistics.looks import is_open, may_tell
from depthgauge.statistics.losses import PointLosses, view_losses
from depthgauge.training.baselines import reference_loss
from depthgauge.training.batches import group_examples
from depthgauge.training.engine import Job
from depthgauge.training.groups import train_groups
from depthgauge.training.runs import Runs, join
from table import command_line, show

ROOT = Path(__file__).resolve().parent.parent
QUESTION, STOPPING, CPU = "on_this_data", "last", torch.device("cpu")


@dataclass(frozen=True)
class Size:
    """The looks, how many seeds of the plain loop are on the clock, and the experiments."""

    plan: tuple[int, ...]
    timed: int
    folders: tuple[str, ...]


FULL = Size((10, 20, 40, 80), 4, (".", "experiments/diabetes", "experiments/pageviews"))
QUICK = Size((2, 3), 1, ("experiments/diabetes",))


@dataclass(frozen=True)
class Answered:
    """Seconds, replicates of each depth, and the threshold that was found."""

    seconds: float
    replicates: int
    threshold: object


def by_plan(settings: Settings, dataset: Dataset, plan: Sequence[int]) -> Answered:
    """Looks until all is decided or cannot be, with the training and the judging on the clock."""
    began, rules = time.perf_counter(), settings.threshold.at_each_of(len(plan))
    runs: dict[object, Runs] = {}
    for before, count in itertools.pairwise([0, *plan]):
        for point in settings.points:
            job = Job(dataset, settings.recipe_at(point), settings.seed, CPU)
            new = train_groups(job, range(before, count), cores(), lambda *_: None)
            known = [runs[point]] if point in runs else []
            runs[point] = join([*known, *new])
        view = view_losses(
            settings.points,
            [_losses(dataset, runs[point]) for point in settings.points],
            STOPPING,
            len(dataset.row_names),
            rules.falling_over,
            reference_loss(dataset, settings.recipe.loss),
            np.arange(count),
        )
        verdict = judge(view, rules, np.random.default_rng(settings.seed))
        ended = not is_open(verdict, QUESTION) or not may_tell(
            view, verdict, rules, QUESTION, plan[-1]
        )
        if ended:
            break
    return Answered(time.perf_counter() - began, count, verdict.on_this_data.threshold)


def _losses(dataset: Dataset, runs: Runs) -> PointLosses:
    of = [dataset.splits.of_replicate(int(replicate)) for replicate in runs.replicates]
    rows = dataset.splits.test[of]
    return PointLosses(runs.curves, runs.stopped, rows, runs.test_losses, {}, {})


def plain_seconds(settings: Settings, dataset: Dataset, point: object, timed: int) -> float:
    """Of one replicate at a point, as the plain loop trains it, with the faster number of threads.

    Warms up on another replicate.
    """
    recipe, before = settings.recipe_at(point), torch.get_num_threads()
    of = recipe.network
    options = recipe.optimizer.model_dump(exclude={"name", "learning_rate"})
    make = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}
    loss = {"cross_entropy": nn.CrossEntropyLoss, "mae": nn.L1Loss, "mse": nn.MSELoss}
    measure = loss[recipe.loss.name]()
    examples = [group_examples(dataset, [r], CPU, torch.float32) for r in range(timed + 1)]

    def one(replicate: int) -> None:
        torch.manual_seed(replicate)
        train = examples[replicate]["train"]
        x, y = train.inputs[0], train.targets[0]
        sizes = [x.shape[1], *[of.width] * of.depth, dataset.outputs]
        layers = [m for a, b in itertools.pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())]
        network = nn.Sequential(*layers[:-1])
        optimizer = make[recipe.optimizer.name](
            network.parameters(), lr=recipe.optimizer.learning_rate, **options
        )
        for _ in range(recipe.epochs):
            for batch in torch.randperm(len(x)).split(recipe.batch_size):
                optimizer.zero_grad()
                measure(network(x[batch]), y[batch]).backward()
                optimizer.step()
        with torch.no_grad():
            for split in ("train", "test"):
                seen = examples[replicate][split]
                measure(network(seen.inputs[0]), seen.targets[0]).item()

    seconds = []
    for threads in {1, cores()}:
        torch.set_num_threads(threads)
        one(timed)
        began = time.perf_counter()
        for replicate in range(timed):
            one(replicate)
        seconds.append((time.perf_counter() - began) / timed)
    torch.set_num_threads(before)
    return min(seconds)


def plain_threshold(settings: Settings, test: np.ndarray, train: np.ndarray) -> object:
    """What SciPy's paired t tests say of (R, D) losses: the first depth beyond the best that rises.

    Only where the gap's part of the rise is not told to be the smaller one.
    """
    rules, count = settings.threshold, test.shape[1]
    best, level = int(test.mean(axis=0).argmin()), rules.alpha / (count * (count - 1) / 2)
    for later in range(best + 1, count):
        scaled = (1 + rules.margin) * test[:, best]
        p = stats.ttest_rel(test[:, later], scaled, alternative="greater").pvalue
        rise, part = test[:, later] - test[:, best], train[:, later] - train[:, best]
        smaller = stats.ttest_1samp(rise - 2 * part, 0, alternative="less").pvalue <= 0.025
        if p <= level and not smaller:
            return settings.points[later]
    return None


def compare(folder: str, size: Size) -> Iterator[str]:
    """The two rows of an experiment."""
    settings = load_settings(ROOT / folder).model_copy(update={"replicates": size.plan[-1]})
    dataset = prepare_data(ROOT / folder, settings).dataset
    ours = by_plan(settings, dataset, size.plan)
    each = [plain_seconds(settings, dataset, point, size.timed) for point in settings.points]
    losses = {"test": [], "train": []}
    for point in settings.points:
        job = Job(dataset, settings.recipe_at(point), settings.seed, CPU)
        runs = join(list(train_groups(job, range(size.plan[-1]), cores(), lambda *_: None)))
        for split, columns in losses.items():
            columns.append(runs.curves[f"{split}_loss"][:, -1])
    threshold = plain_threshold(settings, np.stack(losses["test"], 1), np.stack(losses["train"], 1))
    plain = Answered(sum(each) * size.plan[-1], size.plan[-1], threshold)
    for name, found in (("depthgauge, a plan of looks", ours), ("plain PyTorch", plain)):
        yield (
            f"| {settings.experiment} | {name} | {found.replicates} | {found.seconds:.1f} "
            f"| {plain.seconds / found.seconds:.1f} | {found.threshold} |"
        )


def report(size: Size) -> Iterator[str]:
    yield "# Time to a decided answer"
    yield ""
    yield "Written by `benchmarks/decided_answer.py`, whose docstring says what is compared: the"
    yield f"fixed recipe, a plan of {', '.join(map(str, size.plan))} replicates beside a plain loop"
    yield f"over {size.plan[-1]}. {cores()} cores, {platform.machine()}, torch {torch.__version__}."
    yield ""
    yield "| experiment | who | replicates of each depth | seconds | times as fast | threshold |"
    yield "|---|---|---|---|---|---|"
    for folder in size.folders:
        yield from compare(folder, size)


def main(arguments: Sequence[str] | None = None) -> None:
    options = command_line(__doc__, "decided-answer").parse_args(arguments)
    show(report(QUICK if options.quick else FULL), options.write)


if __name__ == "__main__":
    main()
