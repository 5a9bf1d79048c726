"""What check lets through, every stage must be able to do."""

import re
import shutil
import subprocess
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depthgauge.artifacts.raw import prepare_data
from depthgauge.progress import duration
from depthgauge.workflow import estimate
from tests.experiment import add_writers, new_experiment, snapshot


def test_writes_nothing(experiment, capsys, kind):
    before = snapshot(experiment.folder)
    assert experiment.stage("check") == 0
    assert snapshot(experiment.folder) == before
    out, err = capsys.readouterr()
    examples = {
        "images": "60 examples, 4 inputs, 3",
        "series": "60 examples, 4 inputs, 1",
        "table": "60 examples, 6 inputs, 1",
    }[kind]
    assert f"check: small: settings and data are good: {examples} output" in out
    assert "3 points of depth, 3 replicates: 9 training runs\n" in out
    assert err == ""


def test_how_many_examples_unseen_groups_leave(tmp_path, capsys):
    experiment = add_writers(new_experiment(tmp_path / "experiment", "images"), 12)
    assert experiment.stage("check") == 0
    said = capsys.readouterr().err
    assert "check: recipes: grouped: 30 / 10 / 16 examples for train / validation / test\n" in said
    assert "few examples" not in said
    few = add_writers(new_experiment(tmp_path / "few", "images"), 3)
    few.set("data.split", {"train": 10, "validation": 5, "test": 45, "by": "rows"})
    assert few.stage("check") == 0
    said = capsys.readouterr().err
    assert "few examples (train 10 of 10, validation 2 of 5, test 20 of 45)" in said


def test_what_more_replicates_would_resolve(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "experiment", "images")
    experiment.repro("prepare", "recipe", "train", "baselines", "evaluate")
    capsys.readouterr()
    experiment.set("replicates", 12)
    assert experiment.stage("check") == 0
    said = capsys.readouterr().err
    assert "check: going by the last run, of 3 replicates, 12 resolve a rise at depth " in said
    assert " % on this data" in said
    experiment.set("axis", "epochs").set("points", [1, 2])
    assert experiment.stage("check") == 0
    assert "going by" not in capsys.readouterr().err


def test_a_copy_without_git_needs_one_for_dvc(tmp_path, capsys, monkeypatch):
    root = tmp_path / "depthgauge main"
    experiment = new_experiment(root / "experiments/one", "images")
    monkeypatch.chdir(root)
    # Without .dvc nobody means to run DVC.
    assert experiment.stage("check") == 0
    assert capsys.readouterr().err == ""
    for folder in (root, experiment.folder):
        (folder / ".dvc").mkdir()
    assert experiment.stage("check") == 2
    said = capsys.readouterr().err
    assert "lies in no git repository, and DVC needs one: `git init .`, or `" in said
    assert said.count("\n") == 1
    monkeypatch.chdir(tmp_path)
    assert experiment.stage("check") == 2
    assert "`git init 'depthgauge main'`" in capsys.readouterr().err
    (root / ".git").mkdir()
    assert experiment.stage("check") == 2
    capsys.readouterr()
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert experiment.stage("check") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["config", "config.local"])
def test_dvc_is_told_to_do_without_git(tmp_path, capsys, name):
    experiment = new_experiment(tmp_path, "images")
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / name).write_text("[core]\n    no_scm = true\n['remote \"x\"']\n")
    assert experiment.stage("check") == 0
    assert capsys.readouterr().err == ""
    (tmp_path / ".dvc" / name).write_text("not a setting\n")
    assert experiment.stage("check") == 2


def test_check_and_dvc_agree_on_git(tmp_path):
    """What `check` is content with, DVC runs, and what it refuses DVC refuses."""
    from dvc.exceptions import DvcException
    from dvc.repo import Repo
    from scmrepo.exceptions import SCMError

    from depthgauge.workflow.scm import lacks_scm

    def dvc_runs():
        try:
            Repo(tmp_path).close()
        except (DvcException, SCMError):
            return False
        return True

    (tmp_path / ".dvc").mkdir()
    seen = []
    for change in (
        lambda: None,
        lambda: (tmp_path / ".git").mkdir(),
        lambda: (tmp_path / ".dvc/config").write_text("[core]\n    no_scm = True\n"),
        lambda: (tmp_path / ".dvc/config").write_text("[core]\n    no_scm = False\n"),
        lambda: subprocess.run(["git", "init", "--quiet", tmp_path], check=True),
    ):
        change()
        seen.append(dvc_runs())
        assert (lacks_scm(tmp_path) is None) == seen[-1]
    assert seen == [False, False, True, False, True]


