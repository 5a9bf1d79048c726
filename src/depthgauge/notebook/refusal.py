"""What a person gave is refused as Python has it: a ValueError, in the words of keywords."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from depthgauge.errors import InputError

# Flags of `depthgauge new`, which are keywords here, and the values that messages give them.
_FLAG = re.compile(r"--(target|inputs|kind|task|date|id|network)\b(?: ([a-z]+\b(?! of)|'[^']*'))?")
_VALUES = ("table", "series", "images", "sequences", "regression", "classification")
_ROW = re.compile(r"\brow (\d+)\b")
_FILE = re.compile(r"^params\.yaml: ")


@contextmanager
def value_errors(file: str = "", folder: Path | None = None) -> Iterator[None]:
    """An InputError becomes a ValueError with its one line, as `in_keywords` has it."""
    try:
        yield
    except InputError as error:
        raise ValueError(in_keywords(str(error), file, folder)) from None


def in_keywords(message: str, file: str = "", folder: Path | None = None) -> str:
    """A message of the command line as one of a function's keywords.

    file: where data in memory were put for a moment: they are called `data`, and their rows are
    counted from 0, as NumPy and pandas count. folder: where all of it lies, which nobody knows.
    """
    if folder is not None:
        message = message.replace(f"{folder}/", "")
    message = _FLAG.sub(_keyword, _FILE.sub("", message))
    if file and file in message:
        message = _ROW.sub(lambda row: f"row {int(row[1]) - 1}", message.replace(file, "data"))
    return message


def _keyword(flag: re.Match[str]) -> str:
    name, value = flag.groups()
    if value is None:
        return f"{name}="
    if value.startswith("'"):
        return f"{name}={value}"
    return f'{name}="{value}"' if value in _VALUES else f"{name}= {value}"
