"""Tasks side by side, each in a process of its own: threads of one would wait for each other."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing.connection import wait as wait_for
from typing import Any, Literal, TypeVar

from depthgauge.errors import InputError

# How often what the tasks tell is passed on.
LOOK_EVERY_S = 0.2
INTERRUPTED = 128 + signal.SIGINT
ENDING = {signal.SIGINT, signal.SIGTERM}
Tell = Callable[[Any], None]
# Forked processes have imported and read already what they need. Spawned ones have not, and may be
# started where threads, torch's own say, have been at work.
Start = Literal["fork", "spawn"]
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
    Otherwise as `finished_tasks`.
    """
    if min(processes, len(arguments)) < 2 or sys.platform != "linux":
        return [task(argument, told) for argument in arguments]
    with closing(finished_tasks(task, arguments, processes, told, killed, "fork")) as finished:
        results = dict(finished)
    return [results[place] for place in range(len(arguments))]


def finished_tasks(
    task: Callable[[Argument, Tell], Result],
    arguments: Sequence[Argument],
    processes: int,
    told: Tell,
    killed: str,
    start: Start,
) -> Generator[tuple[int, Result]]:
    """(its place, task(argument, tell)) of each argument, as soon as it is finished.

    Whatever ends this early, an error of a task, a key press or closing the generator, ends all
    tasks by SIGTERM; where this process is killed, spawned ones end at once and forked ones when
    they next tell something. Raises InputError, which says `killed`, if one of them was killed.
    """
    context = multiprocessing.get_context(start)
    # Made before signals are held: the helper process that it starts lets them through again.
    queue = context.SimpleQueue()
    before = {process.pid for process in multiprocessing.active_children()}

    def pass_on() -> None:
        while not queue.empty():
            told(queue.get())

    begin = (queue, os.getpid(), start)
    with ProcessPoolExecutor(min(processes, len(arguments)), context, _begin, begin) as pool:
        try:
            with _key_presses_held():
                waiting: dict[Future[Result], int] = {
                    pool.submit(_run, task, argument): place
                    for place, argument in enumerate(arguments)
                }
            while waiting:
                done, _ = wait(waiting, LOOK_EVERY_S, FIRST_COMPLETED)
                pass_on()
                for future in done:
                    yield waiting.pop(future), future.result()
        except BaseException as error:
            for process in multiprocessing.active_children():
                if process.pid not in before:
                    process.terminate()
            pool.shutdown(cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                raise InputError(killed) from None
            raise
        pass_on()


@contextmanager
def _key_presses_held() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait, and processes that are spawned meanwhile never get Ctrl-C.

    A terminal sends it to all of them, and one that is still importing would answer with a
    traceback; one that is forked would take SIGTERM as its parent does, before it can `_begin`.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_inherited: dict[str, Any] = {}


def _begin(queue: Any, parent: int, start: Start) -> None:
    """In each process: Ctrl-C, which a terminal sends to all, is the parent's to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever the parent does then: it is how the parent ends this process, at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    _inherited.update(queue=queue, parent=parent)
    if start == "spawn":
        # Of forked processes each holds the others' ends of the pipes by which this is seen.
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait_for([parent.sentinel])
    os._exit(INTERRUPTED)


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
