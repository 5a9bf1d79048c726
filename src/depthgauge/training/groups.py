"""Cut the replicates of a point into groups that fit the caches, and train one on each core."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import pairwise

import numpy as np
import torch

from depthgauge.data.dataset import Dataset
from depthgauge.training.engine import train_group
from depthgauge.training.networks.network import Layout
from depthgauge.training.optimizers.optimizer import Optimizer
from depthgauge.training.recipe import Recipe
from depthgauge.training.runs import Runs

# Measured: throughput is flat from about 4 replicates on, until parameters, gradients and the two
# moments of Adam outgrow the caches of a core.
CACHE_BYTES = 6 * 2**20
SMALLEST, LARGEST = 4, 20
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
    work = replicates * batch_size * layout.count
    return max(1, min(workers, work // THREAD_WORK))


def make_groups(replicates: Sequence[int], size: int, workers: int) -> list[list[int]]:
    """Groups of nearly equal length, at most about `size`, none of one unless there is but one.

    Where there are enough replicates, the number of groups is a multiple of `workers`, so that no
    core waits for the last group.
    """
    count = len(replicates)
    if count == 0:
        return []
    wanted = -(-count // size)
    wanted = -(-wanted // workers) * workers
    groups = max(1, min(wanted, count // 2))
    cuts = [round(count * g / groups) for g in range(groups + 1)]
    return [list(replicates[a:b]) for a, b in pairwise(cuts)]


def train_groups(
    dataset: Dataset,
    recipe: Recipe,
    replicates: list[int],
    seed: int,
    device: torch.device,
    cores: int,
    on_epoch: Callable[[int, int, int, dict[str, float]], None],
) -> Generator[Runs]:
    """Each group as soon as it is trained; one group a core, or all at once on a GPU.

    on_epoch(group, its size, epoch, mean losses) is called after each epoch of each group, by one
    thread at a time. Closing the generator ends all groups at their epoch.
    """
    layout = recipe.network.layout(dataset.input_shape, dataset.outputs)
    workers = cores if device.type == "cpu" else 1
    workers = useful_workers(layout, recipe.batch_size, len(replicates), workers)
    on_cpu = device.type == "cpu"
    size = group_size(layout, recipe.optimizer) if on_cpu else max(2, len(replicates))
    stopped, lock = threading.Event(), threading.Lock()

    def one(number: int, group: list[int]) -> Runs:
        def after(epoch: int, curves: dict[str, np.ndarray]) -> None:
            if stopped.is_set():
                raise KeyboardInterrupt
            losses = {n: float(c[:, -1].mean()) for n, c in curves.items() if n.endswith("loss")}
            with lock:
                on_epoch(number, len(group), epoch, losses)

        return train_group(dataset, recipe, group, seed, device, torch.float32, after)

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
