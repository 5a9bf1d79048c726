"""The pipeline as a person runs it: with DVC, in a git repository made from this working tree.

One repository for all tests, which edit it one after the other, each from where the last left it.
"""

import json
import os
import shlex
import shutil
import signal
import sys
import time

import pytest
from ruamel.yaml import YAML
from tools.experiments import forget_stages, stale_stages

from depthgauge.artifacts.code import STAGES, code_path
from depthgauge.workflow.layout import LEFT, NOT_SEEN
from tests.experiment import Experiment, new_experiment, snapshot
from tests.repository import ROOT, Repository, new_repository, stages_in

# One process makes the repository and runs them all.
pytestmark = pytest.mark.xdist_group("pipeline")
POINTS = (0, 1)
LAST = ["look", "evaluate", "report"]
FIXED = [f"search@fixed-{point}" for point in POINTS]
TUNED = [f"search@tuned-{point}" for point in POINTS]


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Everything up to the report has run, and all of it is committed."""
    repository = new_repository(tmp_path_factory.mktemp("pipeline") / "repository")
    repository.set("points", list(POINTS)).tune(trials=2)
    repository.commit()
    ran = repository.ran("repro", "report")
    assert ran[:2] == ["code", "prepare"]
    assert ran[-2:] == LAST[1:]
    trained = [f"train@{recipe}-{point}" for recipe in ("fixed", "tuned") for point in POINTS]
    # The others in any order that their inputs allow.
    assert sorted(ran[2:-2]) == sorted(["baselines", *FIXED, *TUNED, *trained, "look"])
    for stage in trained:
        assert ran.index(stage.replace("train", "search")) < ran.index(stage) < ran.index("look")
    repository.commit()
    return repository


def recipes(repository):
    """The bytes of what was searched for."""
    folder = repository.folder / "results/recipes"
    return [(folder / f"tuned-{point}/recipe.json").read_bytes() for point in POINTS]


def edit(repository, name, before, after):
    path = repository.folder / "src/depthgauge" / name
    text = path.read_text()
    assert before in text, name
    path.write_text(text.replace(before, after, 1))


def code_and(ran):
    """Stages that ran, of which the code is always the first."""
    assert ran[0] == "code"
    return ran[1:]


def test_the_first_run(repository):
    for point in POINTS:
        folder = repository.folder / f"results/recipes/tuned-{point}"
        made_from = json.loads(
            (repository.folder / f"results/train/tuned-{point}/provenance.json").read_text()
        )
        (chosen,) = json.loads((folder / "recipe.json").read_text())
        assert made_from["settings"]["batch_size"] == chosen["batch_size"]
        assert (folder / "study-0/trials.csv").read_text().count("\n") == 1 + 2
    assert list(stale_stages(repository.folder)) == ["track: has not run"]


def test_a_second_time_only_the_code_is_looked_at(repository):
    before = snapshot(repository.folder / "results")
    assert repository.ran("repro", "report") == ["code"]
    assert snapshot(repository.folder / "results") == before
    assert repository.status() == []


def test_a_clone_has_the_code_and_the_searches(repository):
    clone = repository.clone()
    for stage in STAGES:
        path = code_path(stage)
        assert (clone.folder / path).read_bytes() == (repository.folder / path).read_bytes()
    recipes = "results/recipes"
    assert snapshot(clone.folder / recipes) == snapshot(repository.folder / recipes)
    changed = clone.changed_dependencies()
    for stage in ("train@tuned-1", "report"):
        assert not [name for name in changed[stage] if name.startswith(("code", recipes))]


def test_words_run_nothing_and_leave_the_lock(repository):
    """And a new entry, which nobody uses yet."""
    edit(repository, "training/engine.py", '"""', '# A comment\n"""A longer docstring. ')
    edit(repository, "workflow/train_point.py", " say(", " say('more: ' + ")
    (repository.folder / "src/depthgauge/axes/extra.py").write_text('"""An axis."""\nMORE = 1\n')
    assert repository.ran("repro", "report") == ["code"]
    assert [line.split("/")[0] for line in repository.status()] == [" M src", " M src", "?? src"]


def test_a_number_runs_what_uses_it(repository):
    """A change of the search's code, of which no setting tells, that finds the same again."""
    before = recipes(repository)
    path = repository.folder / "src/depthgauge/search/plan.py"
    path.write_text(f"{path.read_text()}\n\nMORE = 1\n")
    output = repository.dvc("repro", "evaluate")
    assert "code: search will run again: search/plan.py changed" in output
    ran = code_and(stages_in(output))
    assert sorted(ran) == sorted([*FIXED, *TUNED])
    assert recipes(repository) == before
    repository.commit()


