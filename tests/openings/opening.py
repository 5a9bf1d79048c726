"""Entries of the tests' own, one file each, as a stranger would add them."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def opened(package: str) -> Iterator[None]:
    """The modules beside this one are entries of `depthgauge.PACKAGE` too."""
    module = import_module(f"depthgauge.{package}")
    folder = str(HERE / package.rpartition(".")[2])
    module.__path__.append(folder)
    try:
        yield
    finally:
        module.__path__.remove(folder)
