"""Damaged files, and what a reader says of them."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from depthgauge.errors import InputError

T = TypeVar("T")


def read_or_refuse(read: Callable[[], T]) -> tuple[T | None, str]:
    """What is read, or None and the line that refuses it."""
    try:
        return read(), ""
    except InputError as error:
        return None, str(error)


def damages(data: st.DataObject, good: bytes) -> tuple[bytes, bytes]:
    """The contents with a byte changed, and cut off there."""
    place = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.integers(1, 255))
    return good[:place] + bytes([good[place] ^ other]) + good[place + 1 :], good[:place]
