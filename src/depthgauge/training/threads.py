"""How many threads compute: one, so that the same bits come out on any number of cores."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Run on one core: on two, matrix products are cut elsewhere and differ in the last bits.

    The setting belongs to the calling thread, so groups may train in parallel threads.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
