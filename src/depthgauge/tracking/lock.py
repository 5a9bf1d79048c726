"""What dvc.lock says of a result, by which git finds the commit that holds it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

LOCK = "dvc.lock"
LOCKED = "depthgauge.dvc_lock_md5"


def locked_outputs(folder: Path) -> dict[str, str]:
    """The MD5 of every output in an experiment's dvc.lock, by its path; {} where there is none.

    `git log -S MD5 -- dvc.lock` finds the commit that brought the output. (The digest of the whole
    file would find nothing: DVC writes it again after the stage that logs.)
    """
    try:
        content: Any = YAML(typ="safe").load((folder / LOCK).read_text(encoding="utf-8"))
        stages = content["stages"].values()
        outputs = [out for stage in stages for out in stage.get("outs", [])]
        return {str(out["path"]): str(out["md5"]) for out in outputs if "md5" in out}
    except (OSError, ValueError, YAMLError, LookupError, TypeError, AttributeError):
        return {}


def lock_tags(folder: Path, path: Path, outputs: dict[str, str]) -> dict[str, str]:
    """The tag of a result at `path`, if it is what dvc.lock tells of; {} if it is not."""
    known = outputs.get(path.relative_to(folder).as_posix())
    return {LOCKED: known} if known is not None and _md5(path) == known else {}


def _md5(path: Path) -> str:
    """As DVC has it: of a file its bytes, of a folder (ours hold no folders) the list of files."""
    if path.is_file():
        return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    files = sorted(file for file in path.iterdir() if file.is_file())
    entries = [{"md5": _md5(file), "relpath": file.relative_to(path).as_posix()} for file in files]
    entries.sort(key=lambda entry: entry["relpath"])
    listed = json.dumps(entries, sort_keys=True).encode()
    return hashlib.md5(listed, usedforsecurity=False).hexdigest() + ".dir"
