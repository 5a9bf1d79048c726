"""A signal ends a search once, and not in the middle of an operation of its storage."""

import os
import signal
import subprocess
import sys
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


FORKING = """
import os, signal, sys, time
from depthgauge.search.signals import interrupted_once
number, came = int(sys.argv[1]), []
signal.signal(number, signal.default_int_handler)
def hook():
    if not came:
        came.append(number)
        os.kill(os.getpid(), number)
os.register_at_fork(**{sys.argv[2]: hook})
try:
    with interrupted_once():
        if not (child := os.fork()):
            os._exit(0)
        os.waitpid(child, 0)
        time.sleep(5)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("when", ["before", "after_in_parent"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_not_lost_in_a_fork(number, when):
    """What a hook raises, as those of logging and random might, is printed and nothing more."""
    command = [sys.executable, "-c", FORKING, str(int(number)), when]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_forked_process_that_does_nothing_yet_ends_without_a_word(number, capfd):
    with interrupted_once():
        child = os.fork()
        if not child:
            try:
                os.kill(os.getpid(), number)
                time.sleep(5)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 128 + number
    assert capfd.readouterr().err == ""


def test_a_forked_process_that_searches_is_interrupted():
    """Its trial is told failed."""
    with interrupted_once():
        child = os.fork()
        if not child:
            code = 1
            try:
                with interrupted_once():
                    os.kill(os.getpid(), signal.SIGTERM)
            except KeyboardInterrupt:
                code = 7
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
