"""Which commit was checked out at the time of logging, and whether the source differed from it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 20
NOT_SOURCE = ("dvc.lock", "results/**", "data/prepared/**", ".depthgauge/**")
"""What the pipeline itself rewrites, at the root and in every experiment's folder."""


@dataclass(frozen=True)
class Commit:
    """commit: the full hash. dirty: whether source, settings or raw data differ from it."""

    commit: str
    dirty: bool


def current_commit(folder: Path) -> Commit | None:
    """The state of the git repository around `folder`; None where there is no commit or no git."""
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return None
    excluded = [f":(top,exclude,glob)**/{pattern}" for pattern in NOT_SOURCE]
    changes = _git(folder, "status", "--porcelain", "--", ":(top)", *excluded)
    # Where git cannot say, nobody may take the commit for the whole truth.
    return Commit(commit.strip(), dirty=changes is None or bool(changes.strip()))


def _git(folder: Path, *arguments: str) -> str | None:
    # A status run must not take the index lock from a git command that a person is running.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
