"""The one git-ignored folder for what stages keep for themselves: checkpoints, databases, locks."""

from pathlib import Path

WORK_FOLDER = ".depthgauge"


def repository_root(folder: Path) -> Path:
    """The first folder upwards that holds .git, or else .dvc; `folder` itself where none does.

    Git's comes first: an experiment is a DVC repository of its own inside that of git.
    """
    folder = folder.resolve()
    for mark in (".git", ".dvc"):
        for candidate in (folder, *folder.parents):
            if (candidate / mark).exists():
                return candidate
    return folder


def work_folder(folder: Path) -> Path:
    """The work folder of the repository that the experiment's folder lies in."""
    return repository_root(folder) / WORK_FOLDER
