"""What every store that ships must do: sqlite, PostgreSQL, a server of MLflow.

The same results come to the same runs in each, whatever happened on the way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from depthgauge.settings.schema import Settings
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store, StoreError, find_store
from depthgauge.tracking.update import TrackedRun, bring_up_to_date
from tests import postgresql
from tests.tracking import fake
from tests.tracking.conftest import KilledError, killing, silent
from tests.tracking.held import held
from tests.tracking.servers import MlflowServer

KINDS = (
    "sqlite",
    pytest.param("postgresql", marks=[pytest.mark.slow, postgresql.NEEDED]),
    pytest.param("server", marks=pytest.mark.slow),
)


@pytest.fixture(scope="module")
def postgresql_server() -> Iterator[postgresql.Server]:
    with postgresql.server() as server:
        yield server


@pytest.fixture(scope="module")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory, schema: Path) -> Iterator[MlflowServer]:
    folder = tmp_path_factory.mktemp("server")
    database = folder / "mlflow.db"
    database.write_bytes(schema.read_bytes())
    server = MlflowServer(folder, database)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module", params=KINDS)
def environment_of(request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment in which `track` logs to a store of the kind."""
    if request.param == "sqlite":
        return {}
    if request.param == "server":
        return {"MLFLOW_TRACKING_URI": request.getfixturevalue("mlflow_server").uri}
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    return {"MLFLOW_TRACKING_URI": server.database()}


@pytest.fixture
def other(folder: Path, environment_of: dict[str, str], request: pytest.FixtureRequest) -> Store:
    """A store of the kind, without the experiment."""
    store = find_store(folder, environment_of)
    if environment_of:
        # One database for all tests: what an earlier one left goes out of the way.
        with open_store(store, silent) as client:
            found = client.get_experiment_by_name("digits")
            if found is not None:
                client.rename_experiment(found.experiment_id, f"digits {found.experiment_id}")
    return store


def write_results(folder: Path) -> None:
    for point in (0, 1):
        fake.write_point(folder, point)
        fake.write_searched(folder, point)
    fake.write_summary(folder, (0, 1))


def settings() -> Settings:
    return fake.settings(0, 1)


def searched() -> Settings:
    """Of what was searched, of which nothing is trained."""
    return fake.settings(0, 1, tuned=True)


def track(folder: Path, store: Store) -> list[TrackedRun]:
    found = bring_up_to_date(folder, settings(), store, silent)
    return found + bring_up_to_date(folder, searched(), store, silent)


@pytest.fixture
def wanted(folder: Path) -> dict[str, Any]:
    """What a store of its own kind holds that nobody disturbed."""
    write_results(folder)
    own = find_store(folder, {})
    track(folder, own)
    content = held(own)
    with open_store(own, silent) as client:
        found = client.get_experiment_by_name("digits")
        assert found is not None
        client.rename_experiment(found.experiment_id, "undisturbed")
    return content


def test_it_holds_the_same_and_a_second_time_adds_nothing(
    folder: Path, wanted: dict[str, Any], other: Store
) -> None:
    first = track(folder, other)
    assert held(other) == wanted
    assert len(wanted["runs"]) == 2 + 6 + 2 + 8 + 1

    again = track(folder, other)

    assert not [run for run in again if run.added or run.mended]
    assert {run.run_id for run in again} == {run.run_id for run in first}
    assert held(other) == wanted


def test_what_is_deleted_is_logged_again(
    folder: Path, wanted: dict[str, Any], other: Store
) -> None:
    track(folder, other)
    with open_store(other, silent) as client:
        experiment = client.get_experiment_by_name("digits")
        assert experiment is not None
        every = list(client.search_runs([experiment.experiment_id]))
        kinds = {run.data.tags["depthgauge.kind"]: run.info.run_id for run in every}
        for kind in ("replicate", "trial", "summary"):
            client.delete_run(kinds[kind])
    assert held(other) != wanted

    tracked = track(folder, other)

    assert sorted(run.name for run in tracked if run.added) == ["summary"]
    assert len([run for run in tracked if run.mended]) == 2
    assert held(other) == wanted


@pytest.mark.parametrize("at", [0, 4, 9, 12, 20, 31])
def test_killed_half_way_it_comes_to_the_same(
    folder: Path, wanted: dict[str, Any], other: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    with killing(monkeypatch, at), pytest.raises(KilledError):
        track(folder, other)
    track(folder, other)
    assert held(other) == wanted


@contextmanager
def at_write(number: int, act: Callable[[], object]) -> Iterator[None]:
    """Acts before the write of that number reaches the store."""
    from mlflow.tracking import MlflowClient

    calls, write = 0, MlflowClient.log_batch

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            act()
        return write(*arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MlflowClient, "log_batch", call)
        yield


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["server", pytest.param("postgresql", marks=postgresql.NEEDED)])
@pytest.mark.parametrize("number", [1, 4])
def test_a_server_that_crashes_meanwhile_is_told_and_the_rest_is_logged_later(
    folder: Path, wanted: dict[str, Any], request: pytest.FixtureRequest, kind: str, number: int
) -> None:
    if kind == "server":
        mlflow: MlflowServer = request.getfixturevalue("mlflow_server")
        uri, crash, start = mlflow.uri, mlflow.kill, mlflow.start
    else:
        server: postgresql.Server = request.getfixturevalue("postgresql_server")
        uri, crash, start = server.database(), server.stop, server.start
    store = find_store(folder, {"MLFLOW_TRACKING_URI": uri})
    with open_store(store, silent) as client:
        found = client.get_experiment_by_name("digits")
        if found is not None:
            client.rename_experiment(found.experiment_id, f"digits {found.experiment_id}")
    try:
        with at_write(number, crash), pytest.raises(StoreError) as told:
            track(folder, store)
    finally:
        start()
    assert "\n" not in str(told.value)
    assert postgresql.PASSWORD not in str(told.value)
    track(folder, store)
    assert held(store) == wanted
