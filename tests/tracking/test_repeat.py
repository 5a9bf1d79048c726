"""What is logged again: nothing twice, all of what is lost, the rest of what was left half-way.

The same for the runs of points with their replicates as for those of searches with their trials.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from depthgauge.settings.schema import Settings
from depthgauge.tracking import runs as run_contents
from depthgauge.tracking.store import Store
from tests.tracking import fake
from tests.tracking.conftest import KilledError, Runs, Track, killing, outline


@dataclass(frozen=True)
class Case:
    """write: results in a folder, of an edition. children: name and status of each."""

    write: Callable[[Path, int], object]
    settings: Callable[[], Settings]
    parent: str
    child: str
    children: dict[str, str]
    metric: str


CASES = {
    "point": Case(
        write=lambda folder, edition: fake.write_point(folder, 1, fake.losses(edition, 2)),
        settings=lambda: fake.settings(1),
        parent="point",
        child="replicate",
        children={"replicate 0": "FINISHED", "replicate 1": "FINISHED"},
        metric="validation/test_loss",
    ),
    "search": Case(
        write=lambda folder, edition: fake.write_searched(folder, seed=edition),
        settings=lambda: fake.settings(1, tuned=True),
        parent="study",
        child="trial",
        children={
            "trial 0 (diverged)": "FAILED",
            "trial 1": "FINISHED",
            "trial 2": "FINISHED",
            "trial 3 (pruned)": "KILLED",
        },
        metric="epochs",
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def test_twice_adds_nothing(folder: Path, track: Track, runs: Runs, case: Case) -> None:
    case.write(folder, 1)
    (first,) = track(case.settings())
    before = outline(runs)
    assert len(before) == 1 + len(case.children)

    (second,) = track(case.settings())

    assert (first.added, second.added) == (True, False)
    assert first.run_id == second.run_id
    assert outline(runs) == before


def test_a_lost_database_is_made_again_with_the_same_runs(
    folder: Path,
    store: Store,
    track: Track,
    runs: Runs,
    case: Case,
    place_store: Callable[[Path], None],
) -> None:
    case.write(folder, 1)
    track(case.settings())
    before = outline(runs)
    assert store.artifacts is not None
    shutil.rmtree(store.artifacts)
    place_store(folder)

    track(case.settings())

    assert outline(runs) == before


# Every call to the store may be the last one. A point with 2 replicates takes 16: 3 to begin,
# 5 files, 3 a replicate, 2 to end; a search with 4 trials 22: 3, 5, 3 a trial, 2.
KILLED_AT = [
    *(("point", at) for at in (0, 1, 2, 3, 7, 8, 9, 10, 11, 14, 15)),
    *(("search", at) for at in (0, 9, 19, 21)),
]


@pytest.mark.parametrize(("name", "killed_at"), KILLED_AT)
def test_killed_half_way_is_completed_and_never_doubled(
    folder: Path,
    track: Track,
    runs: Runs,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    killed_at: int,
) -> None:
    case = CASES[name]
    case.write(folder, 1)
    with killing(monkeypatch, killed_at), pytest.raises(KilledError):
        track(case.settings())

    (tracked,) = track(case.settings())

    assert tracked.added
    (parent,) = runs(case.parent)
    assert parent.info.status == "FINISHED"
    children = runs(case.child)
    assert len(children) == len(case.children)
    assert {run.info.run_name: run.info.status for run in children} == case.children
    assert all(case.metric in run.data.metrics for run in children)


def test_what_mlflow_left_half_copied_is_taken_away(
    folder: Path, track: Track, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES["point"]
    case.write(folder, 1)
    with killing(monkeypatch, 2), pytest.raises(KilledError):
        track(case.settings())
    (begun,) = runs(case.parent)
    artifacts = Path(begun.info.artifact_uri.removeprefix("file://"))
    artifacts.mkdir(parents=True, exist_ok=True)
    (artifacts / ".artifact.uploading.0123abcd").write_text("half")

    track(case.settings())

    assert not [path for path in artifacts.iterdir() if path.name.startswith(".artifact")]
    assert any(artifacts.iterdir())


def test_a_changed_result_is_a_new_run_and_the_old_one_stays(
    folder: Path, track: Track, runs: Runs, case: Case
) -> None:
    def current() -> dict[str, str]:
        found = runs(case.parent)
        return {run.info.run_id: run.data.tags[run_contents.CURRENT] for run in found}

    case.write(folder, 1)
    (old,) = track(case.settings())
    case.write(folder, 2)
    (new,) = track(case.settings())
    assert new.added
    assert current() == {old.run_id: "false", new.run_id: "true"}
    assert len(runs(case.child)) == 2 * len(case.children)

    case.write(folder, 1)
    (again,) = track(case.settings())
    assert (again.run_id, again.added) == (old.run_id, False)
    assert current() == {old.run_id: "true", new.run_id: "false"}
