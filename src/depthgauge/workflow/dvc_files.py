"""What DVC leaves torn where it is interrupted while it writes: seen, and put right.

DVC writes dvc.lock and its own lock file in place. A signal or a power cut between leaves half of
one, with which every later command of DVC fails.
"""

import json
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from depthgauge.files.atomic import write_file
from depthgauge.files.digests import bytes_digest
from depthgauge.files.work import repository_root, work_folder

LOCK, RUNNING = "dvc.lock", Path(".dvc/tmp/rwlock")
KEPT = "locks"
# A file that changed so lately may be one that DVC is writing this very moment.
QUIET_S = 1.0


def keep_lock(folder: Path) -> None:
    """Keep a copy of the experiment's dvc.lock, where it is whole."""
    path = folder / LOCK
    if path.is_file() and _is_lock(data := path.read_bytes()):
        write_file(_kept(folder), data)


def mend(folder: Path) -> Iterator[str]:
    """Put right what is torn, and say so, in one line each.

    dvc.lock comes back from the copy that was kept last, else from the last commit; without either
    it is taken away, and DVC finds what has run in its cache.
    """
    path = folder / LOCK
    if path.is_file() and not _is_lock(_quiet(path)):
        source, data = _whole(folder)
        if data is None:
            path.unlink()
            yield f"{path}: was torn, and there is no whole one: taken away; stages run again"
        else:
            write_file(path, data)
            yield f"{path}: was torn: put back from {source}; what has run since runs again"
    path = folder / RUNNING
    if path.is_file() and not _is_mapping(_quiet(path)):
        path.unlink(missing_ok=True)
        yield f"{path}: was torn: taken away"


def _kept(folder: Path) -> Path:
    place = folder.resolve().relative_to(repository_root(folder)).as_posix()
    return work_folder(folder) / KEPT / f"{bytes_digest(place.encode())[:16]}.lock"


def _whole(folder: Path) -> tuple[str, bytes | None]:
    """Where a whole dvc.lock was found, and what it says; None where there is none."""
    with suppress(OSError):
        if _is_lock(data := _kept(folder).read_bytes()):
            return "the copy of the last run", data
    # Imported here: without git there is nothing to import.
    with suppress(ImportError):
        from git import Git, GitError

        with suppress(GitError, OSError):
            data = Git(folder).show(f"HEAD:./{LOCK}", strip_newline_in_stdout=False).encode()
            if _is_lock(data):
                return "the last commit", data
    return "", None


def _quiet(path: Path) -> bytes:
    """What stands in a file once nobody has written it for a moment."""
    while 0 <= time.time() - path.stat().st_mtime < QUIET_S:
        time.sleep(QUIET_S / 10)
    return path.read_bytes()


def _is_lock(data: bytes) -> bool:
    """Whether it is a whole dvc.lock: every stage has its command and whole lists of files."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(data.decode())
    except (YAMLError, UnicodeDecodeError):
        return False
    if not isinstance(content, dict) or content.get("schema") != "2.0":
        return False
    stages = content.get("stages")
    return isinstance(stages, dict) and all(_is_stage(stage) for stage in stages.values())


def _is_stage(stage: Any) -> bool:
    if not isinstance(stage, dict) or not isinstance(stage.get("cmd"), str):
        return False
    files = [*(stage.get("deps") or []), *(stage.get("outs") or [])]
    return all(isinstance(each, dict) and _is_file(each.keys()) for each in files)


def _is_file(keys: Collection[str]) -> bool:
    """Of a file or folder here, or one that lies elsewhere, of which its place tells a tag."""
    return "path" in keys and ({"md5", "size"} <= {*keys} or bool({"etag", "checksum"} & {*keys}))


def _is_mapping(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data or b"{}"), dict)
    except ValueError:
        return False
