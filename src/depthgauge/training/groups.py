"""Cut the replicates of a point into groups that fit the caches, and train one on each core."""

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from depthgauge.errors import InputError
from depthgauge.processes import Tell, finished_tasks
from depthgauge.training.engine import Job, train_group
from depthgauge.training.networks.network import Layout
from depthgauge.training.optimizers.optimizer import Optimizer
from depthgauge.training.runs import Runs
from depthgauge.training.state import State

# Measured: throughput is flat from about 4 replicates on, until parameters, gradients and the two
# moments of Adam outgrow the caches of a core.
CACHE_BYTES = 6 * 2**20
SMALLEST, LARGEST = 4, 20
# Told (group, its size, epoch, mean losses) after each epoch of each group.
OnEpoch = Callable[[int, int, int, dict[str, float]], None]
# Told (a group's replicates, how to take where they stand) after each epoch but the last.
KeepGroup = Callable[[Sequence[int], Callable[[], State]], None]
COPIES = 2  # parameters and gradients, and what the optimizer keeps of its own
BYTES = 4  # float32
THREAD_WORK = 3_000_000  # multiplications of a step, forward, that keep a thread busy
# Steps of single replicates, of a millisecond or more, that are worth starting processes, each of
# which imports torch.
PROCESS_STEPS = 8_000
KILLED = "train: a process of it was killed; what was kept is not lost: run the same command again"


def group_size(layout: Layout, optimizer: Optimizer) -> int:
    """How many replicates train at once on one core."""
    replicate = (COPIES + optimizer.buffers) * BYTES * layout.row_length
    return max(SMALLEST, min(LARGEST, CACHE_BYTES // replicate))


def useful_workers(job: Job, replicates: int, workers: int) -> int:
    """How many of `workers` threads are worth their waiting for each other.

    Threads take turns at Python between the operations of a step. Measured: with less arithmetic
    than THREAD_WORK in a step of all replicates, one thread with all of them is faster.
    """
    if job.one_by_one:
        return 1
    work = replicates * job.recipe.batch_size * job.layout.count
    return max(1, min(workers, work // THREAD_WORK))


def make_groups(replicates: Sequence[int], size: int, workers: int) -> list[list[int]]:
    """Groups of nearly equal length, at most about `size`, none of one unless there is but one.

    Where there are enough replicates, the number of groups is a multiple of `workers`, so that no
    core waits for the last group.
    """
    count = len(replicates)
    if count == 0:
        return []
    wanted = -(-count // (size * workers)) * workers
    groups = max(1, min(wanted, count // 2))
    cuts = [round(count * g / groups) for g in range(groups + 1)]
    return [list(replicates[a:b]) for a, b in pairwise(cuts)]


def train_groups(
    job: Job,
    replicates: Sequence[int],
    cores: int,
    on_epoch: OnEpoch,
    begun: Sequence[State] = (),
    keep: KeepGroup | None = None,
) -> Generator[Runs]:
    """Each group as soon as it is trained; one group a core, or all at once on a GPU.

    on_epoch is called by one thread at a time. Closing the generator ends all groups at their
    epoch. Where replicates go one after the other, and long enough, each core has a process.
    begun: groups among the replicates that an earlier training has begun, none in two. keep: is
    told of each group's epochs where it trains, so it is pickled where processes do.
    """
    on_cpu, count = job.device.type == "cpu", len(replicates)
    going_on = [_Group(state.replicates.tolist(), state) for state in begun]
    taken = {r for group in going_on for r in group.replicates}
    fresh = [r for r in replicates if r not in taken]

    def groups_of(size: int, workers: int) -> list[_Group]:
        return going_on + [_Group(group) for group in make_groups(fresh, size, workers)]

    steps = (
        count * job.recipe.epochs * -(-job.dataset.splits.sizes["train"] // job.recipe.batch_size)
    )
    if on_cpu and min(cores, count // 2) > 1 and job.one_by_one and steps >= PROCESS_STEPS:
        yield from _in_processes(job, groups_of(SMALLEST, cores), cores, on_epoch, keep)
        return
    workers = useful_workers(job, count, cores if on_cpu else 1)
    size = group_size(job.layout, job.recipe.optimizer) if on_cpu else max(2, count)
    yield from _in_threads(job, groups_of(size, workers), workers, on_epoch, keep)


@dataclass(frozen=True)
class _Group:
    """Replicates that train together, and where they go on from."""

    replicates: list[int]
    begun: State | None = None

    def train(self, job: Job, on_epoch: Callable[..., None], keep: KeepGroup | None) -> Runs:
        kept = None if keep is None else partial(keep, self.replicates)
        return train_group(job, self.replicates, on_epoch, self.begun, kept)


def _in_threads(
    job: Job, groups: list[_Group], workers: int, on_epoch: OnEpoch, keep: KeepGroup | None
) -> Generator[Runs]:
    stopped, lock, sources = threading.Event(), threading.Lock(), job.recipe.network.sources()

    def one(number: int, group: _Group) -> Runs:
        def after(epoch: int, curves: dict[str, np.ndarray]) -> None:
            if stopped.is_set():
                raise KeyboardInterrupt
            losses = _mean_losses(curves)
            with lock:
                on_epoch(number, len(group.replicates), epoch, losses)

        _require_unchanged(job, sources)
        return group.train(job, after, keep)

    with ThreadPoolExecutor(workers) as executor:
        waiting: set[Future[Runs]] = {executor.submit(one, k, g) for k, g in enumerate(groups)}
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            # Whatever ends this loop early, a key press too, ends the other groups at their epoch.
            stopped.set()
            executor.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Task:
    """A group that another process trains; sources: the files of the network, as they are here."""

    job: Job
    sources: Mapping[str, bytes]
    number: int
    group: _Group
    keep: KeepGroup | None


def _in_processes(
    job: Job, groups: list[_Group], cores: int, on_epoch: OnEpoch, keep: KeepGroup | None
) -> Generator[Runs]:
    sources = job.recipe.network.sources()
    tasks = [_Task(job, sources, number, group, keep) for number, group in enumerate(groups)]
    # Spawned: torch's threads of this process, which a fork would lose, have been at work.
    finished = finished_tasks(
        _train, tasks, cores, lambda what: on_epoch(*what), KILLED, start="spawn"
    )
    with closing(finished):
        for _, runs in finished:
            yield runs


def _train(task: _Task, tell: Tell) -> Runs:
    def after(epoch: int, curves: dict[str, np.ndarray]) -> None:
        tell((task.number, len(task.group.replicates), epoch, _mean_losses(curves)))

    _require_unchanged(task.job, task.sources)
    return task.group.train(task.job, after, task.keep)


def _require_unchanged(job: Job, sources: Mapping[str, bytes]) -> None:
    now = job.recipe.network.sources()
    if now != sources:
        name = next(n for n in sorted({*now, *sources}) if now.get(n) != sources.get(n))
        raise InputError(f"{name}: was changed while it was trained; run the same command again")


def _mean_losses(curves: Mapping[str, np.ndarray]) -> dict[str, float]:
    return {n: float(c[:, -1].mean()) for n, c in curves.items() if n.endswith("loss")}
