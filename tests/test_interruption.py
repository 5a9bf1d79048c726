"""A signal ends a command in one line at whatever moment it comes, and no other process's way."""

import signal
import subprocess
import sys
import time

import pytest

from depthgauge.interruption import LINE
from tests.experiment import command, new_experiment

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
# The command itself, with a stage of which something becomes while a signal comes.
PROGRAM = """
import os, signal, sys, time, weakref
from depthgauge import __main__, cli
from depthgauge.progress import Progress

class Thing: pass

def send(number=signal.{number}):
    os.kill(os.getpid(), number)

def prepare(folder, settings):
    {body}

import depthgauge.stages.prepare as stage
stage.prepare = prepare
sys.argv[1:] = ["-C", {folder!r}, "prepare"]
sys.exit(__main__.start())
"""
BODIES = {
    # An import that was interrupted within C, or under somebody's `except:`.
    "garbled": """
    try: send()
    except BaseException: raise ImportError("numpy: C-extensions failed")
""",
    "swallowed": """
    try: send()
    except BaseException: pass
    with Progress("work", 9, "units") as progress:
        progress.advance(1)
        print("went on")
""",
    "swallowed at the very end": """
    try: send()
    except BaseException: pass
""",
    "in a callback": """
    thing = Thing()
    watch = weakref.ref(thing, lambda _: send())
    del thing
    time.sleep(30)
""",
    "twice": """
    try: send()
    finally:
        send(signal.SIGINT); send(signal.SIGTERM); time.sleep(0.1)
        print("cleaned up", flush=True)
""",
    "in an import that an exception aborts": """
    from depthgauge.interruption import importing
    try:
        with importing(): send()
    except BaseException:
        os.abort()
""",
    "after an import": """
    from depthgauge.interruption import importing
    with importing(): pass
    send(); time.sleep(30)
""",
    "behind it": """
    import atexit
    atexit.register(send)
""",
}


def run(experiment, number, body):
    program = PROGRAM.format(number=number.name, body=body.strip(), folder=str(experiment.folder))
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def experiment(tmp_path):
    return new_experiment(tmp_path, "images")


@SIGNALS
@pytest.mark.parametrize("body", BODIES)
def test_whatever_becomes_of_it_is_one_line(experiment, number, body):
    done = run(experiment, number, BODIES[body])
    assert (done.returncode, done.stderr) == (128 + number, f"{LINE}\n")
    assert done.stdout == ("cleaned up\n" if body == "twice" else "")


def test_what_is_ignored_stays_ignored(experiment):
    """As of what a shell starts in the background."""
    body = "print('went on')"
    program = PROGRAM.format(number="SIGINT", body=f"send(); {body}", folder=str(experiment.folder))
    done = subprocess.run(
        [sys.executable, "-c", f"import signal; signal.signal(2, signal.SIG_IGN)\n{program}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")


@SIGNALS
def test_at_any_moment_of_a_start(experiment, number):
    """Once our first line has run; what the interpreter does before that is its own."""
    experiment.repro("prepare", "recipe")
    program = "import sys; from depthgauge import __main__; print(flush=True)\nsys.exit({})"
    arguments = ["-c", program.format("__main__.start()")]
    arguments += ["-C", str(experiment.folder), *command("train", 1)]
    for delay in (0.02, 0.15, 0.4, 0.8):
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "\n"
        time.sleep(delay)
        process.send_signal(number)
        error = process.communicate(timeout=60)[1]
        # With all done and the interpreter on its way out it dies of the signal, or has ended.
        if process.returncode in (0, -number):
            assert "replicates in" in error
            continue
        assert process.returncode == 128 + number, (delay, error)
        assert error == f"{LINE}\n"
