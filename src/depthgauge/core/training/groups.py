"""Cut the replicates of a point into groups that fit the caches."""

from collections.abc import Sequence
from itertools import pairwise

from depthgauge.core.training.network import Architecture

# Measured: throughput is flat from about 4 replicates on, until parameters, gradients and the two
# moments of Adam outgrow the caches of a core.
CACHE_BYTES = 5 * 2**20
SMALLEST, LARGEST = 4, 20
BUFFERS = 4  # parameters, gradients and two moments
BYTES = 4  # float32


def group_size(architecture: Architecture) -> int:
    """How many replicates train at once on one core."""
    replicate = BUFFERS * BYTES * architecture.row_length
    return max(SMALLEST, min(LARGEST, CACHE_BYTES // replicate))


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
