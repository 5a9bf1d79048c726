"""Entries of the tests' own, one file each, as a stranger would add them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
_OWN: dict[str, ModuleType] = {}


@contextmanager
def opened(package: str) -> Iterator[None]:
    """The modules beside this one are entries of `depthgauge.PACKAGE` too, before any of the same
    name that a stranger did add."""
    module = import_module(f"depthgauge.{package}")
    folder = HERE / package.rpartition(".")[2]
    names = [f"{module.__name__}.{path.stem}" for path in folder.glob("*.py")]
    others = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.modules.update({name: _OWN[name] for name in names if name in _OWN})
    module.__path__.insert(0, str(folder))
    try:
        yield
    finally:
        module.__path__.remove(str(folder))
        _OWN.update({name: sys.modules.pop(name) for name in names if name in sys.modules})
        sys.modules.update(others)
