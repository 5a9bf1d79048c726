"""Which commit was checked out at the time of logging, and whether the source differed from it."""

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
    """The state of the git repository around `folder`; None where git cannot tell, or is absent."""
    try:
        from git import Git, GitError
    except ImportError:  # GitPython's word for a machine without git
        return None
    git = Git(folder)
    # A status run must not take the index lock from a git command that a person is running.
    git.update_environment(GIT_OPTIONAL_LOCKS="0")
    excluded = [f":(top,exclude,glob)**/{pattern}" for pattern in NOT_SOURCE]
    try:
        commit = git.rev_parse("--verify", "HEAD", kill_after_timeout=PATIENCE_S)
        changes = git.status(
            "--porcelain", "--", ":(top)", *excluded, kill_after_timeout=PATIENCE_S
        )
    except (GitError, OSError):
        return None
    return Commit(commit, dirty=bool(changes))
