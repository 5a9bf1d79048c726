"""What a reader says of a damaged file."""

from collections.abc import Callable
from typing import TypeVar

from depthgauge.errors import InputError

T = TypeVar("T")


def read_or_refuse(read: Callable[[], T]) -> tuple[T | None, str]:
    """What is read, or None and the line that refuses it."""
    try:
        return read(), ""
    except InputError as error:
        return None, str(error)
