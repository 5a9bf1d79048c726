"""The one git-ignored folder for what stages keep for themselves: checkpoints, databases, locks."""

from pathlib import Path

WORK_FOLDER = ".depthgauge"


def repository_root(folder: Path) -> Path:
    """The first folder upwards that holds .git or .dvc; `folder` itself where none does."""
    folder = folder.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists() or (candidate / ".dvc").exists():
            return candidate
    return folder


def work_folder(folder: Path) -> Path:
    """The work folder of the repository that the experiment's folder lies in."""
    return repository_root(folder) / WORK_FOLDER