def test_the_time_to_expect_is_told(tmp_path, capsys):
    experiment = new_experiment(tmp_path / "experiment", "images").tune()
    assert experiment.stage("check") == 0
    out = capsys.readouterr().out
    assert re.search(r"check: from nothing the pipeline takes about \d+ (s|minutes) on this", out)
    experiment.set("replicates", [3, 6])
    experiment.set("search.replicates", 1)
    assert experiment.stage("check") == 0
    assert "takes at most about " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "10 s"), (44, "40 s"), (100, "2 minutes"), (5300, "88 minutes"), (9000, "2.5 hours")],
)
def test_a_rough_time_in_words(seconds, words):
    assert duration(seconds) == words


def test_the_estimate_counts_what_is_trained(tmp_path, monkeypatch):
    """With a second for a step and none for measuring, the sum is that of steps by hand."""
    experiment = new_experiment(tmp_path / "experiment", "images").set("points", [0, 1, 2])
    monkeypatch.setattr(estimate, "_time", lambda job, replicates: (1.0, 0.0))
    monkeypatch.setattr(estimate, "cores", lambda: 2)
    monkeypatch.setattr(estimate, "_trees_s", lambda dataset: 0.0)
    known = experiment.settings
    dataset = prepare_data(experiment.folder, known).dataset

    def seconds(*recipes):
        found = experiment.settings.model_copy(update={"recipes": list(recipes)})
        stages = 2 * 3 * len(recipes) * estimate.STAGE_S + estimate.REST_S
        runs = 3 * 3 * len(recipes) * estimate.RUN_S
        return estimate.estimate_seconds(dict.fromkeys(recipes, dataset), found) - stages - runs

    steps = -(-30 // known.recipe.batch_size) * known.recipe.epochs
    # Three points, whose three replicates are one group each.
    assert seconds("fixed") == pytest.approx(3 * steps)
    assert seconds("fixed", "grouped") == pytest.approx(6 * steps)
    trials = known.search.trials * known.search.studies * estimate.TRIAL_SHARE
    searched = 3 * steps * trials / min(2, known.search.studies)
    assert seconds("fixed", "tuned") == pytest.approx(6 * steps + searched)


@pytest.mark.slow
def test_the_estimate_is_right_to_a_factor_of_two(tmp_path):
    """Of training alone, long enough to be told from the starting of stages."""
    experiment = new_experiment(tmp_path / "experiment", "images")
    experiment.set("points", [1, 3, 5]).set("recipe.network.width", 128).set("replicates", 16)
    experiment.set("recipe.epochs", 2000)
    experiment.repro("prepare", "recipe")
    settings = experiment.settings
    dataset = prepare_data(experiment.folder, settings).dataset
    rest = 6 * estimate.STAGE_S + estimate.REST_S + 48 * estimate.RUN_S
    told = estimate.estimate_seconds({"fixed": dataset}, settings) - rest
    told -= estimate._trees_s(dataset)
    began = time.perf_counter()
    experiment.repro("train")
    taken = time.perf_counter() - began
    assert taken / 2 < told < 2 * taken


def optimizers(names, **own):
    return st.fixed_dictionaries(
        {
            "name": st.sampled_from(names),
            "learning_rate": st.sampled_from([1e-300, 0.01, 10, 1e30, 1e308]),
            "weight_decay": st.sampled_from([0, 0.1, 1e300]),
            **own,
        }
    )


def common():
    return {
        "seed": st.sampled_from([0, 2**63 - 1]),
        "replicates": st.integers(1, 3),
        "points": st.sampled_from([[0], [1], [0, 3], [64]]),
        "recipe.network.width": st.integers(1, 6),
        "recipe.network.activation": st.sampled_from(["relu", "tanh", "sigmoid"]),
        "recipe.network.initialisation": st.sampled_from(["kaiming_uniform", "kaiming_normal"]),
        "recipe.optimizer": optimizers(["adam", "adamw"])
        | optimizers(["sgd"], momentum=st.sampled_from([0, 0.99])),
        "recipe.batch_size": st.sampled_from([1, 7, 10**12]),
        "recipe.epochs": st.integers(1, 3),
        "training.device": st.sampled_from(["cpu", "auto"]),
        "threshold.margin": st.sampled_from([0, 0.01, 0.99]),
        "threshold.alpha": st.sampled_from([1e-9, 0.05, 0.999]),
        "threshold.diverged_share": st.sampled_from([0, 0.5, 0.99]),
        "threshold.falling_over": st.sampled_from([1e-9, 0.5, 0.999]),
        "threshold.memorised": st.sampled_from([0, 0.5]),
        "threshold.block": st.sampled_from([1, 5, 10**12]),
    }


IMAGES = {
    "data.scaling": st.sampled_from(["all", "each"]),
    "data.split.train": st.sampled_from([1, 3, 20, 30, 31]),
    "data.split.validation": st.sampled_from([1, 12]),
    "data.split.test": st.sampled_from([1, 18]),
}
SERIES = {
    "recipe.loss": st.sampled_from(["mae", "mse"]),
    "data.window": st.sampled_from([1, 4, 7, 19, 30, 43]),
    "data.gaps": st.sampled_from(["exclude", "interpolate", "ignore"]),
    "data.transform": st.sampled_from(["log", "none"]),
    "data.split.validation_days": st.sampled_from([1, 2, 12, 45]),
    "data.split.test_days": st.sampled_from([1, 14, 49]),
}
TABLE = {
    "recipe.loss": st.sampled_from(["mae", "mse", "huber"]),
    "data.numbers": st.sampled_from([["area"], ["age", "area"], []]),
    "data.missing": st.sampled_from(["mean", "refuse"]),
    "data.reference": st.sampled_from([None, "area"]),
    "data.split.by": st.sampled_from(["rows", "time", "group"]),
    "data.split.column": st.sampled_from([None, "area", "town"]),
    "data.split.train": st.sampled_from([1, 3, 20, 30, 31]),
    "data.split.validation": st.sampled_from([1, 12]),
    "data.split.test": st.sampled_from([1, 18]),
}
CHANGES = {"images": IMAGES, "series": SERIES, "table": TABLE}

HUGE, TINY = 3e38, 1e-38


def one_value(text, value):
    """The last number of the table, in a column of inputs."""
    lines = text.splitlines()
    cells = lines[-1].split(",")
    cells[1] = str(value)
    return "\n".join([*lines[:-1], ",".join(cells)]) + "\n"


def settled(text):
    """A series that soon stops moving: constant targets, inputs that are not."""
    lines = text.splitlines()
    return "\n".join([*lines[:3], *(line.split(",")[0] + ",9" for line in lines[3:])]) + "\n"


TABLES = {
    "table": [lambda t: t, lambda t: t.replace(",x,", ",,")],
    "images": [lambda t: t, lambda t: one_value(t, HUGE), lambda t: one_value(t, TINY)],
    "series": [lambda t: t, lambda t: one_value(t, HUGE), lambda t: one_value(t, TINY), settled],
}


@pytest.mark.parametrize("examples", [1, pytest.param(20, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["images", "series", "table"])
def test_what_check_passes_runs_through(tmp_path, kind, examples):
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def run(data):
        shutil.rmtree(tmp_path / "any", ignore_errors=True)
        experiment = new_experiment(tmp_path / "any", kind)
        experiment.edit_raw(data.draw(st.sampled_from(TABLES[kind])))
        possible = {**common(), **CHANGES[kind]}
        for key in data.draw(st.lists(st.sampled_from(sorted(possible)), unique=True, max_size=8)):
            experiment.set(key, data.draw(possible[key]))
        if experiment.stage("check") == 0:
            experiment.repro()

    run()
