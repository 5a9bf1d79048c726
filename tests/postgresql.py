"""A PostgreSQL server that tests start by themselves, in a folder of their own."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

PASSWORD = "sec/r@t:1"
QUOTED = "sec%2Fr%40t%3A1"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, which need not be on the path; None without them."""
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    whole = [f for f in found if all((f / name).is_file() for name in ("initdb", "pg_ctl", "psql"))]
    return whole[-1] if whole else None


def missing() -> str | None:
    """Why no server can be used here; None where it can."""
    if programs() is None:
        return "PostgreSQL is not installed: initdb, pg_ctl and psql are looked for"
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed: pip install 'psycopg[binary]'"
    return None


NEEDED = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class Server:
    """Of a user `me`, who owns its databases and has a password."""

    def __init__(self, folder: Path) -> None:
        # It refuses to run as root.
        self._become = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self._become:
            shutil.chown(folder, "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder, self._data = folder, folder / "data"
        self._numbers = count()
        way = ("--auth-local=trust", "--auth-host=scram-sha-256")
        self._call("initdb", "-D", str(self._data), "-U", "postgres", "--no-sync", *way)
        self.start()
        self.sql(f"CREATE ROLE me LOGIN PASSWORD '{PASSWORD}'")

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} -c fsync=off"
        log = ("-w", "-l", str(self._folder / "log"))
        self._call("pg_ctl", "-D", str(self._data), *log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is as a crash."""
        self._call("pg_ctl", "-D", str(self._data), "-m", mode, "stop")

    def sql(self, statement: str, database: str = "postgres") -> None:
        where = ("-h", str(self._folder), "-p", str(self.port), "-U", "postgres")
        self._call("psql", "-q", *where, "-d", database, "-c", statement)

    def database(self, name: str | None = None) -> str:
        """The URL of a new empty database."""
        name = name or f"made_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} OWNER me")
        return f"postgresql+psycopg://me:{QUOTED}@{self.place}/{name}"

    def dump(self, database: str) -> str:
        """What a database holds, as statements that also a later server takes."""
        how = ("--no-owner", "--no-privileges", "--no-comments", "--inserts")
        where = ("-h", str(self._folder), "-p", str(self.port), "-U", "postgres")
        lines = self._call("pg_dump", *how, *where, database).splitlines()
        # Comments, orders to psql, and settings that not every server knows.
        left = [line for line in lines if line and not line.startswith(("--", "\\", "SET "))]
        return "\n".join(left) + "\n"

    def restore(self, dump: Path, url: str) -> None:
        """Into a database of this server, by its owner."""
        where = url.replace("postgresql+psycopg", "postgresql")
        self._call("psql", "-q", "-v", "ON_ERROR_STOP=1", where, statements=dump.read_text())

    def _call(self, name: str, *arguments: str, statements: str | None = None) -> str:
        folder = programs()
        assert folder is not None
        done = subprocess.run(
            [*self._become, str(folder / name), *arguments],
            check=True,
            cwd=self._folder,
            input=statements,
            # A server that is started keeps what it is given open.
            stdout=subprocess.PIPE if name in ("pg_dump", "psql") else subprocess.DEVNULL,
            text=True,
            timeout=60,
        )
        return done.stdout or ""


@contextmanager
def server() -> Iterator[Server]:
    """A server that runs until the block ends."""
    # Not below pytest's folder, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    made = None
    try:
        made = Server(folder)
        yield made
    finally:
        if made is not None:
            made.stop()
        shutil.rmtree(folder, ignore_errors=True)
