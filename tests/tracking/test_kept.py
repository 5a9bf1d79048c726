"""What earlier versions logged is kept as it is, and gone on with (tests/tracking/keep.py)."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from depthgauge import __version__
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from depthgauge.tracking.update import bring_up_to_date
from tests.tracking.conftest import silent
from tests.tracking.held import held
from tests.tracking.keep import KEPT, PLACE, logged, restore

FOLDERS = sorted(KEPT.glob("tracking-*"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


@pytest.fixture
def place(tmp_path: Path, kept: Path) -> Path:
    """An experiment's folder with the results and the store of that version."""
    folder = tmp_path / "experiment"
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    restore(kept, folder)
    return folder


def track(folder: Path) -> list[Any]:
    store = find_store(folder, {})
    return [run for each in logged() for run in bring_up_to_date(folder, each, store, silent)]


def told(kept: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((kept / "held.json").read_text())
    return content


def without_commits(content: dict[str, Any]) -> dict[str, Any]:
    """Whether there was a commit is told of the time of logging."""
    for run in content["runs"]:
        run["tags"].pop("depthgauge.source_dirty", None)
    return content


def test_this_version_keeps_its_own() -> None:
    assert f"tracking-{__version__}" in [folder.name for folder in FOLDERS]


def test_what_is_whole_stays_and_what_was_left_half_way_is_completed(
    kept: Path, place: Path
) -> None:
    before = {run["name"]: run for run in held(find_store(place, {}))["runs"]}
    tracked = track(place)
    added = [run.name for run in tracked if run.added]
    assert added == ["fixed depth 1", "summary"]
    assert not [run for run in tracked if run.mended]
    after = held(find_store(place, {}))
    assert without_commits(after) == without_commits(told(kept))
    now = {run["name"]: run for run in after["runs"]}
    whole = "search depth 0 study 0"
    assert now[whole]["artifacts"] == before[whole]["artifacts"] != {}
    assert not [run for run in track(place) if run.added or run.mended]


def test_what_is_deleted_of_it_is_logged_again(kept: Path, place: Path) -> None:
    track(place)
    with open_store(find_store(place, {}), silent) as client:
        experiment = client.get_experiment_by_name("digits")
        assert experiment is not None
        for kind in ("replicate", "trial", "study"):
            condition = f"tags.`depthgauge.kind` = '{kind}'"
            run = client.search_runs([experiment.experiment_id], condition)[0]
            client.delete_run(run.info.run_id)
    track(place)
    after = held(find_store(place, {}))
    assert without_commits(after) == without_commits(told(kept))


def test_nothing_of_the_machine_that_made_it_is_kept(kept: Path) -> None:
    for path in kept.rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert b"/tmp/" not in text
            assert b"/home/" not in text
    assert PLACE in (kept / "mlflow.sql").read_text()
