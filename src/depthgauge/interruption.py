"""Ctrl-C and SIGTERM: both end a command alike, in one line, at whatever moment they come.

A command's own process takes them from its first line to its last (`ends_at_once`,
`ends_in_order`).
Used as a library, nothing of the process's signals is touched.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

NUMBERS = (signal.SIGINT, signal.SIGTERM)
LINE = "depthgauge: interrupted; the next run goes on from here"
# A terminal, make and a hand may each send one for the same wish.
SAME_WISH_S = 1.0
# After a part of Python or of a library has swallowed one.
AGAIN_S = 0.1


class Interrupted(KeyboardInterrupt):
    """A signal asked this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


# When the first one came that has not ended the command yet, and which it was.
_taken: list[tuple[float, int]] = []


def ends_at_once() -> None:
    """From now on a signal ends the process where it stands: nothing has begun, or all is done.

    An exception in the middle of an import comes out as another one, or not at all.
    """

    def end(number: int, frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(2, f"{LINE}\n".encode())
        os._exit(128 + number)

    _handle(end)


def ends_in_order() -> None:
    """From now on a signal raises Interrupted, so that what was begun is cleaned up."""
    _handle(_interrupt)
    sys.unraisablehook = _raise_again


@contextmanager
def importing() -> Iterator[None]:
    """While nothing has begun and modules are imported, a signal ends the command where it stands.

    An exception in the middle of torch's import aborts the process. Elsewhere nothing is touched.
    """
    if not any(signal.getsignal(number) is _interrupt for number in NUMBERS):
        yield
        return
    ends_at_once()
    try:
        yield
    finally:
        ends_in_order()


def is_taken() -> bool:
    """Whether a signal came: whatever goes wrong after it comes of it."""
    return bool(_taken)


def raise_taken() -> None:
    """Raises Interrupted if a signal came that something swallowed."""
    if _taken:
        raise Interrupted(_taken[0][1])


@contextmanager
def until_signal() -> Iterator[None]:
    """What is meant to end by a signal, as a server is: one ends the block and nothing else."""
    try:
        yield
    except KeyboardInterrupt:
        _taken.clear()


def interrupted(error: BaseException | None, ends: bool) -> int:
    """Tell that a signal was taken; the exit code. ends: whether the process ends here."""
    number = _taken[0][1] if _taken else getattr(error, "number", signal.SIGINT)
    if ends:
        # An impatient second one must not tear that up.
        for each in NUMBERS:
            signal.signal(each, signal.SIG_IGN)
        with suppress(AttributeError):
            signal.setitimer(signal.ITIMER_REAL, 0)
    _taken.clear()
    with suppress(OSError):
        print(LINE, file=sys.stderr, flush=True)
    return 128 + number


def _handle(handler: Any) -> None:
    # What a shell starts in the background ignores Ctrl-C, and goes on doing so.
    for number in NUMBERS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _taken and now - _taken[-1][0] < SAME_WISH_S:
        return
    _taken.append((now, number))
    raise Interrupted(number)


def _raise_again(swallowed: Any) -> None:
    """Python can raise nothing out of a destructor or a callback: raised again a moment later."""
    if not isinstance(swallowed.exc_value, Interrupted):
        sys.__unraisablehook__(swallowed)
        return

    def again(number: int, frame: FrameType | None) -> None:
        raise_taken()

    with suppress(AttributeError, ValueError):
        signal.signal(signal.SIGALRM, again)
        signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
