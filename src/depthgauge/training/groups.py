"""Cut the replicates of a point into groups that fit the caches, and train one on each core."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import pairwise

import numpy as np

from depthgauge.training.engine import Job, train_group
from depthgauge.training.networks.network import Layout
from depthgauge.training.optimizers.optimizer import Optimizer
from depthgauge.training.runs import Runs

# Measured: throughput is flat from about 4 replicates on, until parameters, gradients and the two
# moments of Adam outgrow the caches of a core.
CACHE_BYTES = 6 * 2**20
SMALLEST, LARGEST = 4, 20
# Told (group, its size, epoch, mean losses) after each epoch of each group.
OnEpoch = Callable[[int, int, int, dict[str, float]], None]
COPIES = 2  # parameters and gradients, and what the optimizer keeps of its own
BYTES = 4  # float32
THREAD_WORK = 3_000_000  # multiplications of a step, forward, that keep a thread busy


def group_size(layout: Layout, optimizer: Optimizer) -> int:
    """How many replicates train at once on one core."""
    replicate = (COPIES + optimizer.buffers) * BYTES * layout.row_length
    return max(SMALLEST, min(LARGEST, CACHE_BYTES // replicate))


def useful_workers(layout: Layout, batch_size: int, replicates: int, workers: int) -> int:
    """How many of `workers` threads are worth their waiting for each other.

    Threads take turns at Python between the operations of a step. Measured: with less arithmetic
    than THREAD_WORK in a step of all replicates, one thread with all of them is faster.
    """
    return max(1, min(workers, replicates * batch_size * layout.count // THREAD_WORK))


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
    job: Job, replicates: Sequence[int], cores: int, on_epoch: OnEpoch
) -> Generator[Runs]:
    """Each group as soon as it is trained; one group a core, or all at once on a GPU.

    on_epoch is called by one thread at a time. Closing the generator ends all groups at their
    epoch.
    """
    on_cpu, count = job.device.type == "cpu", len(replicates)
    workers = useful_workers(job.layout, job.recipe.batch_size, count, cores if on_cpu else 1)
    size = group_size(job.layout, job.recipe.optimizer) if on_cpu else max(2, count)
    stopped, lock = threading.Event(), threading.Lock()

    def one(number: int, group: list[int]) -> Runs:
        def after(epoch: int, curves: dict[str, np.ndarray]) -> None:
            if stopped.is_set():
                raise KeyboardInterrupt
            losses = {n: float(c[:, -1].mean()) for n, c in curves.items() if n.endswith("loss")}
            with lock:
                on_epoch(number, len(group), epoch, losses)

        return train_group(job, group, after)

    groups = make_groups(replicates, size, workers)
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
