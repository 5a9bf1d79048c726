"""A signal ends a search once, and not in the middle of an operation of its storage."""

import os
import signal
import time

import pytest

from depthgauge.search import signals
from depthgauge.search.signals import held, interrupted_once


@pytest.fixture(autouse=True)
def _handlers():
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_waits_for_the_end_of_what_holds_it(number):
    done = []
    with pytest.raises(KeyboardInterrupt), interrupted_once():  # noqa: PT012
        with held(), held():
            os.kill(os.getpid(), number)
            done.append("operation")
            # Of an impatient hand.
            os.kill(os.getpid(), number)
        done.append("never")
    assert done == ["operation"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_what_holds_nothing(number):
    with pytest.raises(KeyboardInterrupt), interrupted_once():  # noqa: PT012
        with held():
            pass
        os.kill(os.getpid(), number)
        time.sleep(5)
        raise AssertionError("not interrupted")


def test_who_handled_it_before_is_told():
    """The command notes by it which exit code is due."""
    told = []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    with pytest.raises(KeyboardInterrupt), interrupted_once(), interrupted_once(), held():
        os.kill(os.getpid(), signal.SIGTERM)
    assert told == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM)(signal.SIGTERM, None) is None


def test_an_operation_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(signals, "PATIENCE_S", 1)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), interrupted_once(), held():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(20)
    assert time.monotonic() - began < 10


def test_nothing_is_left_of_it():
    handlers = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    with pytest.raises(KeyboardInterrupt), interrupted_once(), held():
        os.kill(os.getpid(), signal.SIGINT)
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == handlers
    with interrupted_once(), held():
        pass
