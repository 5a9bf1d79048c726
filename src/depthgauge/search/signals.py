"""SIGINT and SIGTERM in a search: once, and not in the middle of an operation of the storage."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType

# An operation that has not ended so long after a signal hangs: its server does not answer.
PATIENCE_S = 5
# How soon after a fork one looks whether it has ended.
FORKED_S = 0.01


class _State:
    """process: whose handlers these are. depth: of the blocks that hold a signal. interrupt: what
    one that came meanwhile does.
    """

    process: int | None = None
    depth = 0
    is_forking = False
    interrupt: Callable[[], None] | None = None


@contextmanager
def interrupted_once() -> Iterator[None]:
    """SIGTERM ends a search as Ctrl-C does: the trial in hand is told failed.

    A second signal meanwhile, of an impatient hand or of a terminal that signals a whole group,
    must not tear that up. Whatever handled a signal before in this process is told of it. A process
    that is forked meanwhile ends without a word until it says this for itself.
    """
    handled = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) != signal.SIG_IGN]
    before = {int(number): signal.getsignal(number) for number in handled}
    process, outer = os.getpid(), _State.process

    def on_signal(number: int, frame: FrameType | None) -> None:
        if os.getpid() != process:
            os._exit(128 + number)
        for each in handled:
            signal.signal(each, signal.SIG_IGN)

        def interrupt() -> None:
            earlier = before[number]
            if callable(earlier) and outer in (None, process):
                earlier(number, frame)
            raise KeyboardInterrupt

        if not _State.depth and not _State.is_forking:
            interrupt()
        _State.interrupt = interrupt
        _interrupt_in(FORKED_S if _State.is_forking else PATIENCE_S)

    _watch_forks()
    _State.process = process
    for each in handled:
        signal.signal(each, on_signal)
    try:
        yield
    finally:
        _State.process = outer
        for each in handled:
            signal.signal(each, before[each])


@contextmanager
def held() -> Iterator[None]:
    """A signal waits for the end of the block: half an operation would be an error of its own."""
    if threading.current_thread() is not threading.main_thread():
        yield  # none comes to it
        return
    _State.depth += 1
    try:
        yield
    finally:
        _State.depth -= 1
        if not _State.depth:
            _interrupt()


def _interrupt_in(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: _interrupt())
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _interrupt() -> None:
    """Do what a signal that came meanwhile does."""
    if _State.interrupt is None:
        return
    if _State.is_forking:
        _interrupt_in(FORKED_S)
        return
    interrupt, _State.interrupt = _State.interrupt, None
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    interrupt()


def _set_forking(is_forking: bool) -> None:
    _State.is_forking = is_forking


def _forget() -> None:
    _State.is_forking, _State.depth, _State.interrupt = False, 0, None


@cache
def _watch_forks() -> None:
    """What is raised in a hook of a fork, logging's say, is printed and lost.

    Called late: hooks of modules that are imported before lie within these.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lambda: _set_forking(True),
            after_in_parent=lambda: _set_forking(False),
            after_in_child=_forget,
        )
