"""For all tests: how they run side by side, and what a test machine may be spared."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

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
