"""Tasks in processes of their own: their results, what they tell, and how they end."""

import os
import signal
import time

import psutil
import pytest

from depthgauge.errors import InputError
from depthgauge.processes import finished_tasks, run_tasks

KILLED = "a process of it was killed; finished trials are kept"
PROCESSES = pytest.mark.parametrize("processes", [1, 2, 5])


def square(number, tell):
    tell((number, os.getpid()))
    # The first ends last.
    time.sleep(0.05 / number)
    return number**2


@PROCESSES
def test_results_stand_in_the_order_of_the_arguments(processes):
    told = []
    assert run_tasks(square, [1, 2, 3, 4], processes, told.append, KILLED) == [1, 4, 9, 16]
    assert sorted(number for number, _ in told) == [1, 2, 3, 4]
    pids = {pid for _, pid in told}
    assert (pids == {os.getpid()}) is (processes == 1)


def test_one_task_needs_no_process():
    told = []
    run_tasks(square, [3], 4, told.append, KILLED)
    assert told == [(3, os.getpid())]
    assert run_tasks(square, [], 4, told.append, KILLED) == []


def fails(number, tell):
    if number == 2:
        raise InputError("the second cannot be had")
    tell(number)
    time.sleep(60)


def test_an_error_ends_all():
    began = time.monotonic()
    with pytest.raises(InputError, match="the second cannot be had"):
        run_tasks(fails, [1, 2, 3], 2, lambda _: None, KILLED)
    assert time.monotonic() - began < 30


def is_killed(number, tell):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def test_a_process_that_is_killed_is_told_in_a_line():
    with pytest.raises(InputError, match="was killed; finished trials are kept"):
        run_tasks(is_killed, [1, 2], 2, lambda _: None, KILLED)
    with pytest.raises(InputError, match=r"^a process was killed; run the same command again$"):
        run_tasks(is_killed, [1, 2], 2, lambda _: None)


def waits(number, tell):
    """Leaves a file where it was ended as by a key press."""

    def interrupt(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        tell("ready")
        time.sleep(60)
    except KeyboardInterrupt:
        open(number, "x").close()
        raise


def test_an_interruption_reaches_every_task_and_begins_no_other(tmp_path):
    ready = []

    def told(_):
        ready.append(1)
        if len(ready) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_tasks(waits, [str(tmp_path / name) for name in "abcd"], 2, told, KILLED)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def sleeps(number, tell):
    tell(os.getpid())
    time.sleep(60)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_parent_that_takes_sigterm_as_a_key_press_ends_its_tasks_all_the_same(start):
    """A forked process has its parent's handlers, and a spawned one its mask."""

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    pids = []

    def told(pid):
        pids.append(pid)
        if len(pids) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            list(finished_tasks(sleeps, [1, 2], 2, told, KILLED, start))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - began < 30
    assert not any(psutil.pid_exists(pid) for pid in pids)
