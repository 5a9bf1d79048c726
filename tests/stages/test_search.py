"""search, as the pipeline and as a person runs it; what follows from the recipe it finds."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time

import optuna
import pytest
from optuna.trial import TrialState

from depthgauge.artifacts.recipes import read_recipes, recipe_path
from depthgauge.search.storage import open_storage
from tests.experiment import Experiment, new_experiment, snapshot

# Epochs that no test waits for: a trial is in hand for as long as one looks at it.
LONG = 500_000


@pytest.fixture
def tuned(tmp_path, kind):
    """Prepared, `tuned` switched on, no trial yet."""
    return prepared(tmp_path / "tuned", kind)


def prepared(folder, kind):
    experiment = new_experiment(folder, kind).set("points", [0, 1]).tune()
    experiment.repro("prepare")
    return experiment


def journal(experiment):
    return experiment.folder / ".depthgauge/optuna.log"


def studies(experiment, url=None):
    storage = open_storage(url or str(journal(experiment)))
    names = optuna.get_all_study_names(storage)
    return [optuna.load_study(study_name=name, storage=storage) for name in sorted(names)]


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


FILES = (
    "recipe.json",
    *(f"study-0/{name}.csv" for name in ("curves", "importances", "trials")),
    "study-0/study.json",
)


def found(experiment, folder=None):
    """What searches wrote: the digest of every file, by its name below a folder of recipes."""
    return snapshot(folder or experiment.folder / "results/recipes")


@pytest.mark.parametrize("kind", ["images", "series"])
def test_files(tuned, kind, capsys):
    tuned.repro("search")
    err = capsys.readouterr().err
    assert "search depth 1: 1 x 4 trials (0 were there already) in " in err
    assert ": least mean validation_loss " in err
    assert set(found(tuned)) == {f"tuned-{point}/{name}" for point in (0, 1) for name in FILES}
    for point in (0, 1):
        folder = tuned.folder / f"results/recipes/tuned-{point}"
        own = folder / "study-0"
        trials, curves = rows(own / "trials.csv"), rows(own / "curves.csv")
        assert [row["trial"] for row in trials] == ["0", "1", "2", "3"]
        assert ("width" in trials[0]) is (point > 0)
        complete = [float(row["value"]) for row in trials if row["state"] == "complete"]
        best = [float(row["best_so_far"]) for row in trials]
        assert best == sorted(best, reverse=True)
        assert best[-1] == min(complete)
        ends = {row["trial"]: row["value"] for row in curves}
        for row in trials:
            if row["state"] == "complete":
                assert ends[row["trial"]] == row["value"]
        study = json.loads((own / "study.json").read_text())
        (recipe,) = read_recipes(folder / "recipe.json")
        winner = trials[study["best_trial"]]
        assert float(winner["learning_rate"]) == pytest.approx(
            recipe.optimizer.learning_rate, rel=1e-8
        )
        assert winner["batch_size"] == str(recipe.batch_size)
        if point:
            assert winner["width"] == str(recipe.network.width)
        assert study["budget"]["trials"] == 4
        assert study["budget"]["replicates"] == 2
        assert sum(study["states"].values()) == 4
        assert study["best_value"] == pytest.approx(min(complete), rel=1e-8)
        assert [s.study_name for s in studies(tuned)][point] == study["name"]


@pytest.mark.parametrize("kind", ["images"])
def test_same_bytes_from_nothing_from_more_and_from_a_database(tuned, kind, tmp_path):
    assert tuned.stage("search", 1) == 0
    expected = found(tuned)
    # Nothing to do, and a storage gone.
    assert tuned.stage("search", 1) == 0
    assert found(tuned) == expected
    journal(tuned).unlink()
    # A storage that holds more.
    assert tuned.run("search", "--depth", "1", "--trials", "7") == 0
    assert len(studies(tuned)[0].trials) == 7
    assert found(tuned) == expected
    assert tuned.stage("search", 1) == 0
    assert found(tuned) == expected
    # Another kind of storage.
    url = f"sqlite:///{tmp_path}/optuna.db"
    assert tuned.run("search", "--depth", "1", "--storage", url, "--out", f"{tmp_path}/out") == 0
    assert found(tuned, tmp_path / "out") == expected
    assert len(studies(tuned, url)[0].trials) == 4


@pytest.mark.parametrize("kind", ["images"])
def test_by_hand_touches_no_output_of_the_pipeline(tuned, kind, tmp_path):
    results, out = tuned.folder / "results", tmp_path / "out"
    for arguments in (
        ("--trials", "2"),
        ("--out", str(out)),
        ("--storage", str(tmp_path / "other.log")),
    ):
        assert tuned.run("search", "--depth", "1", *arguments) == 0
        assert not results.exists()
    assert len(found(tuned, out)) == 5
    assert tuned.stage("search", 1) == 0
    expected = snapshot(results)
    assert tuned.run("search", "--depth", "1", "--trials", "2", "--out", str(out)) == 0
    assert snapshot(results) == expected
    # Two more than the pipeline's four.
    assert len(rows(out / "tuned-1/study-0/trials.csv")) == 6


@pytest.mark.parametrize("kind", ["images"])
def test_five_and_five_are_ten(tuned, kind, tmp_path):
    at_once, parts = tmp_path / "at_once", tmp_path / "parts"
    other = ("--storage", str(tmp_path / "other.log"))
    assert tuned.run("search", "--depth", "1", "--trials", "10", "--out", str(at_once), *other) == 0
    for _ in range(2):
        arguments = ("--trials", "5", "--out", str(parts))
        assert tuned.run("search", "--depth", "1", *arguments) == 0
    assert snapshot(parts) == snapshot(at_once)


PROGRAM = """
import sys, time
from depthgauge.search import run
original, calls = run.train_trial, []
def slow(*arguments):
    calls.append(1)
    *rest, report = arguments
    def told(epoch, value):
        answer = report(epoch, value)
        if len(calls) == int(sys.argv[1]):
            print("in hand", flush=True)
            time.sleep(60)
        return answer
    return original(*rest, told)
