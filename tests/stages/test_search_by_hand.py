"""search by hand: beside another one, and for a time."""

import subprocess
import sys

import pytest
from optuna.trial import TrialState

from tests.stages.test_search import PROGRAM, prepared, start, studies


@pytest.fixture
def tuned(tmp_path):
    """Prepared, `tuned` switched on, no trial yet."""
    return prepared(tmp_path / "tuned", "images")


def test_a_second_search_by_hand_joins_behind_the_trials_of_the_pipeline(tuned):
    assert tuned.run("search", "--depth", "1", "--trials", "1") == 0
    process = start(tuned, "-c", PROGRAM, "1", "search", "--depth", "1", "--trials", "1")
    command = [sys.executable, "-m", "depthgauge", "search", "--depth", "1", "--trials", "2"]

    def second():
        return subprocess.run(
            command, cwd=tuned.folder, capture_output=True, text=True, timeout=60, check=False
        )

    try:
        assert process.stdout.readline() == "in hand\n"
        refused = second()
        assert refused.returncode == 2
        assert refused.stderr.endswith(
            "whose first 4 trials, those of the pipeline, come one after the other; wait for them, "
            "or name another --storage\n"
        )
        tuned.set("search.trials", 1)
        joined = second()
        assert joined.returncode == 0
        assert "is going on: which trials come depends on both" in joined.stderr
        states = [t.state for t in studies(tuned)[0].trials]
        assert states[:2] == [TrialState.COMPLETE, TrialState.RUNNING]
        assert TrialState.RUNNING not in states[2:]
        assert len(states) == 4
    finally:
        process.kill()
        process.communicate()


def test_a_timeout_begins_no_further_trial(tuned, capsys):
    tuned.tune(studies=1, pruner="none")
    assert tuned.run("search", "--depth", "1", "--timeout", "1e-9") == 0
    assert len(studies(tuned)[0].trials) == 1
    assert "search depth 1: 1 trials (0 were there already) in " in capsys.readouterr().err
    assert tuned.run("search", "--depth", "1", "--timeout", "1e9", "--trials", "2") == 0
    assert len(studies(tuned)[0].trials) == 3


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_timeout_that_cannot_be(tuned, refused, seconds):
    told = refused(tuned, "search", "--depth", "1", "--timeout", seconds)
    assert told == f"--timeout {float(seconds):g}: must be a number of seconds above 0"
