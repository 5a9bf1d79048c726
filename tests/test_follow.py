"""A stage ends with its DVC, however many shells are between, and with nobody else."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from depthgauge.follow import STAGE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
# What DVC's process is here: it starts a stage as DVC does, and ends when it is killed.
DVC = """
import os, subprocess, sys, time
subprocess.Popen(sys.argv[1:], env=os.environ | {set_stage}).wait()
"""
WORK = """
import sys, time
from depthgauge import cli, __main__
def main():
    print("at work", flush=True)
    time.sleep(60)
    return 0
cli.main = main
sys.exit(__main__.start())
"""
SHELLS = {
    "none": [sys.executable, "-c", WORK],
    # The second command keeps a shell from stepping aside for its only one.
    "two": ["sh", "-c", "sh -c '$PYTHON -c \"$WORK\"; true'; true"],
}


def begin(shells, environment):
    process = subprocess.Popen(
        [sys.executable, "-c", DVC.format(set_stage=environment), *SHELLS[shells]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={k: v for k, v in os.environ.items() if k != STAGE}
        | {"PYTHON": sys.executable, "WORK": WORK},
    )
    assert process.stdout.readline() == "at work\n"
    stage = psutil.Process(process.pid).children(recursive=True)[-1]
    process.kill()
    process.wait()
    return process, stage


@pytest.mark.parametrize("shells", SHELLS)
def test_it_ends_with_it_in_one_line(shells):
    process, stage = begin(shells, {STAGE: "train@fixed-0"})
    with process:
        stage.wait(timeout=30)
        assert process.stderr.read() == (
            "depthgauge: interrupted; the next run goes on from here\n"
        )


def test_a_command_by_hand_goes_on():
    process, stage = begin("none", {})
    with process:
        time.sleep(0.5)
        assert stage.is_running()
        stage.terminate()
