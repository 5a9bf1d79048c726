"""Which commit was checked out at the time of logging, and whether the source differed from it."""

from pathlib import Path

PATIENCE_S = 20
# What the pipeline itself rewrites, at the root and in every experiment's folder.
NOT_SOURCE = ("dvc.lock", "code/**", "results/**", "data/prepared/**", ".depthgauge/**")
DIRTY = "depthgauge.source_dirty"
COMMIT = "depthgauge.git_commit"


def commit_tags(folder: Path) -> dict[str, str]:
    """The commit of the git repository around `folder`, and whether source, settings or raw data
    differ from it, as tags of a run."""
    unknown = {DIRTY: "unknown: no git commit"}
    try:
        from git import Git, GitError
    except ImportError:  # GitPython's word for a machine without git
        return unknown
    git = Git(folder)
    # A status run must not take the index lock from a git command that a person is running.
    git.update_environment(GIT_OPTIONAL_LOCKS="0")
    paths = (":(top)", *(f":(top,exclude,glob)**/{pattern}" for pattern in NOT_SOURCE))
    try:
        commit = git.rev_parse("--verify", "HEAD", kill_after_timeout=PATIENCE_S)
        changes = git.status("--porcelain", "--", *paths, kill_after_timeout=PATIENCE_S)
    except (GitError, OSError):
        return unknown
    dirty = "true" if changes else "false"
    return {"mlflow.source.git.commit": commit, COMMIT: commit, DIRTY: dirty}
