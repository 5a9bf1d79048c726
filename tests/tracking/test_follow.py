"""Points are logged as they come, once, and the follower ends by itself."""

import threading
from pathlib import Path

import pytest
from filelock import FileLock

from depthgauge.files.work import work_folder
from depthgauge.tracking import follow as module
from depthgauge.tracking.follow import follow
from depthgauge.tracking.results import ExpectedPoint

POINTS = tuple(ExpectedPoint("fixed", "depth", point) for point in range(4))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    monkeypatch.setattr(module.os, "nice", lambda _: 0)


def run(folder: Path, counts: list[int]) -> list[int]:
    """How many points `log` was called with, when ever more of them turn out to be trained."""
    logged: list[int] = []
    steps = iter(counts)
    now = 0

    def trained() -> tuple[ExpectedPoint, ...]:
        nonlocal now
        now = next(steps, now)
        return POINTS[:now]

    work_folder(folder).mkdir(parents=True)
    follow(folder, trained, len(POINTS), lambda points: logged.append(len(points)))
    return logged


def test_new_points_are_logged_once(tmp_path: Path) -> None:
    assert run(tmp_path, [1, 1, 2, 2, 3]) == [1, 2, 3]


def test_the_last_point_is_left_to_track(tmp_path: Path) -> None:
    assert run(tmp_path, [1, 3, 4]) == [1, 3]


def test_a_second_follower_ends_at_once(tmp_path: Path) -> None:
    work = work_folder(tmp_path)
    names: list[str] = []
    begun, ended = threading.Event(), threading.Event()

    def trained() -> tuple[ExpectedPoint, ...]:
        begun.set()
        assert ended.wait(10)
        return POINTS

    work.mkdir()
    first = threading.Thread(target=follow, args=(tmp_path, trained, 4, names.append))
    first.start()
    assert begun.wait(10)
    follow(tmp_path, lambda: pytest.fail("a second follower looked"), 4, names.append)
    ended.set()
    first.join(10)
    assert names == []
    (lock,) = work.glob("follow-*.lock")
    with FileLock(lock, timeout=0):
        pass
