"""What a person deletes in MLflow is logged again: nothing but that, and nothing twice."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pytest

from depthgauge.artifacts.metrics import METRICS
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import Runs, Track, outline, silent
from tests.tracking.test_repeat import CASES, Case


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def files_of(run: Any) -> dict[str, bytes]:
    """The artifacts of a run in the default store."""
    folder = Path(url2pathname(run.info.artifact_uri.removeprefix("file://")))
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def delete(store: Store, *runs: Any) -> None:
    with open_store(store, silent) as client:
        for run in runs:
            client.delete_run(run.info.run_id)


@pytest.mark.parametrize("count", [1, 2])
def test_deleted_children_are_logged_again_and_the_others_are_not(
    folder: Path, store: Store, track: Track, runs: Runs, case: Case, count: int
) -> None:
    case.write(folder, 1)
    (first,) = track(case.settings())
    before = outline(runs)
    deleted = runs(case.child)[:count]
    kept = {run.info.run_id for run in runs(case.child)[count:]}
    delete(store, *deleted)
    assert outline(runs) != before

    (again,) = track(case.settings())

    assert outline(runs) == before
    assert (again.run_id, again.added, again.mended) == (first.run_id, False, True)
    assert kept < {run.info.run_id for run in runs(case.child)}
    (third,) = track(case.settings())
    assert not third.mended


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [Path.unlink, shorten, lambda path: shutil.rmtree(path.parent)])
def test_lost_artifacts_are_logged_again(
    folder: Path, track: Track, runs: Runs, case: Case, harm: Callable[[Path], object]
) -> None:
    case.write(folder, 1)
    track(case.settings())
    before, (run,) = outline(runs), runs(case.parent)
    files = files_of(run)
    place = Path(url2pathname(run.info.artifact_uri.removeprefix("file://")))
    harm(place / sorted(files)[0])
    assert files_of(run) != files

    (again,) = track(case.settings())

    assert again.mended
    assert files_of(run) == files
    assert outline(runs) == before


def test_a_deleted_parent_comes_back_with_the_children_that_it_had(
    folder: Path, store: Store, track: Track, runs: Runs, case: Case
) -> None:
    case.write(folder, 1)
    (first,) = track(case.settings())
    before = outline(runs)
    children = {run.info.run_id for run in runs(case.child)}
    delete(store, *runs(case.parent))

    (again,) = track(case.settings())

    assert again.added
    assert again.run_id != first.run_id
    assert outline(runs) == before
    assert {run.info.run_id for run in runs(case.child)} == children
    assert {run.data.tags["mlflow.parentRunId"] for run in runs(case.child)} == {again.run_id}


def test_a_deleted_experiment_comes_back_whole(
    folder: Path, store: Store, track: Track, runs: Runs, case: Case
) -> None:
    case.write(folder, 1)
    track(case.settings())
    before = outline(runs)
    with open_store(store, silent) as client:
        client.delete_experiment(client.get_experiment_by_name("digits").experiment_id)
    track(case.settings())
    assert outline(runs) == before


def test_what_an_earlier_version_logged_is_kept_as_it_is(
    folder: Path, store: Store, track: Track, runs: Runs, case: Case
) -> None:
    """It did not say how many children there are."""
    case.write(folder, 1)
    (first,) = track(case.settings())
    before = outline(runs)
    with open_store(store, silent) as client:
        client.delete_tag(first.run_id, "depthgauge.children")

    (again,) = track(case.settings())

    assert (again.run_id, again.added, again.mended) == (first.run_id, False, False)
    assert outline(runs) == before


def test_a_child_logged_again_without_metrics_has_them_when_they_are_there_again(
    folder: Path, store: Store, track: Track, runs: Runs
) -> None:
    """Its parent had them all the time."""
    fake.write_point(folder, 1)
    fake.write_summary(folder, (1,))
    track(fake.settings(1))
    before = outline(runs)
    metrics = (folder / METRICS).read_bytes()
    (folder / METRICS).unlink()
    delete(store, runs("replicate")[0])
    track(fake.settings(1))
    assert outline(runs) != before

    (folder / METRICS).write_bytes(metrics)
    track(fake.settings(1))

    assert outline(runs) == before
    children = runs("replicate")
    with open_store(store, silent) as client:
        for run in children:
            assert len(client.get_metric_history(run.info.run_id, "last/test_r2")) == 1
