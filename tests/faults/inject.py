"""Makes the n-th operation of a kind go wrong in this process, and counts them all.

Operations are those that change something below one folder: files are opened for writing, written,
forced to the disk, renamed, linked, removed; databases are written and committed; and whatever goes
over a network. Opening, renaming and removing are seen through Python's audit events, whoever asks
for them; what has no event is wrapped.
"""

import builtins
import errno
import io
import os
import signal
import socket
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("file", "database", "network")
SIGNALS = {"kill": signal.SIGKILL, "SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}
# With a full disk and a read-only one all that follows is refused as well.
ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "denied": errno.EACCES}
LASTING = ("full", "read-only")
DATABASE = {
    "full": "database or disk is full",
    "read-only": "attempt to write a readonly database",
    "denied": "unable to open database file",
    "lost": "disk I/O error",
}
EVENTS = {
    "os.rename": "rename",
    "os.mkdir": "mkdir",
    "os.remove": "remove",
    "os.rmdir": "rmdir",
    "os.link": "link",
    "os.symlink": "link",
    "os.truncate": "truncate",
}
# What a full disk does not refuse.
FREEING = ("remove", "rmdir", "truncate")
READING = ("SELECT", "PRAGMA", "EXPLAIN", "BEGIN", "ROLLBACK", "RELEASE", "SAVEPOINT")


@dataclass(frozen=True)
class Fault:
    """action: of SIGNALS, of ERRORS, or `lost`, a connection. number: 0 counts alone."""

    kind: str
    number: int
    action: str


class Injector:
    """One fault below a folder. `report` is told (operations so far, the one that went wrong)."""

    def __init__(self, folder: Path, fault: Fault, report: Any) -> None:
        self.folder, self.fault, self.report = os.path.realpath(folder), fault, report
        self.count, self.broken, self.busy = 0, False, False

    def reach(self, kind: str, what: str, half: Any = None) -> None:
        """An operation is about to be done; half: does half of it first."""
        if kind != self.fault.kind:
            return
        if self.broken:
            self._refuse(what, lasting=True)
            return
        self.count += 1
        if self.count != self.fault.number:
            return
        self.broken = True
        self.report(self.count, what)
        if half is not None and self.fault.action in ("kill", "full"):
            half()
        if self.fault.action in SIGNALS:
            os.kill(os.getpid(), SIGNALS[self.fault.action])
            return
        self._refuse(what, lasting=False)

    def _refuse(self, what: str, lasting: bool) -> None:
        action = self.fault.action
        if action in SIGNALS or (lasting and action not in LASTING):
            return
        if lasting and action == "full" and what in FREEING:
            return
        if self.fault.kind == "database":
            raise sqlite3.OperationalError(DATABASE[action])
        if action == "lost":
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        raise OSError(ERRORS[action], os.strerror(ERRORS[action]))

    def is_ours(self, path: Any) -> bool:
        if isinstance(path, int):
            try:
                path = os.readlink(f"/proc/self/fd/{path}")
            except OSError:
                return False
        try:
            return os.path.abspath(os.fsdecode(path)).startswith(self.folder + os.sep)
        except (TypeError, ValueError):
            return False

    def install(self) -> None:
        """For the rest of this process's life."""
        sys.addaudithook(self._audit)
        self._wrap_files()
        self._wrap_database()
        self._wrap_network()

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            changes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
            if not isinstance(path, int) and flags & changes and self.is_ours(path):
                self.reach("file", "open")
        elif event in EVENTS and self.is_ours(arguments[0]):
            self.reach("file", EVENTS[event])

    def _wrap_files(self) -> None:
        injector, opened, write = self, io.open, os.write

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                some = memoryview(data).cast("B")
                part = some[: len(some) // 2]
                injector.reach("file", "write", lambda: super(Raw, self).write(part))
                return super().write(data)

        def open_(
            file: Any,
            mode: str = "r",
            buffering: int = -1,
            encoding: Any = None,
            errors: Any = None,
            newline: Any = None,
            closefd: bool = True,
            opener: Any = None,
        ) -> Any:
            if isinstance(file, int) or not set("wax+") & set(mode) or not injector.is_ours(file):
                return opened(file, mode, buffering, encoding, errors, newline, closefd, opener)
            raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
            if buffering == 0:
                return raw
            buffered: Any = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, encoding, errors, newline, buffering == 1)

        def os_write(descriptor: int, data: Any) -> int:
            if descriptor > 2 and injector.is_ours(descriptor):
                part = memoryview(data)[: len(data) // 2]
                injector.reach("file", "write", lambda: write(descriptor, part))
            return write(descriptor, data)

        def fsync(descriptor: int) -> None:
            # What is counted need not reach the disk.
            if injector.is_ours(descriptor):
                injector.reach("file", "fsync")

        builtins.open = io.open = open_  # type: ignore[assignment]
        os.write, os.fsync = os_write, fsync

    def _wrap_database(self) -> None:
        injector, connect = self, sqlite3.connect

        def statement(sql: str) -> None:
            word = sql.lstrip().partition(" ")[0].upper()
            if not word.startswith(READING):
                injector.reach("database", word)

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *rest: Any) -> Any:
                statement(sql)
                return super().execute(sql, *rest)

            def executemany(self, sql: str, *rest: Any) -> Any:
                statement(sql)
                return super().executemany(sql, *rest)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def execute(self, sql: str, *rest: Any) -> Any:
                return self.cursor().execute(sql, *rest)

            def commit(self) -> None:
                injector.reach("database", "COMMIT")
                super().commit()

        def connected(database: Any, *rest: Any, **options: Any) -> Any:
            injector.reach("database", "connect")
            return connect(database, *rest, **({"factory": Connection} | options))

        sqlite3.connect = sqlite3.dbapi2.connect = connected  # type: ignore[attr-defined]

    def _wrap_network(self) -> None:
        injector = self

        def wrap(name: str) -> None:
            original = getattr(socket.socket, name)

            def wrapped(self: socket.socket, *arguments: Any, **options: Any) -> Any:
                if self.family in (socket.AF_INET, socket.AF_INET6):
                    injector.reach("network", name)
                return original(self, *arguments, **options)

            setattr(socket.socket, name, wrapped)

        for name in ("connect", "sendall", "send", "recv", "recv_into"):
            wrap(name)
