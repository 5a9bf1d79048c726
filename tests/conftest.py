"""For all tests: how they run side by side, and what a test machine may be spared."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from depthgauge.files.work import work_folder
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store

# A busy machine must not fail a property: no deadline for an example.
settings.register_profile("depthgauge", deadline=None)
settings.load_profile("depthgauge")

# What is long to make is made by one process, which then runs every test that asks for it: the
# fixture, and its group (the mark `xdist_group` on a test or module says the same).
GROUPS = {
    "schema": "mlflow",
    "experiments": "browser",
    "finished": "stages",
}
LONGEST_FIRST = ("pipeline", "mlflow", "stages", "browser")
FSYNC = os.fsync


def pytest_xdist_auto_num_workers() -> int:
    """The cores that this process may use, not those of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, groups come first: a long one that began last would be waited for."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            needs = getattr(item, "fixturenames", ())
            for group in sorted({GROUPS[name] for name in needs if name in GROUPS})[:1]:
                item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    return (
        LONGEST_FIRST.index(mark.args[0])
        if mark and mark.args[0] in LONGEST_FIRST
        else len(LONGEST_FIRST)
    )


@pytest.fixture(scope="session", autouse=True)
def _no_fsync() -> Iterator[None]:
    """Files of a test need not survive a loss of power: half a minute of waiting for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture
def real_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the tests of what reaches the disk."""
    monkeypatch.setattr(os, "fsync", FSYNC)


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database with MLflow's schema and no experiment of ours: making one takes seconds."""
    store = find_store(tmp_path_factory.mktemp("schema"), {})
    with open_store(store, lambda _: None):
        pass
    assert store.database is not None
    from mlflow.store.db import utils

    # For each database that it opens MLflow runs all its migration scripts, to learn the last one.
    with pytest.MonkeyPatch.context() as patch:
        revision = utils._get_latest_schema_revision()
        patch.setattr(utils, "_get_latest_schema_revision", lambda: revision)
        yield store.database


@pytest.fixture(scope="session")
def place_store(schema: Path) -> Callable[[Path], None]:
    """Puts an empty MLflow store where an experiment's folder looks for its own."""

    def place(folder: Path) -> None:
        work = work_folder(folder)
        work.mkdir(exist_ok=True)
        shutil.copy(schema, work / "mlflow.db")

    return place
