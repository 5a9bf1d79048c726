"""The pipeline with a search, as a person runs it: search -> train with what was found."""

import json
import shutil

import pytest

from tests.experiment import snapshot
from tests.repository import new_repository

POINTS = (0, 1)
SEARCHES = [f"search@{point}" for point in POINTS]


def found(repository):
    """All that the searches wrote: their files, and the recipes that `train` takes."""
    results = repository.folder / "results"
    recipes = {k: v for k, v in snapshot(results / "recipes").items() if k.startswith("tuned")}
    return snapshot(results / "search") | recipes


def recipe(repository, point):
    return (repository.folder / f"results/recipes/tuned-{point}/recipe.json").read_bytes()


def sorted_parts(ran):
    """Stages as DVC ran them: the searches in any order, then the rest."""
    searches = [stage for stage in ran if stage.startswith("search")]
    return sorted(searches), ran[len(searches) :]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Everything has run, MLflow's store is filled, and all of it is committed."""
    repository = new_repository(tmp_path_factory.mktemp("tuned") / "repository")
    repository.set("points", list(POINTS)).tune(trials=2)
    repository.commit()
    ran = repository.ran("repro")
    for point in POINTS:
        assert ran.index(f"search@{point}") < ran.index(f"train@tuned-{point}")
    assert ran[-3:] == ["evaluate", "report", "track"]
    assert len(ran) == 1 + 2 + 2 + 4 + 3
    repository.commit()
    return repository


@pytest.fixture
def repository(original, tmp_path):
    return original.copy(tmp_path / "repository")


def test_training_takes_what_the_search_found(original):
    for point in POINTS:
        path = original.folder / f"results/train/tuned-{point}/provenance.json"
        settings = json.loads(path.read_text())["settings"]
        chosen = json.loads(recipe(original, point))
        assert {key: settings[key] for key in chosen} == chosen


def test_again_from_an_empty_journal_the_same_bytes(repository):
    assert repository.ran("repro") == []
    before = found(repository)
    assert len(before) == 1 + 2 * 5
    shutil.rmtree(repository.folder / ".depthgauge")
    assert repository.ran("repro", "--force", "--single-item", *SEARCHES) == SEARCHES
    assert (repository.folder / ".depthgauge/optuna.log").is_file()
    assert found(repository) == before
    assert repository.ran("repro", "report") == []


def test_more_trials(repository):
    before = [recipe(repository, point) for point in POINTS]
    repository.set("search.trials", 3)
    searched, rest = sorted_parts(repository.ran("repro"))
    assert searched == SEARCHES
    changed = [p for p in POINTS if recipe(repository, p) != before[p]]
    trained = [f"train@tuned-{point}" for point in changed]
    assert rest == trained + ["evaluate"] * bool(trained) + ["report", "track"]
    for point in POINTS:
        trials = (repository.folder / f"results/search/{point}-trials.csv").read_text()
        assert trials.count("\n") == 1 + 3


def test_other_trials_with_the_same_winner_are_reported_and_tracked(repository):
    """As after a change of the search's own code, which no setting tells of."""
    before = [recipe(repository, point) for point in POINTS]
    plan = repository.folder / "src/depthgauge/search/plan.py"
    plan.write_text(plan.read_text() + "# changed\n")
    assert sorted_parts(repository.ran("repro")) == (SEARCHES, ["report", "track"])
    assert [recipe(repository, point) for point in POINTS] == before
    tracked = (repository.folder / "results/tracked.csv").read_text()
    assert tracked.count("\nsearch depth ") == len(POINTS)


def test_a_clone_has_the_trials(repository):
    clone = repository.clone()
    assert found(clone) == found(repository)
    for stage in ("report", "track"):
        assert "results/search" not in clone.changed(stage)
