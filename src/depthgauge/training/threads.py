"""What makes torch give the same bits on any number of cores and in any group."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

# torch's matrix library reads it before its first product. Without it the last bits of a product
# may depend on where in memory it lies, and so on who shares the group. Measured, it costs nothing.
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")


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
