"""Tasks side by side, each in a process of its own: threads of one would wait for each other."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from depthgauge.errors import InputError

# How often what the tasks tell is passed on.
LOOK_EVERY_S = 0.2
INTERRUPTED = 128 + signal.SIGINT
Tell = Callable[[Any], None]
Argument = TypeVar("Argument")
Result = TypeVar("Result")


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(
    task: Callable[[Argument, Tell], Result],
    arguments: Sequence[Argument],
    processes: int,
    told: Tell,
    killed: str = "a process was killed; run the same command again",
) -> list[Result]:
    """task(argument, tell) for each argument; what it tells, `told` is told in this process.

    With one process, or where processes cannot be forked safely, they run here, one after another.
    Whatever ends this call early, an error of a task or a key press, ends all tasks by SIGTERM.
    Raises InputError if a process was killed; killed: what to say then.
    """
    if min(processes, len(arguments)) < 2 or sys.platform != "linux":
        return [task(argument, told) for argument in arguments]
    # Forked: what they need is imported and read already.
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()

    def pass_on() -> None:
        while not queue.empty():
            told(queue.get())

    begin = (queue, os.getpid())
    with ProcessPoolExecutor(min(processes, len(arguments)), context, _begin, begin) as pool:
        waiting = {pool.submit(_run, task, argument): None for argument in arguments}
        try:
            running = set(waiting)
            while running:
                done, running = wait(running, LOOK_EVERY_S, FIRST_EXCEPTION)
                pass_on()
                for future in done:
                    future.result()
        except BaseException as error:
            for process in multiprocessing.active_children():
                process.terminate()
            pool.shutdown(cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                raise InputError(killed) from None
            raise
        pass_on()
        return [future.result() for future in waiting]


_inherited: dict[str, Any] = {}


def _begin(queue: Any, parent: int) -> None:
    """In each process: Ctrl-C, which a terminal sends to all, is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _inherited.update(queue=queue, parent=parent)


def _tell(what: Any) -> None:
    # A parent that was killed ends no child.
    if os.getppid() != _inherited["parent"]:
        raise KeyboardInterrupt
    _inherited["queue"].put(what)


def _run(task: Callable[[Any, Tell], Any], argument: Any) -> Any:
    try:
        return task(argument, _tell)
    except KeyboardInterrupt:
        # Nobody waits for it, and the next task must not begin.
        os._exit(INTERRUPTED)
