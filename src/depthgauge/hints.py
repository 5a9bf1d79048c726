"""Commands that a message names, so that they work where the person stands who reads it.

Messages name them as they are in the experiment's folder, with depthgauge and DVC on the path.
"""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

# Set by the Makefile: where `make` was called, with no environment active perhaps.
MADE_IN = "DEPTHGAUGE_MADE_IN"
_NAMED = re.compile(r"`((?:depthgauge|dvc) [^`\n]*)`")


def command(folder: Path, words: str) -> str:
    """A command of depthgauge or DVC, as it is to be typed for the experiment in `folder`.

    From where `make` was called, else from the working directory; with the path of the program
    where that alone would not be found.
    """
    made, here = os.environ.get(MADE_IN), _here()
    program, _, rest = words.partition(" ")
    place = seen_from_here(folder)
    if made and words == "dvc repro":
        return "make repro" if place == "." else f"make repro EXPERIMENT={shlex.quote(place)}"
    folder_of_programs = Path(sys.executable).parent
    is_found = not made and shutil.which(program) is not None
    if program == "dvc":
        there = "" if place == "." else f"cd {shlex.quote(place)} && "
        # The stages are programs of it too.
        path = "" if is_found else f'PATH={shlex.quote(str(folder_of_programs))}:"$PATH" '
        return f"{there}{path}{words}"
    called = program if is_found else shlex.quote(_from(here, folder_of_programs / program))
    there = "" if place == "." else f" -C {shlex.quote(place)}"
    return f"{called}{there} {rest}"


def named_commands(message: str, folder: Path) -> str:
    """A message with each command in it, `dvc repro` say, as `command` has it."""
    return _NAMED.sub(lambda match: f"`{command(folder, match[1])}`", message)


def seen_from_here(path: Path) -> str:
    """The path of a file or folder from where the person stands, whole where it lies elsewhere."""
    path, here = path.resolve(), _here().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _here() -> Path:
    return Path(os.environ.get(MADE_IN) or Path.cwd())


def _from(here: Path, path: Path) -> str:
    # Not resolved: what a link to a program of an environment leads to is another environment's.
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