run.train_trial = slow
from depthgauge.cli import main
sys.exit(main(sys.argv[2:]))
"""


def start(experiment, *command):
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=experiment.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("kind", ["images"])
def test_goes_on_after_being_killed_in_a_trial(tuned, kind, tmp_path):
    whole, rest = tmp_path / "whole", tmp_path / "rest"
    arguments = ["search", "--depth", "1", "--trials", "8"]
    other = ("--storage", str(tmp_path / "other.log"))
    assert tuned.run(*arguments, "--out", str(whole), *other) == 0
    process = start(tuned, "-c", PROGRAM, "6", *arguments)
    try:
        assert process.stdout.readline() == "in hand\n"
    finally:
        process.kill()
        process.communicate()
    states = [trial.state for trial in studies(tuned)[0].trials]
    assert states.count(TrialState.RUNNING) == 1
    assert len(states) == 6
    # Five of the eight were finished.
    assert tuned.run(*arguments[:-1], "3", "--out", str(rest)) == 0
    assert snapshot(rest) == snapshot(whole)
    trials = studies(tuned)[0].trials
    assert [t.number for t in trials if t.state is TrialState.FAIL] == [5]
    assert trials[5].user_attrs["why failed"] == "interrupted"
    assert len(trials) == 9


def long_search(experiment):
    """A search in a trial that nobody waits for."""
    experiment.set("recipe.epochs", LONG)
    process = start(experiment, "-m", "depthgauge", "search", "--depth", "1")
    deadline, path = time.monotonic() + 60, journal(experiment)
    while not (path.exists() and b'"process"' in path.read_bytes()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process


# The other goes the same way.
SIGNALS = [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("kind", ["images"])
def test_interrupted(tuned, kind, number):
    process = long_search(tuned)
    time.sleep(0.3)
    process.send_signal(number)
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + number, err
    assert err == "depthgauge: interrupted; the next run goes on from here\n"
    assert [trial.state for trial in studies(tuned)[0].trials] == [TrialState.FAIL]
    assert not (tuned.folder / "results").exists()


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("kind", ["images"])
def test_an_impatient_second_signal_tears_nothing(tuned, kind, number):
    process = long_search(tuned)
    time.sleep(0.3)
    for _ in range(3):
        process.send_signal(number)
        time.sleep(0.002)
    err = process.communicate(timeout=30)[1]
    assert err == "depthgauge: interrupted; the next run goes on from here\n"
    assert [trial.state for trial in studies(tuned)[0].trials] == [TrialState.FAIL]


@pytest.mark.parametrize("kind", ["images"])
def test_a_second_search_at_the_same_time(tuned, kind):
    # It sleeps, and leaves the cores to the second one.
    process = start(tuned, "-c", PROGRAM, "1", "search", "--depth", "1")
    try:
        assert process.stdout.readline() == "in hand\n"
        command = [sys.executable, "-m", "depthgauge", "search", "--depth", "1"]
        second = subprocess.run(
            command, cwd=tuned.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert re.fullmatch(
            r"depthgauge: search: another search of 'small depth 1 study 0 \w{8}' is going on; "
            r"wait for it, or end it first\n",
            second.stderr,
        )
        assert [t.state for t in studies(tuned)[0].trials] == [TrialState.RUNNING]
    finally:
        process.kill()
        process.communicate()


def names(experiment):
    return [study.study_name for study in studies(experiment)]


@pytest.mark.parametrize("kind", ["images"])
def test_what_starts_a_new_study(tuned, kind):
    one = ("search", "--depth", "1", "--trials", "1")
    assert tuned.run(*one) == 0
    expected = 1
    for key, value in (
        ("search.trials", 9),
        ("tracking.curve_points", 3),
        ("threshold.margin", 0.1),
        ("search.studies", 1),
    ):
        tuned.set(key, value)
        assert tuned.run(*one) == 0
        assert len(names(tuned)) == expected, key
    for key, value in (
        ("recipe.epochs", 1),
        # The recipe's own values are the first trial.
        ("recipe.optimizer.learning_rate", 0.02),
        ("recipe.network.width", 5),
        ("search.objective", "train_loss"),
        ("search.replicates", 1),
        ("search.space.width.high", 5),
        ("recipe.network.activation", "tanh"),
        ("data.scaling", "each"),
    ):
        tuned.set(key, value)
        tuned.repro("prepare")
        assert tuned.run(*one) == 0
        expected += 1
        assert len(names(tuned)) == expected, key
    assert all(name.startswith("small depth 1 ") for name in names(tuned))


@pytest.mark.parametrize("kind", ["series"])
def test_all_diverge(tuned, kind, refused, capsys):
    tuned.set("recipe.loss", "mse").set("recipe.epochs", 8)
    tuned.set("search.space.learning_rate", {"low": 1e20, "high": 1e30})
    tuned.set("recipe.optimizer.learning_rate", 1e25)
    tuned.repro("prepare")
    capsys.readouterr()
    assert tuned.stage("search", 1) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert (
        "none of 4 trials of depth 1 ended well; in params.yaml, lower search.space.learning_rate"
        in err
    )
    assert {trial.state for trial in studies(tuned)[0].trials} == {TrialState.FAIL}
    assert not (tuned.folder / "results").exists()


@pytest.mark.parametrize("kind", ["images"])
def test_a_range_of_one_value_is_that_value_in_every_trial(tuned, kind):
    tuned.set("search.space.learning_rate", {"low": 0.01, "high": 0.01})
    tuned.set("search.trials", 6).set("search.pruner", "none")
    tuned.repro("prepare")
    assert tuned.stage("search", 1) == 0
    assert {t.params["learning_rate"] for t in studies(tuned)[0].trials} == {0.01}
    with open(tuned.folder / "results/recipes/tuned-1/study-0/importances.csv", newline="") as file:
        shares = {row["parameter"]: row["importance"] for row in csv.DictReader(file)}
    assert float(shares["learning_rate"]) == 0
    assert sum(map(float, shares.values())) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["images"])
def test_some_diverge(tuned, kind):
    tuned.set("recipe.optimizer.name", "sgd").set("recipe.epochs", 8)
    tuned.tune(sampler="random", trials=8, objective="train_loss")
    tuned.set("search.space.learning_rate", {"low": 1e-3, "high": 1e40})
    assert tuned.stage("search", 1) == 0
    trials = rows(tuned.folder / "results/recipes/tuned-1/study-0/trials.csv")
    states = [row["state"] for row in trials]
    assert {"complete", "diverged"} <= set(states)
    assert all(row["value"] == "" for row in trials if row["state"] != "complete")
    for trial in studies(tuned)[0].trials:
        assert trial.value is None or abs(trial.value) < float("inf")
    study = json.loads((tuned.folder / "results/recipes/tuned-1/study-0/study.json").read_text())
    assert states[study["best_trial"]] == "complete"
    assert study["states"]["diverged"] == states.count("diverged")


def test_both_recipes_are_trained_and_judged(tuned):
    tuned.repro("recipe", "search", "train")
    for point in (0, 1):
        assert tuned.run("train", "--depth", str(point), "--recipe", "tuned") == 0
        folder = tuned.folder / f"results/recipes/tuned-{point}"
        (found_recipe,) = read_recipes(folder / "recipe.json")
        recipe = found_recipe.flat()
        made_from = json.loads(
            (tuned.folder / f"results/train/tuned-{point}/provenance.json").read_text()
        )
        assert {key: made_from["settings"][key] for key in recipe} == recipe
    tuned.repro("baselines", "evaluate", "report")
    # A tuned recipe is judged at the stopping that its search was for.
    assert {name: set(entry) for name, entry in tuned.threshold().items()} == {
        "fixed": {"last", "validation"},
        "tuned": {"validation"},
    }
    views = {(row["recipe"], row["stopping"]) for row in rows(tuned.folder / "results/points.csv")}
    assert len(views) == 3


def with_value(content, key, value):
    section, _, name = key.rpartition(".")
    return content | ({section: content[section] | {name: value}} if section else {name: value})


@pytest.mark.parametrize("kind", ["images"])
def test_a_tuned_recipe_that_cannot_be_used(tuned, kind, refused):
    train = ("train", "--depth", "1", "--recipe", "tuned")
    path = tuned.folder / "results/recipes/tuned-1/recipe.json"
    assert "results/recipes/tuned-1/recipe.json: " in refused(tuned, *train)
    assert tuned.stage("search", 1) == 0
    (good,) = json.loads(path.read_text())
    for key, value in (
        ("network.width", 7),
        ("network.width", 1),
        ("network.width", 3.5),
        ("network.width", "4"),
        ("network.width", None),
        ("batch_size", 5),
        ("batch_size", [4]),
        ("optimizer.learning_rate", 0.2),
        ("optimizer.learning_rate", "0.01"),
        ("optimizer.learning_rate", True),
    ):
        path.write_text(json.dumps([with_value(good, key, value)]))
        message = refused(tuned, *train)
        assert re.match(rf"results/recipes/tuned-1/recipe\.json: (0\.)?{key}[:.]", message), message
    path.write_text(json.dumps([with_value(good, "network.activation", "tanh")]))
    assert "network.activation: made with tanh, now relu" in refused(tuned, *train)
    for content in (
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps([good | {"more": 1}]),
        json.dumps([good] * 2),
    ):
        path.write_text(content)
        assert refused(tuned, *train).startswith("results/recipes/tuned-1/recipe.json: ")
    path.write_bytes(os.urandom(50))
    assert refused(tuned, *train).startswith("results/recipes/tuned-1/recipe.json: ")


@pytest.mark.parametrize("kind", ["images"])
def test_arguments_that_cannot_be(tuned, kind, refused, tmp_path):
    def message(*arguments):
        return refused(tuned, "search", "--depth", "1", *arguments)

    for trials in ("0", "-3"):
        assert message("--trials", trials) == f"--trials {trials}: must be 1 or more"
    assert message("--trials", "10000000").endswith(": must be 1000000 or less")
    for inside in ("results", "results/recipes", "results/new"):
        told = message("--out", str(tuned.folder / inside))
        assert told == (
            f"--out {inside}: lies in results, which belongs to the pipeline; name another folder"
        )
    (tmp_path / "file").write_text("precious")
    assert message("--out", f"{tmp_path}/file").endswith("/file: is a file; name a folder")
    assert refused(tuned, "search", "--depth", "2").startswith("--depth 2: is not among the points")
    (tuned.folder / "data/prepared/meta.json").unlink()
    assert "data/prepared" in message()


@pytest.mark.parametrize("kind", ["images"])
def test_only_where_the_recipe_is_asked_for(tmp_path, kind, refused):
    experiment = new_experiment(tmp_path / "experiment", kind)
    message = refused(experiment, "search", "--depth", "1")
    assert message == "--recipe tuned: is not in recipes of params.yaml"
    message = refused(experiment, "train", "--depth", "1", "--recipe", "tuned")
    assert message == "--recipe tuned: is not in recipes of params.yaml"


@pytest.mark.parametrize("kind", ["images"])
def test_the_fixed_recipe_is_written_as_it_stands(tuned, kind, refused, tmp_path):
    fixed = ("search", "--depth", "1", "--recipe", "fixed")
    for arguments in (("--trials", "2"), ("--out", str(tmp_path)), ("--storage", "x.log")):
        told = refused(tuned, *fixed, *arguments)
        assert told.startswith("--recipe fixed: is not searched for; leave --trials, --timeout, ")
    assert tuned.run(*fixed) == 0
    assert set(found(tuned)) == {"fixed-1/recipe.json"}
    recipes = read_recipes(tuned.folder / recipe_path("fixed", 1))
    assert recipes == (tuned.settings.recipe_at(1),)


@pytest.mark.parametrize("kind", ["images"])
def test_a_width_that_does_not_fit_in_memory(tuned, kind, refused):
    tuned.set("search.space.width.high", 10**9)
    for arguments in (("check",), ("search", "--depth", "1")):
        message = refused(tuned, *arguments)
        assert message.startswith(
            "params.yaml: depth 1, at the upper ends of search.space: 3 replicates of a network"
        )
        assert "of memory at least, the machine has" in message
    # A linear model has no width.
    assert tuned.stage("search", 0) == 0


@pytest.mark.parametrize("kind", ["images"])
def test_storages_that_cannot_be_used(tuned, kind, refused):
    def message(url):
        return refused(tuned, "search", "--depth", "1", "--storage", url)

    journal(tuned).parent.mkdir()
    before = b"no journal\n"
    journal(tuned).write_bytes(before)
    # A lock of this search appears beside it the first time.
    assert tuned.stage("search", 1) == 2
    assert journal(tuned).read_bytes() == before
    assert "cannot be used as an Optuna storage" in refused(tuned, "search", "--depth", "1")
    message_of = {
        str(tuned.folder): "is a folder",
        f"sqlite:///{journal(tuned)}": "file is not a database",
        "postgresql://me:secret@127.0.0.1:1/x": "--storage postgresql://127.0.0.1:1/x: cannot be",
    }
    for url, what in message_of.items():
        tuned.run("search", "--depth", "1", "--storage", url)
        told = message(url)
        assert what in told
        assert "secret" not in told


@pytest.mark.parametrize("kind", ["images"])
def test_check_of_an_experiment_with_search(tuned: Experiment, kind, capsys):
    assert tuned.stage("check") == 0
    assert "12 training runs" in capsys.readouterr().out
