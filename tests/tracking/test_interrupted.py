"""A signal while `track` writes: no run stays RUNNING, and the next `track` ends in equal runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tracking.conftest import Runs, Track, outline
from tests.tracking.test_repeat import CASES, Case

WRITES = ("create_run", "log_batch", "log_inputs", "log_artifact", "set_terminated")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


class Interrupting:
    """Lets the n-th write to a store end in Ctrl-C, before or after it reached the store."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int, *, after: bool) -> None:
        from mlflow.tracking import MlflowClient

        self.calls, self.at, self.after = 0, at, after
        for name in WRITES:
            patch.setattr(MlflowClient, name, self._call(getattr(MlflowClient, name)))

    def _call(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self.at and not self.after:
                raise KeyboardInterrupt
            answer = method(*arguments, **named)
            if self.calls == self.at:
                raise KeyboardInterrupt
            return answer

        return call


@pytest.mark.parametrize("after", [False, True])
def test_at_any_write(
    folder: Path,
    track: Track,
    runs: Runs,
    monkeypatch: pytest.MonkeyPatch,
    place_store: Callable[[Path], None],
    case: Case,
    after: bool,
) -> None:
    case.write(folder, 1)
    track(case.settings())
    undisturbed = outline(runs)
    # Few of many: each takes a tenth of a second and more.
    for at in (1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 16, 22):
        place_store(folder)
        with monkeypatch.context() as patch:
            fault = Interrupting(patch, at, after=after)
            if fault_is_reached := _interrupted(track, case):
                left = {run.info.status for kind in (case.parent, case.child) for run in runs(kind)}
                # Only of a run that the store made and did not tell of nothing is known.
                assert "RUNNING" not in left or after
        track(case.settings())
        assert outline(runs) == undisturbed, at
        if not fault_is_reached:
            assert fault.calls < at
            break


def _interrupted(track: Track, case: Case) -> bool:
    try:
        track(case.settings())
    except KeyboardInterrupt:
        return True
    return False


def test_what_is_never_gone_on_with_is_not_left_running_with_its_children(
    folder: Path, track: Track, runs: Runs, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    """A child was made by the store and its id did not come back; then the results changed."""
    case.write(folder, 1)
    with monkeypatch.context() as patch:
        Interrupting(patch, 9, after=True)
        if not _interrupted(track, case):
            pytest.fail("the fault was not reached")
    case.write(folder, 2)
    track(case.settings())
    every = [run.info.status for kind in (case.parent, case.child) for run in runs(kind)]
    assert "RUNNING" not in every
