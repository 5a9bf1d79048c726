"""Does "so, very likely, would new data" come true? Fresh data sets, drawn again and again.

Run: PYTHONPATH=src python benchmarks/truth.py [--sets 30] [--write]

MNIST-1D (Greydanus and Kobak, arXiv 2011.14439; the package `mnist1d`) makes as much data as one
asks for. Each experiment draws a pool of its own, trains every depth on it with random splits, and
is judged as `evaluate` judges. Its networks are then measured on examples that no pool holds. The
mean over all pools is what new data have in store: what an answer for new data speaks of, and its
intervals should hold.
"""

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from mnist1d.data import get_dataset_args, make_dataset

from depthgauge.artifacts.raw import prepare_data
from depthgauge.data.dataset import Dataset
from depthgauge.data.kinds.rows import DrawnSplit
from depthgauge.processes import cores
from depthgauge.progress import say
from depthgauge.seeds import Purpose, generator
from depthgauge.settings.load import load_settings
from depthgauge.settings.schema import Settings
from depthgauge.statistics.judge import judge
from depthgauge.statistics.losses import PointLosses, view_losses
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import ViewVerdict
from depthgauge.training.batches import group_examples
from depthgauge.training.engine import Group, Job
from depthgauge.training.groups import train_groups
from depthgauge.training.metrics.metric import find_metrics
from depthgauge.training.runs import Runs, join
from depthgauge.training.threads import one_thread
from table import command_line, show

FOLDER = Path(__file__).resolve().parent.parent
POOL, FRESH = 1000, 4000
SPLIT = {"train": 400, "validation": 200, "test": 400}


@dataclass(frozen=True)
class Judged:
    """One experiment: its verdict at each stopping, and mean losses (D,) on fresh examples."""

    verdicts: dict[str, ViewVerdict]
    fresh: dict[str, np.ndarray]


def experiment_settings(settings: Settings, points: list[int], replicates: int) -> Settings:
    """The default experiment's recipe and rules, on a file data.csv of its own."""
    own = {"path": "data.csv", "group": None, "split": DrawnSplit(**SPLIT, by="rows")}
    update = {
        "points": points,
        "replicates": replicates,
        "recipes": ["fixed"],
        "data": settings.data.model_copy(update=own),
    }
    return settings.model_copy(update=update)