def test_bad_settings_stop_it_before_they_reach_a_command(repository):
    repository.set("axis", "depth 0; touch stolen; echo")
    process = repository.start(sys.executable, "-m", "dvc", "repro")
    output = process.communicate()[0]
    assert process.returncode != 0
    assert stages_in(output) == ["code"]
    assert "depthgauge: params.yaml: axis: " in output
    assert not (repository.folder / "stolen").exists()
    repository.set("axis", "depth")


@pytest.mark.parametrize("text", ["0; touch stolen #", "$(touch stolen)", "0' && touch stolen '"])
def test_no_text_of_the_settings_is_a_command(repository, text):
    """Not even where a stage is run alone, before anything has judged them."""
    points = repository.content["points"]
    repository.set("points", [text])
    process = repository.start(sys.executable, "-m", "dvc", "repro", "--single-item", "search")
    output = process.communicate()[0]
    assert process.returncode != 0
    assert shlex.quote(text) in output
    assert "depthgauge: params.yaml: " in output
    assert not (repository.folder / "stolen").exists()
    repository.set("points", points)


def test_points_come_and_go(repository):
    before = snapshot(repository.results(1))
    repository.set("recipes", ["fixed"]).set("points", [0, 1, 2])
    ran = code_and(repository.ran("repro", "evaluate"))
    assert ran == ["search@fixed-2", "train@fixed-2", "look", "evaluate"]
    assert repository.points() == [0, 1, 2]
    repository.set("points", [1, 2])
    assert code_and(repository.ran("repro", "evaluate")) == ["look", "evaluate"]
    assert repository.points() == [1, 2]
    assert "0" not in (repository.folder / "results/loss-by-point.csv").read_text().split(",")[0]
    assert snapshot(repository.results(1)) == before
    repository.set("points", list(POINTS)).tune(trials=2)


@pytest.mark.slow
def test_results_and_work_that_were_removed_are_made_again(repository):
    """The same bytes, from an empty journal too; what was trained lies in DVC's cache."""
    repository.call("git", "checkout", "--quiet", ".")
    forget_stages(repository.folder)
    repository.ran("repro", "report")
    before = snapshot(repository.folder / "results")
    for name in ("results", "code", ".depthgauge"):
        shutil.rmtree(repository.folder / name)
    ran = code_and(repository.ran("repro", "report"))
    assert sorted(ran[:4]) == sorted([*FIXED, *TUNED])
    assert ran[4:] == LAST
    assert (repository.folder / ".depthgauge/optuna.log").is_file()
    before.pop("tracked.csv", None)
    assert snapshot(repository.folder / "results") == before


@pytest.mark.slow
def test_a_dead_server_ends_no_pipeline_and_is_tried_again(repository, monkeypatch):
    """The next test finds that what could not be logged is logged later."""
    dead = repository.environment | {"MLFLOW_TRACKING_URI": "http://me:secret@127.0.0.1:9"}
    with monkeypatch.context() as patch:
        patch.setattr(Repository, "environment", dead)
        output = repository.dvc("repro")
        assert stages_in(output)[-1] == "track"
        assert "track: NOT LOGGED to MLflow: " in output
        assert "secret" not in output
        # The answer is the last that is shown all the same.
        assert "The network as a model: " in output
        assert repository.ran("repro") == ["code", "track"]


@pytest.mark.slow
def test_everything_is_logged_at_the_end_and_once(repository):
    assert code_and(repository.ran("repro"))[-1] == "track"
    tracked = (repository.folder / "results/tracked.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in tracked] == [
        "run",
        *(f"search depth {point} study 0" for point in POINTS),
        *(f"{recipe} depth {point}" for recipe in ("fixed", "tuned") for point in POINTS),
        "summary",
    ]
    assert repository.ran("repro") == ["code"]
    assert list(stale_stages(repository.folder)) == []


@pytest.mark.slow
def test_more_trials(repository):
    before = recipes(repository)
    repository.set("search.trials", 3)
    ran = code_and(repository.ran("repro", "report"))
    # The fixed recipes depend on what the search may spend too: a second, and nothing follows.
    assert sorted(ran[:4]) == sorted([*FIXED, *TUNED])
    after = recipes(repository)
    trained = [f"train@tuned-{p}" for p in POINTS if after[p] != before[p]]
    assert ran[4:] == [*trained, *["look", "evaluate"] * bool(trained), "report"]
    for point in POINTS:
        table = repository.folder / f"results/recipes/tuned-{point}/study-0/trials.csv"
        assert table.read_text().count("\n") == 1 + 3


