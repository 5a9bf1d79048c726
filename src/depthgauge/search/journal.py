"""A journal file: lines of JSON, to which every search appends what it does."""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileSymlinkLock

from depthgauge.search.heartbeat import BeatingJournal

# What the first line begins with.
BEGINNING = b'{"op_code"'
# A line is some hundred bytes, that of a study's plan some thousand.
LONGEST_LINE = 16 * 2**20
# An append takes milliseconds: a lock as old as this was left by a process that was killed in one.
LOCK_GRACE_S = 5


class _JournalLock(JournalFileSymlinkLock):
    """Optuna's lock, which a search that was killed leaves behind; the next one waits a moment."""

    def __init__(self, path: str) -> None:
        super().__init__(path, grace_period=LOCK_GRACE_S)

    def release(self) -> None:
        """Let go, also of a lock that another process has taken for one left behind."""
        with suppress(RuntimeError):
            super().release()


def open_journal(path: Path) -> BeatingJournal:
    """Open the file; one that does not exist yet is made.

    Cuts off a last line that a power cut tore. Raises an error of its own, of JSON's or of Optuna's
    for a file that is no journal or is damaged, which is left as found.
    """
    # Optuna's lock is a link with this path in it, which must lead somewhere from any folder.
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        _require_journal(path)
    return BeatingJournal(JournalFileBackend(str(path), lock_obj=_JournalLock(str(path))))


def _require_journal(path: Path) -> None:
    """Cut off a last line that a power cut tore: Optuna would take the whole file for damaged.

    Raises ValueError if the file does not begin or end as a journal does.
    """
    with path.open("rb") as file:
        if not BEGINNING.startswith(file.read(len(BEGINNING))):
            raise ValueError("it is no journal of Optuna")
    lock = _JournalLock(str(path))
    lock.acquire()
    try:
        whole, last = _whole_lines(path)
        # Optuna overlooks a broken last line, and can read nothing once it has written after it.
        if whole:
            json.loads(last)
        if whole < path.stat().st_size:
            _require_readable(path, whole)
            with path.open("rb+") as file:
                file.truncate(whole)
                os.fsync(file.fileno())
    finally:
        lock.release()


def _require_readable(path: Path, whole: int) -> None:
    """Raises what Optuna does if it cannot read the first so many bytes of the file."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        with path.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.truncate(whole)
        JournalStorage(JournalFileBackend(str(copy)))


def _whole_lines(path: Path) -> tuple[int, bytes]:
    """Where the last line ends that has an end, and that line.

    Raises ValueError for one that is too long: Optuna would take memory for all of it.
    """
    whole, last = 0, b""
    with path.open("rb") as file:
        while (line := file.readline(LONGEST_LINE + 1)).endswith(b"\n"):
            whole, last = whole + len(line), line
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a line of it has more than {LONGEST_LINE} bytes")
    return whole, last
