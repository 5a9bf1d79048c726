"""How long the whole pipeline will take here, from a few timed steps of training."""

import itertools
import time
from collections.abc import Callable, Mapping

import torch

from depthgauge.artifacts.seen import at_settings
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.processes import cores
from depthgauge.settings.schema import Settings
from depthgauge.training import trees
from depthgauge.training.engine import Group, Job, start_group
from depthgauge.training.groups import group_size, make_groups, useful_workers
from depthgauge.training.machine import training_device
from depthgauge.training.threads import one_thread

# How long steps are timed; the first are slower, and come before.
TIMED_S, WARM_UP_S = 0.3, 0.1
# Measured on two cores: what a stage takes from its start to its end, and DVC with it, where there
# is next to nothing to train; what judging, the page and MLflow take in all, and each training run
# of it; and the share of its epochs that a trial trains, for the worst are stopped.
STAGE_S, REST_S, RUN_S, TRIAL_SHARE = 3.0, 30.0, 0.06, 0.75


def estimate_seconds(datasets: Mapping[str, Dataset], settings: Settings) -> float:
    """About how long everything takes from nothing, at most where there is a plan of looks.

    datasets: of each recipe, as its replicates see it. Only the smallest and the largest point are
    timed; in between the time follows the parameters and the examples. A recipe that is searched
    for is taken to find what takes as long as the fixed one.
    """
    points = settings.points
    ends = list(dict.fromkeys((points[0], points[-1])))
    first = next(iter(datasets.values()))
    most, search = settings.looks[-1], settings.search
    sizes = {point: _size(first, settings, point) for point in points}
    whole = _between(sizes, {point: _train_s(first, settings, point, most) for point in ends})
    seconds = len(datasets) * sum(whole.values())
    if settings.searched_recipes:
        trials = search.trials * search.studies * TRIAL_SHARE / min(cores(), search.studies)
        of_trial = {point: _trial_s(first, settings, point) for point in ends}
        each = sum(_between(sizes, of_trial).values())
        seconds += len(settings.searched_recipes) * trials * each
    stages = 2 * len(datasets) * len(points)
    runs = len(datasets) * len(points) * most
    return seconds + _trees_s(first) + stages * STAGE_S + REST_S + runs * RUN_S


def _size(dataset: Dataset, settings: Settings, point: Point) -> float:
    """What the time of a point goes by: parameters times examples times epochs."""
    job = _job(at_settings(dataset, settings, point), settings, point)
    return float(job.layout.count * job.dataset.splits.sizes["train"] * job.recipe.epochs)


def _between(sizes: Mapping[Point, float], known: Mapping[Point, float]) -> dict[Point, float]:
    """The seconds of each point, on the line through those that were timed, one or two."""
    small, *_, large = [*known, *known]
    low, high, span = known[small], known[large], sizes[large] - sizes[small]
    shares = {p: (size - sizes[small]) / span if span else 0.5 for p, size in sizes.items()}
    return {p: max(0.0, low + (high - low) * share) for p, share in shares.items()}


def _job(dataset: Dataset, settings: Settings, point: Point) -> Job:
    device = training_device(settings.training.device)
    return Job(dataset, settings.recipe_at(point), settings.seed, device)


def _train_s(dataset: Dataset, settings: Settings, point: Point, replicates: int) -> float:
    """Of training so many replicates at a point, measured on every split after every epoch."""
    job = _job(at_settings(dataset, settings, point), settings, point)
    on_cpu = job.device.type == "cpu"
    workers = useful_workers(job, replicates, cores() if on_cpu else 1)
    if job.one_by_one and on_cpu:
        # One after the other in a process for each core.
        workers = min(cores(), max(1, replicates // 2))
    size = group_size(job.layout, job.recipe.optimizer) if on_cpu else max(2, replicates)
    groups = make_groups(range(replicates), size, workers)
    rounds = -(-len(groups) // workers)
    splits = job.dataset.splits.sizes
    step, row = _time(job, max(len(group) for group in groups))
    steps = -(-splits["train"] // job.recipe.batch_size)
    return rounds * job.recipe.epochs * (steps * step + sum(splits.values()) * row)


def _trial_s(dataset: Dataset, settings: Settings, point: Point) -> float:
    """Of a trial that trains all its epochs."""
    replicates = settings.search.replicates
    job = _job(at_settings(dataset, settings, point), settings, point)
    step, row = _time(job, replicates)
    splits = job.dataset.splits.sizes
    steps = -(-splits["train"] // job.recipe.batch_size)
    return job.recipe.epochs * (steps * step + splits["validation"] * row)


def _time(job: Job, replicates: int) -> tuple[float, float]:
    """Seconds of a step of so many replicates together, and of measuring a row of each."""
    with torch.no_grad(), one_thread():
        group, examples = start_group(job, range(max(2, replicates)))
        train = examples["train"]
        rows = group.order.next_epoch(train.count, job.device)[:, : job.recipe.batch_size]
        step = job.recipe.optimizer.start(group.flat, group.gradient, group.memory)
        rates = itertools.repeat(job.recipe.optimizer.learning_rate)

        def one_step() -> None:
            group.train_epoch(train, rows, step, rates)

        def measure() -> None:
            group.measure(examples["validation"])

        return _mean_s(one_step, group), _mean_s(measure, group) / examples["validation"].count


def _mean_s(act: Callable[[], None], group: Group) -> float:
    """Of repeating it; what is still under way on a GPU is waited for."""
    mean = 0.0
    for seconds in (WARM_UP_S, TIMED_S):
        began, count = time.perf_counter(), 0
        while count == 0 or time.perf_counter() - began < seconds:
            act()
            count += 1
        float(group.flat[0, 0])
        mean = (time.perf_counter() - began) / count
    return mean


def _trees_s(dataset: Dataset) -> float:
    """Of the gradient-boosted trees, by the sizes alone."""
    return trees.number_of_fits(dataset) * trees.seconds_of_fit(dataset) / cores()
