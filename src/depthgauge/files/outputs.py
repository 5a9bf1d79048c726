"""What a stage wrote, read whole by others, or one line that says to run the pipeline."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from depthgauge.errors import InputError
from depthgauge.files.contents import read_bytes


class StaleError(InputError):
    """A stage's output is missing, damaged or not of now; the pipeline makes it anew."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message}; run `dvc repro`")


def read_output(path: Path) -> bytes:
    """The contents of a file that a stage wrote. Raises StaleError if it cannot be read."""
    try:
        return read_bytes(path)
    except InputError as error:
        raise StaleError(str(error)) from error


@contextmanager
def intact(path: Path, *errors: type[Exception]) -> Iterator[None]:
    """Whatever goes wrong with the contents of a file inside is a StaleError that says where.

    errors: what its reader may raise besides errors of values, types and lookups.
    """
    damage: tuple[type[Exception], ...] = (ValueError, TypeError, LookupError, *errors)
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ": ".join(filter(None, (str(path), ".".join(map(str, first["loc"])))))
        what = "is missing" if first["type"] == "missing" else "is damaged"
        raise StaleError(f"{where}: {what}") from None
    except damage:
        raise StaleError(f"{path}: is damaged") from None


def read_json_output(path: Path) -> dict[str, Any]:
    """The JSON object that a stage wrote. Raises StaleError if it is missing or damaged."""
    data = read_output(path)
    with intact(path, RecursionError):
        content = json.loads(data)
        if not isinstance(content, dict):
            raise ValueError("no object")
        return content


def require_same(path: Path, then: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """What an output was made from must be what there is now.

    Raises StaleError with the first key, in alphabetical order, that differs.
    """
    for key in sorted({*then, *now}):
        was, wanted = then.get(key, "nothing"), now.get(key, "nothing")
        if was != wanted:
            raise StaleError(f"{path}: {key}: made with {was}, now {wanted}")
