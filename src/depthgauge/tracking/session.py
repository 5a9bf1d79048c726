"""An open store: MLflow kept quiet, its failures turned into one line, one writer at a time."""

import http.client
import logging
import os
import socket
import sqlite3
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from depthgauge.addresses import hide, without_user
from depthgauge.tracking.database import ensure_database, sqlite_pragma, unlogged
from depthgauge.tracking.store import Store, StoreError

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

SERVER_PATIENCE_S = 10
WRITER_PATIENCE_S = 600
DEFAULT_PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}
ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # MLflow's own bounds, 7 times 120 s, would hold a run up for minutes.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": str(SERVER_PATIENCE_S),
}


@contextmanager
def open_store(
    store: Store, say: Callable[[str], None], patience_s: float = WRITER_PATIENCE_S
) -> Iterator["MlflowClient"]:
    """A client of the store for its sole writer; the database is made where it is missing.

    patience_s: how long another writer is waited for. Raises StoreError, in one line that says
    what to do, for whatever goes wrong with the store inside the `with` block too: results are
    never harmed by it.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with _failures_in_one_line(store), ExitStack() as stack:
        probe(store)
        stack.enter_context(_only_writer(store, say, patience_s))
        # What MLflow and its dependencies deprecate among themselves is nobody's business here.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        from mlflow.tracking import MlflowClient, _get_store

        for name in ("mlflow", "alembic", "urllib3"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if store.database is not None and store.artifacts is not None:
            ensure_database(store.database, store.artifacts, own=store.own)
        if store.own:
            stack.enter_context(sqlite_pragma("synchronous=NORMAL"))
        client = MlflowClient(store.uri)
        if store.database is not None:
            # MLflow keeps connections for the life of the process; a database that is deleted
            # meanwhile would go on living in them.
            engine = _get_store(store.uri).engine  # type: ignore[no-untyped-call]
            stack.callback(engine.dispose)
        yield client


def _only_writer(
    store: Store, say: Callable[[str], None], patience_s: float
) -> AbstractContextManager[object]:
    """The lock of the one writer, acquired; waits for another one of this repository to end."""
    store.work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store.work / "track.lock")
    with suppress(Timeout):
        return lock.acquire(timeout=0)
    say("waiting for another `depthgauge track` to end")
    try:
        return lock.acquire(timeout=patience_s)
    except Timeout:
        raise StoreError(
            f"{lock.lock_file}: another `depthgauge track` has held it for {patience_s:.0f} s; "
            "end that one, or run this again later"
        ) from None


# Without it MLflow's UI takes an experiment for one about language models and hides its runs.
TAGS = {"mlflow.experimentKind": "custom_model_development"}


def find_experiment(client: "MlflowClient", store: Store, name: str) -> str:
    """The id of the experiment of that name, made, or brought back from the bin, where needed."""
    found = client.get_experiment_by_name(name)
    location = None if store.artifacts is None else str(store.artifacts / name)
    if found is not None:
        known = str(found.experiment_id)
        if found.lifecycle_stage == "deleted":
            client.restore_experiment(known)
        place = urllib.request.url2pathname(found.artifact_location.removeprefix("file://"))
        if not store.own or place == location:
            return known
        # The repository was copied or moved together with its database: new artifacts must not
        # go to where it was before, which may be somebody else's now.
        client.rename_experiment(known, f"{name} (moved, {known})")
    return str(client.create_experiment(name, artifact_location=location, tags=TAGS))


def probe(store: Store, patience_s: float | None = None) -> None:
    """Asks a server for any answer at all, since MLflow and database drivers wait far too long.

    Raises StoreError where none comes. patience_s: `SERVER_PATIENCE_S` by default.
    """
    patience_s = SERVER_PATIENCE_S if patience_s is None else patience_s
    parts = urlsplit(store.uri)
    scheme = parts.scheme.partition("+")[0]
    try:
        if scheme in ("http", "https"):
            # urllib knows no user in an address, which MLflow's own client does.
            url = f"{without_user(store.uri).partition('?')[0].rstrip('/')}/health"
            urllib.request.urlopen(url, timeout=patience_s).close()
        elif scheme in DEFAULT_PORTS and parts.hostname:
            address = (parts.hostname, parts.port or DEFAULT_PORTS[scheme])
            socket.create_connection(address, timeout=patience_s).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = hide(str(getattr(error, "reason", error)), store.uri)
        # A certificate that is not trusted here is an answer; MLflow has settings for it.
        if "certificate" not in reason.lower():
            said = f"MLFLOW_TRACKING_URI: {store.shown_uri} does not answer ({reason})"
            raise unlogged(said, "it does") from None


@contextmanager
def _failures_in_one_line(store: Store) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # MLflow's and SQLAlchemy's are known by their names, without importing either.
        packages = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
        outside = isinstance(error, OSError | sqlite3.Error | ImportError)
        if not outside and not packages & {"mlflow", "sqlalchemy"}:
            raise
        lines = str(error).strip().splitlines() or [type(error).__name__]
        said = f"MLflow store {store.shown_uri}: {hide(lines[0], store.uri)}"
        raise unlogged(said, "that is mended") from error
