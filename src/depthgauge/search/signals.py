"""SIGINT and SIGTERM in a search: once, and not in the middle of an operation of the storage."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# An operation that has not ended so long after a signal hangs: its server does not answer.
PATIENCE_S = 5


class _Operation:
    """depth: of the blocks that hold a signal. interrupt: what one that came meanwhile does."""

    depth = 0
    interrupt: Callable[[], None] | None = None


@contextmanager
def interrupted_once() -> Iterator[None]:
    """SIGTERM ends a search as Ctrl-C does: the trial in hand is told failed.

    A second signal meanwhile, of an impatient hand or of a terminal that signals a whole group,
    must not tear that up. Whatever handled a signal before is told of it.
    """
    handled = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) != signal.SIG_IGN]
    before = {int(number): signal.getsignal(number) for number in handled}

    def on_signal(number: int, frame: FrameType | None) -> None:
        for each in handled:
            signal.signal(each, signal.SIG_IGN)

        def interrupt() -> None:
            earlier = before[number]
            if callable(earlier):
                earlier(number, frame)
            raise KeyboardInterrupt

        if not _Operation.depth:
            interrupt()
        _Operation.interrupt = interrupt
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, lambda *_: _interrupt())
            signal.alarm(PATIENCE_S)

    for each in handled:
        signal.signal(each, on_signal)
    try:
        yield
    finally:
        for each in handled:
            signal.signal(each, before[each])


@contextmanager
def held() -> Iterator[None]:
    """A signal waits for the end of the block: half an operation would be an error of its own."""
    if threading.current_thread() is not threading.main_thread():
        yield  # none comes to it
        return
    _Operation.depth += 1
    try:
        yield
    finally:
        _Operation.depth -= 1
        if not _Operation.depth:
            _interrupt()


def _interrupt() -> None:
    """Do what a signal that came meanwhile does."""
    interrupt, _Operation.interrupt = _Operation.interrupt, None
    if interrupt is not None:
        signal.alarm(0)
        interrupt()
