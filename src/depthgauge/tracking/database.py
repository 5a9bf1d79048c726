"""The sqlite file of a store: made once, whole or not at all; never replaced when it is damaged."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from depthgauge.tracking.store import StoreError

MLFLOW_TABLES = {"alembic_version", "experiments", "runs"}
BUSY_S = 20.0
# MLflow writes the default experiment's place into SQL, which quotes and colons of a path break.
PLAIN = "/artifacts"


def ensure_database(path: Path, artifacts: Path, *, own: bool) -> None:
    """Makes the database if there is none, and otherwise checks that it is one that can be used.

    Processes that make MLflow's schema at the same moment crash, so it is made under a lock, and
    in a file aside that is moved into place, so that a kill half-way leaves nothing behind that
    looks like a database.

    Raises StoreError for a file that is damaged, foreign or cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        if not path.exists() or path.stat().st_size == 0:
            _make(path, artifacts)
    _check(path, own=own)


def _make(path: Path, artifacts: Path) -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    prefix = f"{path.name}.new-"
    for leftover in path.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=path.parent) as aside:
        database = Path(aside) / path.name
        # Nothing is lost with a file that is not in place yet, so it need not reach the disk.
        with sqlite_pragma("synchronous=OFF"):
            store = SqlAlchemyStore(f"sqlite:///{database}", PLAIN)  # type: ignore[no-untyped-call]
            store.engine.dispose()
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(
                "UPDATE experiments SET artifact_location = replace(artifact_location, ?, ?)",
                (PLAIN, str(artifacts)),
            )
        os.replace(database, path)


def _check(path: Path, *, own: bool) -> None:
    # MLflow would try a file it cannot use ten times over two minutes before it gives up.
    cure = "move it away and run `depthgauge track` again: everything is logged anew from the files"
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not {name for (name,) in tables} >= MLFLOW_TABLES:
                raise StoreError(f"{path}: is a database, but not MLflow's; {cure}")
            if own:
                # With a write-ahead log a commit need not wait for the disk, and neither a kill
                # nor a power cut can damage the file.
                connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        said = f"{path}: the MLflow database cannot be written ({error})"
        raise unlogged(said, "it can") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: the MLflow database is damaged ({error}); {cure}") from None


def unlogged(said: str, when: str) -> StoreError:
    """The error of a store that cannot be used; when: what must come true first."""
    return StoreError(
        f"{said}; the results are complete on disk, and `depthgauge track` may be run again "
        f"when {when}"
    )


@contextmanager
def sqlite_pragma(pragma: str) -> Iterator[None]:
    """Sets a pragma on every sqlite connection that SQLAlchemy opens meanwhile."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def on_connect(connection: Any, _: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