def without_nulls(value):
    if not isinstance(value, dict):
        return value
    whole = {key: without_nulls(part) for key, part in value.items()}
    return {key: part for key, part in whole.items() if part not in (None, {})}


@pytest.mark.slow
def test_an_experiment_with_other_epochs_and_what_dvc_shows(repository):
    ran = code_and(repository.ran("exp", "run", "report", "-S", "recipe.epochs=3"))
    assert ran[-3:] == LAST
    curves = (repository.results(0) / "curves.csv").read_text().splitlines()
    assert len(curves) == 1 + 3 * 3

    output = repository.dvc("metrics", "show", "--json")
    shown = json.loads(output[output.index("{") :])
    metrics = shown[""]["data"]
    views = ("fixed-last", "fixed-validation", "tuned-validation")
    assert set(metrics) == {f"results/metrics/{view}.json" for view in views}
    whole = json.loads((repository.folder / "results/metrics/fixed-last.json").read_text())
    # DVC leaves out what is null.
    told = metrics["results/metrics/fixed-last.json"]["data"]
    assert told == without_nulls(whole)
    assert told["best"] == repository.threshold()["fixed"]["last"]["best"]
    repository.dvc("plots", "show", "-o", "plots")
    page = (repository.folder / "plots/index.html").read_text()
    assert "window.vegaEmbed" in page
    assert "cdn.jsdelivr" not in page
    assert "Fixed recipe, train and test loss" in page
    for column in ("fixed_last_train", "fixed_last_test", "fixed_validation_test"):
        assert column in page
    assert "recipe.epochs" in repository.dvc("exp", "show", "--md")
    assert "results/metrics/" in repository.dvc("metrics", "diff", "HEAD~1", "--md")


@pytest.mark.slow
def test_a_killed_run_goes_on_with_what_is_missing(repository):
    repository.set("recipes", ["fixed"]).set("seed", 1)
    process = repository.start(sys.executable, "-m", "dvc", "repro", "report")
    seen = []
    for line in process.stdout:
        seen += stages_in(line)
        if any(stage.startswith("train") for stage in seen):
            break
    assert seen[:2] == ["code", "prepare"]
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    interrupted = seen[-1]
    ran = code_and(repository.ran("repro", "report"))
    assert not set(ran) & (set(seen) - {interrupted})
    assert interrupted in ran
    trained = [f"train@fixed-{point}" for point in POINTS]
    assert {*ran, *seen} == {"code", "prepare", *FIXED, *trained, *LAST}
    assert code_and(repository.ran("repro", "report")) == []


@pytest.mark.slow
def test_another_experiment_beside_the_default(repository):
    repository.commit()
    other = new_experiment(repository.folder / Repository.OTHER, "series")
    shutil.move(other.raw, repository.folder / "data/raw/series.csv")
    other.set("data.path", "../../data/raw/series.csv").set("points", list(POINTS))
    shutil.copy(ROOT / "dvc.yaml", other.folder)
    before = snapshot(repository.folder / "results")
    ran = code_and(repository.ran("repro", "report", folder=repository.OTHER))
    assert (ran[0], ran[-1]) == ("prepare", "report")
    threshold = Experiment(repository.folder / repository.OTHER, {}).threshold()
    assert set(threshold["fixed"]) == {"last", "validation"}
    made = ("?? data/raw/series.csv", f"?? {repository.OTHER}/", "?? experiments/")
    assert repository.status()
    assert all(line.startswith(made) for line in repository.status())
    assert snapshot(repository.folder / "results") == before
    assert code_and(repository.ran("repro", "report", folder=repository.OTHER)) == []


def test_every_experiment_has_the_one_pipeline():
    pipeline = (ROOT / "dvc.yaml").read_text()
    for params in (ROOT / "experiments").glob("*/params.yaml"):
        path = params.parent / "dvc.yaml"
        assert not path.is_symlink()
        assert path.read_text() == pipeline, f"{path}: run `make experiments`"
        assert path.with_name(NOT_SEEN).read_text() == f"{LEFT}\n"


def test_stages_depend_on_their_code_and_on_no_source():
    stages = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text())["stages"]
    assert set(stages) == {"code", *STAGES, "track"}
    for name, stage in stages.items():
        codes = [dep for dep in stage.get("deps", []) if dep.startswith("code/")]
        assert codes == ([f"code/{name}.txt"] if name in STAGES else [])
        assert not any(dep.startswith("src") for dep in stage.get("deps", []))
    written = [next(iter(out)) for out in stages["code"]["outs"]]
    assert written == [code_path(stage).as_posix() for stage in STAGES]
