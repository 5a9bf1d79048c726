"""Several studies of a point: side by side, ended together, and who trains what they found."""

import json
import signal
import time

import numpy as np
import optuna
import pytest
import torch
from optuna.trial import TrialState
from sqlalchemy.exc import OperationalError

from depthgauge.artifacts.inputs import point_data
from depthgauge.artifacts.recipes import read_recipes, recipe_path
from depthgauge.artifacts.runs import read_curves, read_weights
from depthgauge.processes import cores
from depthgauge.search import tune
from depthgauge.training.engine import Job, train_group
from tests.stages.test_search import (
    PROGRAM,
    found,
    journal,
    long_search,
    prepared,
    rows,
    start,
    studies,
)

# The other goes the same way.
SIGNALS = [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]

CPU = torch.device("cpu")
SEARCH = ("search", "--depth", "1")
# A trial in hand that ends by itself soon.
SHORT = PROGRAM.replace("sleep(60)", "sleep(2)")


@pytest.fixture
def tuned(tmp_path):
    """Prepared, `tuned` switched on, no trial yet."""
    return prepared(tmp_path / "tuned", "images")


def several(experiment, studies=3, **search):
    """So many studies a point, each with replicates of its own."""
    experiment.set("replicates", 2 * studies).tune(studies=studies, **search)
    experiment.repro("prepare")
    return experiment


def test_studies_side_by_side_give_the_same_bytes(tuned, monkeypatch, capsys):
    several(tuned)
    found_by = []
    for count in (1, 2):
        monkeypatch.setattr(tune, "cores", lambda count=count: count)
        journal(tuned).unlink(missing_ok=True)
        assert tuned.stage("search", 1) == 0
        found_by.append(found(tuned))
    assert found_by[0] == found_by[1]
    assert "search depth 1: 3 x 4 trials (0 were there already) in " in capsys.readouterr().err
    recipes = read_recipes(tuned.folder / recipe_path("tuned", 1))
    assert len(recipes) == len(set(recipes)) == 3
    for number in range(3):
        own = tuned.folder / f"results/recipes/tuned-1/study-{number}"
        study = json.loads((own / "study.json").read_text())
        assert study["plan"]["replicates"] == [number, number + 3]
        first = rows(own / "trials.csv")[0]
        assert (float(first["learning_rate"]), first["width"]) == (0.01, "4")


@pytest.mark.parametrize("number", SIGNALS)
def test_interrupted_studies_go_on_to_the_same_trials(tuned, number):
    several(tuned, trials=3)
    process = long_search(tuned)
    time.sleep(1)
    process.send_signal(number)
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + number, err
    assert err == "depthgauge: interrupted; the next run goes on from here\n"
    states = [trial.state for study in studies(tuned) for trial in study.trials]
    assert set(states) == {TrialState.FAIL}
    assert len(states) == min(2, cores())


def undisturbed(experiment, folder):
    """What three studies of a point find that nobody ends, in a storage of their own."""
    several(experiment, trials=4)
    out, storage = str(folder / "whole"), str(folder / "other.log")
    assert experiment.run(*SEARCH, "--out", out, "--storage", storage) == 0
    return found(experiment, folder / "whole")


def test_studies_whose_parent_was_killed_end_and_resume_to_the_same_bytes(tuned, tmp_path):
    """Nobody ends them: each ends itself after the trial in hand."""
    whole = undisturbed(tuned, tmp_path)
    process = start(tuned, "-c", SHORT, "2", *SEARCH)
    assert process.stdout.readline() == "in hand\n"
    process.kill()
    # The pipe is closed when the last of them has ended.
    process.communicate(timeout=60)
    told = [trial.state for study in studies(tuned) for trial in study.trials]
    assert 2 <= len(told) < 3 * 4
    rest = tmp_path / "rest"
    assert tuned.run(*SEARCH, "--out", str(rest)) == 0
    assert found(tuned, rest) == whole


@pytest.mark.parametrize("number", SIGNALS)
def test_interrupted_studies_resume_to_the_same_bytes(tuned, tmp_path, number):
    whole = undisturbed(tuned, tmp_path)
    process = start(tuned, "-c", SHORT, "3", *SEARCH)
    assert process.stdout.readline() == "in hand\n"
    process.send_signal(number)
    assert "interrupted; the next run goes on from here" in process.communicate(timeout=60)[1]
    failed = [
        trial
        for study in studies(tuned)
        for trial in study.trials
        if trial.user_attrs.get("why failed")
    ]
    assert failed
    rest = tmp_path / "rest"
    assert tuned.run(*SEARCH, "--out", str(rest)) == 0
    assert found(tuned, rest) == whole


def test_replicates_train_what_their_study_found(tuned, refused):
    several(tuned).repro("recipe", "search", "train")
    for point in (0, 1):
        assert tuned.run("train", "--depth", str(point), "--recipe", "tuned") == 0
    folder = tuned.folder / "results/train/tuned-1"
    for number, recipe in enumerate(read_recipes(tuned.folder / recipe_path("tuned", 1))):
        weights = read_weights(folder, "validation", number)
        assert weights["0.weight"].shape == (2, recipe.network.width, 4)
        # The same as a training of that recipe by itself.
        data = point_data(tuned.folder, tuned.settings, "tuned", 1)[0]
        job = Job(data, recipe, tuned.settings.seed, CPU)
        alone = train_group(job, [number, number + 3], lambda *_: None)
        np.testing.assert_array_equal(alone.weights["validation"]["0.weight"], weights["0.weight"])
        curves = read_curves(folder)["test_loss"][[number, number + 3]]
        np.testing.assert_allclose(alone.curves["test_loss"], curves, rtol=1e-8)
    tuned.repro("baselines", "evaluate", "report")
    told = (tuned.folder / "results/answer.txt").read_text()
    assert "Each depth was searched 3 times by itself" in told
    assert "over searches alone" in told or "resamples of the searches" in told
    tuned.set("search.studies", 2)
    message = refused(tuned, "evaluate")
    assert message.startswith("results/recipes/tuned-0/recipe.json: studies: made with 3, now 2")


def test_what_a_search_must_hold(tuned, refused):
    tuned.set("recipe.network.width", 9)
    assert refused(tuned, "check") == (
        "params.yaml: search.space.width: must hold 9, that of recipe.network.width, which is the "
        "first trial of each study"
    )
    tuned.set("recipe.network.width", 4).tune(studies=2)
    assert refused(tuned, "check") == (
        "params.yaml: search.replicates: 2 must be at most 1, the share of each of 2 studies in 3 "
        "replicates"
    )


def test_a_storage_that_is_lost_in_mid_search(tuned, capsys, monkeypatch):
    """The server goes away while a trial is told; what was finished is there afterwards."""
    told, tell = [], optuna.Study.tell

    def lost(study, *arguments, **named):
        if len(told) == 2:
            raise OperationalError("UPDATE", {}, Exception("server closed the connection"))
        told.append(arguments)
        return tell(study, *arguments, **named)

    tuned.repro("prepare")
    with monkeypatch.context() as patch:
        patch.setattr(optuna.Study, "tell", lost)
        assert tuned.stage("search", 1) == 2
    message = capsys.readouterr().err.strip().splitlines()[-1]
    assert "was lost in mid-search: " in message
    assert "finished trials are kept: mend it and run the same command again" in message
    assert tuned.stage("search", 1) == 0
    table = (tuned.folder / "results/recipes/tuned-1/study-0/trials.csv").read_text().splitlines()
    assert len(table) == 1 + tuned.settings.search.trials
