"""The file of a network of one's own: found, read and imported, and its class in it.

`class_path` is that of LightningCLI and jsonargparse but for a file in the place of a module:
`my_networks.py:Net`, from the experiment's folder.
"""

import importlib.util
import inspect
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depthgauge.errors import InputError
from depthgauge.training.networks.own_sources import own_modules, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# Where the files lie that class paths name: told when settings are loaded, from the folder of
# params.yaml. A recipe is values alone and cannot know it.
_folders: dict[str, Path] = {}
_classes: dict[tuple[str, str], Any] = {}
_lock = threading.Lock()


def locate(class_path: str, folder: Path) -> None:
    """Say where the file of a class path lies."""
    _folders[class_path] = folder.resolve()


def folder_of(class_path: str) -> Path:
    """Where the file of a class path lies: this folder, where nobody has said."""
    return _folders.get(class_path, Path.cwd())


def source_files(class_path: str) -> dict[str, bytes]:
    """The file and what it imports from its folder, each by its name.

    Raises InputError for a file that is missing or no Python.
    """
    return read_sources(folder_of(class_path), class_path.partition(":")[0])


def find_class(class_path: str) -> Any:
    """The class that a class path names. Raises InputError where there is none."""
    files = source_files(class_path)
    key = (class_path, sha256(b"\0".join([*map(str.encode, files), *files.values()])).hexdigest())
    with _lock:
        if key not in _classes:
            _classes[key] = _load(class_path, files)
        return _classes[key]


@contextmanager
def class_from(class_path: str, files: Mapping[str, str]) -> "Iterator[None]":
    """Inside, a class path names the class of these texts of its files, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            # Whoever made them, they are written nowhere else.
            if not path.resolve().is_relative_to(Path(folder).resolve()):
                raise InputError(f"{name[:80]!r}: lies in no folder below the network's own")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        before = _folders.get(class_path)
        _folders[class_path] = Path(folder)
        try:
            yield
        finally:
            if before is None:
                del _folders[class_path]
            else:
                _folders[class_path] = before


def why_not_called(made: Any, given: Mapping[str, Any]) -> str | None:
    """Why a class cannot be called as made(inputs, outputs, **given); None where it can."""
    try:
        signature = inspect.signature(made)
    except ValueError:
        return None
    try:
        signature.bind((1,), 1, **given)
    except TypeError as error:
        named = ", ".join(f"{name}={value!r}" for name, value in given.items())
        return f"cannot be called with (inputs, outputs, {named}): {error}"
    return None


def _load(class_path: str, files: dict[str, bytes]) -> Any:
    file, _, name = class_path.partition(":")
    path = folder_of(class_path) / file
    with _beside(path, own_modules(files, file)):
        try:
            module = _import(path)
        except (Exception, SystemExit) as error:
            raise InputError(f"{path}: cannot be imported: {said(error)}") from error
    found = getattr(module, name, None)
    if not isinstance(found, type):
        own = ((n, v) for n, v in vars(module).items() if isinstance(v, type) and n[0] != "_")
        classes = [n for n, v in own if v.__module__ == module.__name__][:10]
        raise InputError(
            f"{path}: has no class {name}" + (f"; there is {', '.join(classes)}" if classes else "")
        )
    return found


def _import(path: Path) -> "ModuleType":
    spec = importlib.util.spec_from_file_location(f"_own_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and the like look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _beside(path: Path, own: set[str]) -> "Iterator[None]":
    """What a file imports from its folder is found, and is no other's module afterwards."""
    taken = sorted(own & set(sys.modules))
    if taken:
        raise InputError(
            f"{path}: what it imports from its folder has the name of another module, {taken[0]}; "
            "give it another name"
        )
    before = set(sys.modules)
    sys.path.insert(0, str(path.parent))
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = bytecode
        sys.path.remove(str(path.parent))
        # They may import the file itself.
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in {path.stem, *own}:
                del sys.modules[name]
        # Another file may have lain there before.
        importlib.invalidate_caches()


def said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
