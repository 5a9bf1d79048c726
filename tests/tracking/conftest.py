"""A repository with an empty store, and what stands in for a killed process."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from depthgauge.settings.schema import Settings
from depthgauge.tracking.runs import PARENT
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store, find_store
from depthgauge.tracking.update import TrackedRun, bring_up_to_date


def silent(_: str) -> None:
    """Says nothing."""


@pytest.fixture
def folder(tmp_path: Path, place_store: Callable[[Path], None]) -> Path:
    """An experiment's folder at the root of a git repository with one commit, and a store."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet")
    (root / ".gitignore").write_text(".depthgauge\n")
    (root / "source.py").write_text("pass\n")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "first")
    place_store(root)
    return root


def git(folder: Path, *arguments: str) -> str:
    """Runs git with an identity of its own, whatever the machine has set."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid")
    command = ["git", *identity, "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def store(folder: Path) -> Store:
    """The default store of the repository."""
    return find_store(folder, {})


Track = Callable[[Settings], list[TrackedRun]]
Runs = Callable[[str], list[Any]]
KINDS = ("study", "trial", "point", "replicate", "summary")


@pytest.fixture
def track(folder: Path, store: Store) -> Track:
    """Brings the store up to date."""
    return lambda settings: bring_up_to_date(folder, settings, store, silent)


@pytest.fixture
def runs(store: Store) -> Runs:
    """All runs of one of the `KINDS` in the experiment, newest first."""

    def find(kind: str) -> list[Any]:
        with open_store(store, silent) as client:
            experiment = client.get_experiment_by_name("digits")
            if experiment is None:
                return []
            condition = f"tags.`depthgauge.kind` = '{kind}'"
            return list(client.search_runs([experiment.experiment_id], condition))

    return find


def outline(runs: Runs) -> list[tuple[Any, ...]]:
    """What a store holds, apart from ids and times."""
    return sorted(
        (
            run.info.run_name,
            run.info.status,
            sorted(run.data.metrics.items()),
            sorted(run.data.params.items()),
            sorted(item for item in run.data.tags.items() if item[0] != PARENT),
        )
        for kind in KINDS
        for run in runs(kind)
    )


class KilledError(BaseException):
    """Stands for the end of the process."""


@contextmanager
def killing(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[None]:
    """Raises KilledError in place of the write to the store that comes after `at` others."""
    from mlflow.tracking import MlflowClient

    calls = 0

    def killed(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            if calls == at:
                raise KilledError
            calls += 1
            return method(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("create_run", "log_batch", "log_inputs", "log_artifact", "set_terminated"):
            patch.setattr(MlflowClient, name, killed(getattr(MlflowClient, name)))
        yield


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tracking address of the machine's own."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
