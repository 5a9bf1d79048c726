"""The storage that holds the studies: ours by default, or any that Optuna can open."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import optuna
from filelock import FileLock
from optuna.exceptions import ExperimentalWarning, StorageInternalError
from optuna.storages import BaseStorage, RDBStorage
from optuna.storages._rdb.models import BaseModel
from sqlalchemy import Engine, create_engine, inspect, make_url, select
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from depthgauge.addresses import hide, shown
from depthgauge.errors import InputError
from depthgauge.files.work import work_folder
from depthgauge.search import heartbeat
from depthgauge.search.journal import open_journal
from depthgauge.search.signals import held

DEFAULT = "optuna.log"
# As Optuna's own commands have it.
ENVIRONMENT = "OPTUNA_STORAGE"
# What every database of Optuna has.
OPTUNA_TABLES = set(BaseModel.metadata.tables) | {"alembic_version"}


def storage_url(folder: Path, asked: str | None) -> str:
    """What names the storage: a database URL, or the path of a journal file.

    Without one asked for it is that of `OPTUNA_STORAGE`, where a list of processes does not show
    its password, and else the journal in the work folder, one for all experiments.
    """
    return asked or os.environ.get(ENVIRONMENT) or str(work_folder(folder) / DEFAULT)


def open_storage(url: str) -> BaseStorage:
    """Open the storage; a journal or an sqlite file that does not exist yet is made.

    Raises InputError, in one line, if it cannot be reached, is no Optuna storage or is damaged.
    Nothing is ever put in the place of what is there.
    """
    # Its warnings are of locks that it waits for, and mean nothing to a person.
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    optuna.logging.disable_default_handler()
    try:
        if "://" in url:
            storage = _database(url)
        else:
            _require_file(Path(url))
            storage = open_journal(Path(url))
        storage.get_all_studies()
    except InputError:
        raise
    except Exception as error:  # whatever a driver raises, a person gets one line
        raise InputError(
            f"--storage {shown(url)}: cannot be used as an Optuna storage: "
            f"{_reason(error, url)}; nothing in it was changed, name another one or mend it"
        ) from error
    return storage


def make_storage(url: str) -> None:
    """Make what is not there yet, before several processes open it. Raises as `open_storage`."""
    with held():
        storage = open_storage(url)
        if isinstance(storage, RDBStorage):
            # A forked process must inherit no connection.
            storage.engine.dispose()


def turn(url: str, work: Path) -> FileLock:
    """What a search of this machine holds while it asks for its next trial.

    sqlite lets two searches take one trial that waits, and nothing keeps two from beginning a study
    with the same first one. work: the folder for it where the storage is no file of sqlite's.
    """
    file = make_url(url).database if url.startswith("sqlite") else None
    return FileLock(f"{file}.lock" if file else work / "ask.lock")


@contextmanager
def readable(url: str) -> Iterator[None]:
    """What goes wrong where what the storage holds is read, in one line. Raises InputError."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # a damaged value is met anywhere
        raise InputError(
            f"--storage {shown(url)}: what it holds is damaged: {_reason(error, url)}; nothing in "
            "it was changed, name another one or mend it"
        ) from error


@contextmanager
def kept_storage(url: str) -> Iterator[None]:
    """What goes wrong with the storage while a search writes to it, in one line.

    Raises InputError. The trial in hand is lost; those before it are in the storage.
    """
    try:
        yield
    except (StorageInternalError, SQLAlchemyError, OSError) as error:
        raise InputError(
            f"--storage {shown(url)}: was lost in mid-search: {_reason(error, url)}; "
            "finished trials are kept: mend it and run the same command again"
        ) from error


def _database(url: str) -> BaseStorage:
    # A bound on waiting for a database server that does not answer.
    patience = {"connect_timeout": 10} if url.startswith("postgresql") else {}
    arguments = {"connect_args": patience}
    engine = _engine(url, arguments)
    try:
        tables = set(inspect(engine).get_table_names())
        # Optuna would put its tables beside those of whatever else the database is for.
        if tables and not tables >= OPTUNA_TABLES and not _is_half_made(engine, tables):
            raise ValueError("it is a database of something else")
        if url.startswith("sqlite"):
            _require_sound(engine)
    finally:
        engine.dispose()
    with warnings.catch_warnings():
        # Of the heartbeat, which is experimental.
        warnings.simplefilter("ignore", ExperimentalWarning)
        return RDBStorage(
            url, arguments, heartbeat_interval=heartbeat.INTERVAL_S, grace_period=heartbeat.GRACE_S
        )


def _is_half_made(engine: Engine, tables: set[str]) -> bool:
    """Whether all there is are Optuna's own tables, still empty: it was killed as it made them."""
    if not tables <= OPTUNA_TABLES:
        return False
    known = BaseModel.metadata.tables
    inspector = inspect(engine)
    with engine.connect() as connection:
        for name in tables & set(known):
            columns = {column["name"] for column in inspector.get_columns(name)}
            if columns != set(known[name].columns.keys()):
                return False
            if name != "version_info" and connection.execute(select(known[name])).first():
                return False
    return True


def _require_sound(engine: Engine) -> None:
    """Raises ValueError for pages that do not fit together and for rows of nothing: a later trial
    would take what is left of one that is gone for its own.
    """
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise ValueError("it is damaged")
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise ValueError(f"it is damaged: a row of {lost[0]} belongs to none of {lost[2]}")


def _engine(url: str, arguments: dict[str, Any]) -> Engine:
    """Raises ValueError, with what to do, for a URL that can never name a storage here."""
    known = "sqlite:///FILE, postgresql+psycopg://USER@HOST/NAME, or the path of a journal file"
    if url.startswith("sqlite"):
        file = make_url(url).database
        if file in (None, "", ":memory:"):
            raise ValueError("a database in memory keeps nothing; write sqlite:///FILE")
        _require_file(Path(file))
    try:
        return create_engine(url, **arguments)
    except NoSuchModuleError:
        raise ValueError(f"it is no kind of database that is known; write {known}") from None
    except ModuleNotFoundError as error:
        package = "'depthgauge[postgresql]'" if error.name == "psycopg" else error.name
        raise ValueError(
            f"its driver {error.name} is not installed; use pip install {package}, or write {known}"
        ) from None


def _require_file(path: Path) -> None:
    """Raises InputError for what is there and is no file: /dev/zero never ends, a pipe waits."""
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a device or a pipe"
        raise InputError(f"--storage {path}: is {kind}; name a file or a database URL")


def _reason(error: Exception, url: str) -> str:
    """The first line of what a driver says, without the password."""
    cause = error.__cause__
    if isinstance(error, StorageInternalError) and isinstance(cause, Exception):
        error = cause  # Optuna's own words blame the data
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    server = "" if url.startswith("sqlite") else url.partition("://")[2].rpartition("@")[0]
    if "@" in server.partition(":")[2]:
        # The driver takes what follows the first @ for the host, and tells of it.
        return "an @ in a user or password is written %40"
    return hide(reason, url)[:200]
