"""Whether DVC finds the git repository that it needs, or is told to do without."""

import configparser
import shlex
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.hints import seen_from_here

_CONFIGS = (".dvc/config", ".dvc/config.local")


def require_scm(folder: Path) -> None:
    """Raises InputError where DVC would refuse the experiment, and says what to do.

    A copy that was downloaded as an archive lies in no repository of git. Where there is no .dvc
    either, nobody means to run DVC.
    """
    root = lacks_scm(folder)
    if root is not None:
        raise InputError(
            f"{folder}: lies in no git repository, and DVC needs one: `git init "
            f"{shlex.quote(seen_from_here(root))}`, or `dvc config core.no_scm true` to do without"
        )


def lacks_scm(folder: Path) -> Path | None:
    """The folder that is to be a repository of git, so that DVC runs; None where it runs now."""
    around = (folder.resolve(), *folder.resolve().parents)
    known = [place for place in around if (place / ".dvc").is_dir()]
    if not known or _does_without(known[0]) or lies_in_git(folder):
        return None
    # An experiment lies in the repository that is to be.
    return known[-1]


def lies_in_git(folder: Path) -> bool:
    """Whether a folder lies in a repository or a work tree of git."""
    return any(map(_is_repository, (folder.resolve(), *folder.resolve().parents)))


def _is_repository(place: Path) -> bool:
    # A file names the repository of a work tree.
    return (place / ".git").is_file() or (place / ".git/HEAD").is_file()


def _does_without(place: Path) -> bool:
    """Whether DVC's own settings of a folder say that there is no git, as `dvc init --no-scm`
    has them."""
    settings = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        settings.read([place / name for name in _CONFIGS], encoding="utf-8")
        return settings.getboolean("core", "no_scm", fallback=False)
    except (configparser.Error, ValueError):
        # What is wrong with them, DVC tells.
        return False
