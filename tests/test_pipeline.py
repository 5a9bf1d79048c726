"""The pipeline as a person runs it: with DVC, in a git repository made from this working tree."""

import json
import os
import shutil
import signal
import sys
import time

import pytest

from depthgauge.artifacts.search import keep_folder
from tests.experiment import Experiment, new_experiment, snapshot
from tests.repository import ROOT, Repository, new_repository, stages_in


def without_nulls(value):
    if not isinstance(value, dict):
        return value
    whole = {key: without_nulls(part) for key, part in value.items()}
    return {key: part for key, part in whole.items() if part not in (None, {})}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Everything up to the report has run and is committed."""
    repository = new_repository(tmp_path_factory.mktemp("pipeline") / "repository")
    repository.set("points", [0, 1])
    other = new_experiment(repository.folder / Repository.OTHER, "series")
    shutil.move(other.raw, repository.folder / "data/raw/series.csv")
    other.set("data.path", "../../data/raw/series.csv").set("points", [0, 1])
    for name in ("dvc.yaml", "src"):
        link = ROOT / "experiments/pageviews" / name
        (other.folder / name).symlink_to(os.readlink(link))
    keep_folder(other.folder)
    repository.commit()
    ran = repository.ran("repro", "report")
    assert sorted(ran) == [
        "evaluate",
        "prepare",
        "recipe@0",
        "recipe@1",
        "report",
        "train@fixed-0",
        "train@fixed-1",
    ]
    repository.commit()
    return repository


@pytest.fixture
def repository(original, tmp_path):
    return original.copy(tmp_path / "repository")


def test_a_second_time_nothing_runs_and_nothing_is_dirty(repository):
    before = snapshot(repository.folder / "results")
    repository.remove_compiled()
    assert repository.ran("repro", "report") == []
    assert snapshot(repository.folder / "results") == before
    assert repository.status() == []


def test_points_come_and_go(repository):
    before = snapshot(repository.results(1))
    repository.set("points", [0, 1, 2])
    ran = repository.ran("repro", "report")
    assert ran == ["recipe@2", "train@fixed-2", "evaluate", "report"]
    assert repository.points() == [0, 1, 2]
    repository.set("points", [1, 2])
    assert repository.ran("repro", "report") == ["evaluate", "report"]
    assert repository.points() == [1, 2]
    assert "0" not in (repository.folder / "results/loss-by-point.csv").read_text().split(",")[0]
    assert snapshot(repository.results(1)) == before


def test_an_experiment_with_other_epochs_and_what_dvc_shows(repository):
    ran = repository.ran("exp", "run", "report", "-S", "recipe.epochs=3")
    assert ran[-2:] == ["evaluate", "report"]
    assert sorted(ran[:-2]) == ["recipe@0", "recipe@1", "train@fixed-0", "train@fixed-1"]
    curves = (repository.results(0) / "curves.csv").read_text().splitlines()
    assert len(curves) == 1 + 3 * 3

    output = repository.dvc("metrics", "show", "--json")
    # Before it, DVC says that the other experiment has not run yet.
    shown = json.loads(output[output.index("{") :])
    metrics = shown[""]["data"]["results/threshold.json"]["data"]
    # DVC leaves out what is null or empty.
    assert metrics == without_nulls(repository.threshold())
    repository.dvc("plots", "show", "-o", "plots")
    page = (repository.folder / "plots/index.html").read_text()
    assert "Fixed recipe, train and test loss" in page
    for column in ("fixed_last_train", "fixed_last_test", "fixed_validation_test"):
        assert column in page
    assert "recipe.epochs" in repository.dvc("exp", "show", "--md")


def test_a_killed_run_goes_on_with_what_is_missing(repository):
    repository.set("seed", 1)
    process = repository.start(sys.executable, "-m", "dvc", "repro", "report")
    seen = []
    for line in process.stdout:
        seen += stages_in(line)
        if any(stage.startswith("train") for stage in seen):
            break
    assert "prepare" in seen
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    interrupted = seen[-1]
    ran = repository.ran("repro", "report")
    assert not set(ran) & (set(seen) - {interrupted})
    assert interrupted in ran
    assert set(ran) | set(seen) == {
        "prepare",
        "train@fixed-0",
        "train@fixed-1",
        "evaluate",
        "report",
    }
    assert repository.ran("repro", "report") == []


def test_another_experiment_beside_the_default(repository):
    before = snapshot(repository.folder / "results")
    ran = repository.ran("repro", "report", folder=repository.OTHER)
    assert "prepare" in ran
    assert ran[-1] == "report"
    other = Experiment(repository.folder / repository.OTHER, {})
    assert set(other.threshold()["fixed"]) == {"last", "validation"}
    made = tuple(f"?? {repository.OTHER}/{name}" for name in ("dvc.lock", "results/"))
    assert repository.status()
    assert all(line.startswith(made) for line in repository.status())
    assert snapshot(repository.folder / "results") == before
    repository.remove_compiled()
    assert repository.ran("repro", "report", folder=repository.OTHER) == []


def test_bad_settings_stop_the_stage_that_reads_them(repository):
    repository.set("points", [0, 1, 99])
    process = repository.start("depthgauge", "check")
    output = process.communicate()[0]
    assert process.returncode == 2
    assert output.startswith("depthgauge: params.yaml: points[2]: ")


def test_everything_is_logged_at_the_end_and_once(repository):
    assert repository.ran("repro") == ["track"]
    tracked = (repository.folder / "results/tracked.csv").read_text().splitlines()
    names = [line.split(",")[0] for line in tracked]
    assert names == ["run", "fixed depth 0", "fixed depth 1", "summary"]
    assert repository.ran("repro") == []
    # The lock alone has changed: what `track` wrote is ignored by git.
    assert repository.status() == [" M dvc.lock"]


def test_a_clone_has_the_folder_of_searches_without_a_search(repository):
    assert "results/search" not in repository.clone().changed("report")


def test_results_that_were_removed_are_made_again(repository):
    before = snapshot(repository.folder / "results")
    shutil.rmtree(repository.folder / "results")
    ran = repository.ran("repro", "report")
    assert sorted(ran[:2]) == ["recipe@0", "recipe@1"]
    assert ran[2:] == ["evaluate", "report"]
    assert snapshot(repository.folder / "results") == before
