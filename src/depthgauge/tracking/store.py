"""Where MLflow's store lies and which folder of the repository is ours."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from depthgauge.addresses import hide, shown, without_user
from depthgauge.errors import InputError
from depthgauge.files.work import work_folder


class StoreError(InputError):
    """The store cannot be used now; the results are complete on disk without it."""


@dataclass(frozen=True)
class Store:
    """An MLflow store.

    uri: what MLflow calls the tracking URI. work: our folder for locks and live files.
    artifacts: where new experiments keep their artifacts; None leaves it to the server.
    database: the sqlite file if the store is one. own: whether it is the default store, which
    nobody configured and which may be tuned and checked as a file of ours.
    """

    uri: str
    work: Path
    artifacts: Path | None
    database: Path | None
    own: bool

    @property
    def shown_uri(self) -> str:
        """The URI without a secret, for messages."""
        return shown(self.uri)

    @property
    def origin(self) -> str:
        """Tells this checkout on this machine from others that log to the same server."""
        text = f"{platform.node()}:{self.work.resolve()}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_store(folder: Path, environment: Mapping[str, str]) -> Store:
    """The store that an experiment's folder logs to.

    `MLFLOW_TRACKING_URI` wins where it is set; otherwise one sqlite file for all experiments of
    the repository. Nothing is created. Raises InputError for a folder whose name MLflow mistakes.
    """
    work = work_folder(folder)
    artifacts = work / "mlartifacts"
    uri = environment.get("MLFLOW_TRACKING_URI", "").strip()
    if not uri:
        database = work / "mlflow.db"
        if set("%?") & set(str(database)):
            # MLflow takes them for marks of an address and writes into folders of other names.
            raise InputError(
                f"{work}: MLflow cannot keep its store below a folder with % or ? in its name; "
                "set MLFLOW_TRACKING_URI, or rename the folder"
            )
        return Store(f"sqlite:///{database}", work, artifacts, database, own=True)
    try:
        scheme = urlsplit(uri).scheme.partition("+")[0]
        without_user(uri)
    except ValueError as error:
        raise InputError(
            f"MLFLOW_TRACKING_URI: {shown(uri)[:200]!r} is no address ({hide(str(error), uri)}); "
            "write it as in http://USER:PASSWORD@HOST:PORT or sqlite:///FILE, with %40 for an @ "
            "in a password"
        ) from None
    path = uri.partition("://")[2].removeprefix("/").partition("?")[0]
    # An empty path is a database in memory: no file to look after.
    is_file = scheme == "sqlite" and path not in ("", ":memory:")
    # A bare database keeps no artifacts and MLflow would put them in the working directory; a
    # server and a folder of files have a place of their own.
    kept = artifacts if scheme in ("sqlite", "postgresql", "mysql", "mssql") else None
    return Store(uri, work, kept, folder / path if is_file else None, own=False)
