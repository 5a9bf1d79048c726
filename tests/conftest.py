"""For all tests: how they run side by side, and what a test machine may be spared."""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from depthgauge.files.work import work_folder
from depthgauge.hints import MADE_IN
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from tests.experiment import snapshot
from tests.seconds import is_alike

# A busy machine must not fail a property: no deadline for an example.
settings.register_profile("depthgauge", deadline=None)
settings.load_profile("depthgauge")

# `make test` exports it for the messages that a person reads; tests stand elsewhere.
os.environ.pop(MADE_IN, None)

# Side by side, a module's tests share a process, and so do those of a group, which share what is
# long to make: a repository whose pipeline has run, MLflow's schema, finished experiments, a
# browser. The longest first: one that began last would be waited for. (The mark `xdist_group` does
# nothing with pytest 9.2: pytest-xdist issue 1386.)
GROUPS = {
    "pipeline": ("tests/test_pipeline",),
    "faults": ("tests/faults/test_faults",),
    "mlflow": ("tests/tracking/", "tests/stages/test_track", "tests/stages/test_register"),
    "browser": ("tests/report/",),
    "finished": (
        "tests/stages/test_bad_",
        "tests/stages/test_evaluate",
        "tests/stages/test_report",
        "tests/stages/test_train",
    ),
    "search": ("tests/stages/test_search", "tests/search/"),
    "notebooks": ("tests/notebooks/", "tests/notebook/"),
    "check": ("tests/stages/test_check",),
}
FSYNC = os.fsync
# What a shell starts in the background ignores Ctrl-C, and so would the processes of the tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The cores that this process may use, not those of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives a process a group or a module at a time."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a process of several, the groups come first, in their order."""
    for item in items:
        # Before those that are slow are left out.
        if is_alike(item.nodeid):
            item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):
        places = {group: place for place, group in enumerate(GROUPS)}
        items.sort(key=lambda item: places.get(group_of(item.nodeid), len(places)))


def group_of(nodeid: str) -> str:
    """The name of a test's group, or its module; each of the hostile inputs by itself."""
    module = nodeid.partition("::")[0]
    if module.startswith("tests/hostile/"):
        # They share nothing, and take hours of `make hostile`.
        return nodeid
    return next((name for name, begin in GROUPS.items() if module.startswith(begin)), module)


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


@pytest.fixture
def refused(capsys):
    """Runs a command that must fail as bad input does; the message without its beginning."""

    def run(experiment, *arguments):
        before = snapshot(experiment.folder)
        capsys.readouterr()
        assert experiment.run(*arguments) == 2
        error = capsys.readouterr().err
        assert error.startswith("depthgauge: ")
        assert error.count("\n") == 1
        assert error.endswith("\n")
        assert error[:-1].isprintable()
        assert snapshot(experiment.folder) == before
        error = error.removeprefix("depthgauge: ").rstrip("\n")
        # The command as it is in the experiment's folder (tests/test_hints.py).
        error = re.sub(r"`[^`]*\bdvc repro`", "`dvc repro`", error)
        return error.replace(f"{experiment.folder}/", "")

    return run