def draw_signals(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(POOL + FRESH, 40) signals and the digits that they are of."""
    args = get_dataset_args()
    args.num_samples, args.train_split, args.seed = POOL + FRESH, 1.0, seed
    found = make_dataset(args)
    return found["x"], found["y"]


def judged(settings: Settings, seed: int) -> Judged:
    """An experiment on a data set of its own."""
    signals, digits = draw_signals(seed)
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "data.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*(f"v{k}" for k in range(signals.shape[1])), settings.data.target])
            writer.writerows([*x, y] for x, y in zip(signals[:POOL], digits[:POOL], strict=True))
        dataset = prepare_data(Path(folder), settings.model_copy(update={"seed": seed})).dataset
    splits = dataset.splits
    everywhere = np.tile(np.arange(FRESH), (settings.looks[-1], 1))
    unseen = replace(
        dataset,
        inputs=signals[POOL:].astype(np.float32),
        targets=digits[POOL:].astype(np.int64),
        splits=replace(
            splits, train=everywhere[:, :1], validation=everywhere[:, :1], test=everywhere
        ),
    )
    points: list[PointLosses] = []
    fresh: dict[str, list[float]] = {stopping: [] for stopping in STOPPINGS}
    for point in settings.points:
        job = Job(dataset, settings.recipe_at(point), seed, torch.device("cpu"))
        runs = join(list(train_groups(job, range(settings.looks[-1]), cores(), lambda *_: None)))
        points.append(PointLosses(runs.curves, runs.stopped, splits.test, runs.test_losses, {}, {}))
        for stopping in STOPPINGS:
            fresh[stopping].append(on_fresh(unseen, job, runs, stopping))
    each, share = np.arange(settings.looks[-1]), SPLIT["train"] / POOL
    verdicts = {}
    for stopping in STOPPINGS:
        falling = settings.threshold.falling_over
        view = view_losses(
            settings.points, points, stopping, POOL, falling, None, each, training_share=share
        )
        verdicts[stopping] = judge(view, settings.threshold, generator(seed, Purpose.BOOTSTRAP))
    return Judged(verdicts, {stopping: np.array(values) for stopping, values in fresh.items()})


def on_fresh(unseen: Dataset, trained: Job, runs: Runs, stopping: str) -> float:
    """The mean loss of all replicates on examples that their pool does not hold."""
    replicates = runs.replicates.tolist()
    job = Job(unseen, trained.recipe, 0, trained.device)
    with torch.no_grad(), one_thread():
        examples = group_examples(unseen, replicates, job.device, job.dtype)["test"]
        state = {name: torch.from_numpy(w) for name, w in runs.weights[stopping].items()}
        outputs = Group.load(job, replicates, state).outputs(examples).double().numpy()
        targets = examples.targets.expand(len(replicates), -1).numpy()
    loss = find_metrics(["cross_entropy"])["cross_entropy"]
    return float(loss.of(outputs, targets, np.ones(len(replicates))).mean())


def summary(found: Sequence[Judged], settings: Settings) -> Iterator[str]:
    """What came true, for each stopping."""
    points, margin = settings.points, settings.threshold.margin
    for stopping in STOPPINGS:
        truth = np.mean([one.fresh[stopping] for one in found], axis=0)
        error = np.std([one.fresh[stopping] for one in found], axis=0, ddof=1) / len(found) ** 0.5
        best = int(truth.argmin())
        later = range(best + 1, len(points))
        first = next((d for d in later if is_rise(truth, best, d, margin)), None)
        yield f"## Stopping: {stopping}"
        yield ""
        yield f"| {settings.axis} | mean loss on new data (standard error over data sets) |"
        yield "|---|---|"
        for point, mean, spread in zip(points, truth, error, strict=True):
            yield f"| {point} | {mean:.4f} ({spread:.4f}) |"
        yield ""
        threshold = "none" if first is None else points[first]
        yield f"True best {points[best]}, true threshold {threshold}."
        yield ""
        yield "| | this data | new data |"
        yield "|---|---|---|"
        asked = ("on_this_data", "for_new_data")
        cells = " | ".join(counted(found, stopping, question) for question in asked)
        yield f"| thresholds found | {cells} |"
        cells = " | ".join(true_claims(found, stopping, q, truth, settings) for q in asked)
        yield f"| claims of a rise that are true of new data | {cells} |"
        alone, crossed, compared = coverage(found, stopping, truth, settings)
        cells = f"{alone} of {compared} | {crossed} of {compared}"
        yield f"| 95 % intervals that hold the difference on new data | {cells} |"
        yield ""


def is_rise(truth: np.ndarray, best: int, later: int, margin: float) -> bool:
    """Whether test loss is truly higher by more than the margin."""
    return bool(truth[later] > (1 + margin) * truth[best])


def counted(found: Sequence[Judged], stopping: str, question: str) -> str:
    """How often each threshold was found."""
    answers = Counter(getattr(one.verdicts[stopping], question).threshold for one in found)
    told = sorted(answers.items(), key=lambda item: (item[0] is None, item[0]))
    return ", ".join(f"{'none' if p is None else p}: {count}" for p, count in told)


def true_claims(
    found: Sequence[Judged], stopping: str, question: str, truth: np.ndarray, settings: Settings
) -> str:
    """Of the points at which a rise was resolved, those whose rise is true of new data."""
    right = claims = 0
    for one in found:
        verdict = one.verdicts[stopping]
        answer = getattr(verdict, question)
        if answer.rise is None or verdict.best is None:
            continue
        best, later = (settings.points.index(p) for p in (verdict.best, answer.rise.point))
        claims += 1
        right += is_rise(truth, best, later, settings.threshold.margin)
    return f"{right} of {claims}"


def coverage(
    found: Sequence[Judged], stopping: str, truth: np.ndarray, settings: Settings
) -> tuple[int, int, int]:
    """Intervals over replicates, over all that varies, that hold the truth; and all of them."""
    alone = crossed = compared = 0
    for one in found:
        verdict = one.verdicts[stopping]
        for place, point in enumerate(verdict.points):
            c = point.comparison
            if verdict.best is None or c is None or not c.interval or not c.crossed_interval:
                continue
            difference = truth[place] - truth[settings.points.index(verdict.best)]
            compared += 1
            alone += c.interval.low <= difference <= c.interval.high
            crossed += c.crossed_interval.low <= difference <= c.crossed_interval.high
    return alone, crossed, compared


def report(settings: Settings, sets: int) -> Iterator[str]:
    found = []
    for number in range(sets):
        found.append(judged(settings, number + 1))
        say(f"truth: data set {number + 1} of {sets} judged")
    yield f"{sets} data sets of MNIST-1D, each with a pool of {POOL} examples: {SPLIT['train']}"
    yield f"train, {SPLIT['validation']} validate and {SPLIT['test']} test, drawn anew for each of"
    yield f"{settings.looks[-1]} replicates; {FRESH} more examples of each data set are new data."
    yield "The recipe is that of the digits. A claim is the first resolved rise of an experiment;"
    yield "it is true where the mean over all data sets rises by more than the margin. Intervals"
    yield "(over replicates alone, and over all that varies) are those of every point against the"
    yield "best of its experiment, which is chosen from the same data."
    yield ""
    yield from summary(found, settings)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = command_line(__doc__, "truth")
    parser.add_argument("--sets", type=int, default=30, help="how many data sets")
    parser.add_argument("--replicates", type=int, default=20)
    options = parser.parse_args(arguments)
    points = [0, 1, 2, 3, 4]
    if options.quick:
        options.sets, options.replicates, points = 2, 3, [0, 1]
    settings = experiment_settings(load_settings(FOLDER), points, options.replicates)
    lines = [
        "# Does it come true? MNIST-1D, drawn again and again",
        "",
        f"`PYTHONPATH=src python benchmarks/truth.py --sets {options.sets} "
        f"--replicates {options.replicates}`",
        "",
        *report(settings, options.sets),
    ]
    show(lines, options.write)


if __name__ == "__main__":
    main()
