"""search by hand: beside another one, for a time, and with trials of one's own."""

import re
import subprocess
import sys

import optuna
import pytest
from optuna.trial import TrialState

from tests.experiment import snapshot
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


OWN = ("--enqueue", "learning_rate=0.05", "width=3")
FIRST = {"learning_rate": 0.01, "batch_size": 8, "width": 4}


def test_a_trial_of_ones_own_comes_after_the_recipe_itself(tuned, tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/optuna.db"
    command = ("search", "--depth", "1", "--storage", url, *OWN)
    assert tuned.run(*command, "--enqueue", "width=2") == 0
    told = capsys.readouterr().err
    assert "search: first comes the recipe itself in each study, then what is enqueued" in told
    assert ": trial 1 with learning_rate 0.05, batch_size " in told
    # As Optuna's people open it.
    (name,) = optuna.get_all_study_names(url)
    assert re.fullmatch(r"small depth 1 study 0 [0-9a-f]{8}", name)
    study = optuna.load_study(study_name=name, storage=url)
    assert study.direction is optuna.study.StudyDirection.MINIMIZE
    assert study.metric_names == ["mean validation_loss"]
    assert study.user_attrs["depth"] == 1
    first, second, third = study.trials
    assert first.params == FIRST
    assert (second.params["learning_rate"], second.params["width"]) == (0.05, 3)
    assert second.user_attrs["enqueued"] == {"learning_rate": 0.05, "width": 3}
    assert third.params["width"] == 2
    # Once more: it is there.
    assert tuned.run(*command) == 0
    assert len(study.trials) == 3
    # One that is enqueued by Optuna itself is run, and one that cannot be is not.
    study.enqueue_trial({"width": 99})
    study.enqueue_trial({"width": 6})
    assert tuned.run("search", "--depth", "1", "--storage", url, "--trials", "1") == 0
    assert study.trials[3].state is TrialState.FAIL
    assert study.trials[4].params["width"] == 6
    assert not (tuned.folder / "results").exists()


def test_it_comes_after_the_trials_of_the_pipeline_which_stay_what_they_are(tuned, tmp_path):
    assert tuned.stage("search", 1) == 0
    expected = snapshot(tuned.folder / "results")
    (tuned.folder / ".depthgauge/optuna.log").unlink()
    assert tuned.run("search", "--depth", "1", *OWN) == 0
    trials = studies(tuned)[0].trials
    assert len(trials) == 5
    assert trials[4].params["width"] == 3
    assert snapshot(tuned.folder / "results") == expected
    assert tuned.stage("search", 1) == 0
    assert snapshot(tuned.folder / "results") == expected
    # With N of its own: the enqueued and one that is drawn.
    assert tuned.run("search", "--depth", "1", "--enqueue", "width=5", "--trials", "2") == 0
    assert [t.params["width"] for t in studies(tuned)[0].trials][5] == 5
    assert len(studies(tuned)[0].trials) == 7


def test_what_is_enqueued_in_several_searches_at_once_is_run_once(tuned, tmp_path):
    url = f"sqlite:///{tmp_path}/optuna.db"
    own = [word for width in (2, 3, 5, 6) for word in ("--enqueue", f"width={width}")]
    command = ("-m", "depthgauge", "search", "--depth", "1", "--storage", url, *own)
    for process in [start(tuned, *command) for _ in range(3)]:
        error = process.communicate(timeout=120)[1]
        assert process.returncode == 0, error
    (study,) = studies(tuned, url)
    enqueued = [
        t.user_attrs["enqueued"]["width"] for t in study.trials if "enqueued" in t.user_attrs
    ]
    assert sorted(enqueued) == [2, 3, 5, 6]
    assert study.trials[0].params == FIRST
    assert all(t.state.is_finished() for t in study.trials)


def test_what_cannot_be_enqueued(tuned, refused):
    def message(*arguments):
        return refused(tuned, "search", "--depth", "1", *arguments)

    assert message("--enqueue", "widht=3").endswith("did you mean width?")
    assert message("--enqueue", "width=7") == (
        "--enqueue width=7: must be a whole number from 2 to 6"
    )
    assert message("--enqueue", "width=3", "--enqueue", "width=4", "--trials", "1") == (
        "--trials 1: must be 2 or more, as many as are enqueued"
    )
    assert "leave --trials, --timeout, --enqueue, " in message("--recipe", "fixed", *OWN)
    assert not (tuned.folder / ".depthgauge/optuna.log").exists()
