"""The file of a network of one's own: found, read, imported, and what it imports beside it.

`class_path` is that of LightningCLI and jsonargparse but for a file in the place of a module:
`my_networks.py:Net`, from the experiment's folder.
"""

import ast
import importlib.util
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depthgauge.errors import InputError

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


def source_files(class_path: str) -> dict[str, bytes]:
    """The file and what it imports from its folder, each by its name.

    Raises InputError for a file that is missing or no Python.
    """
    name = class_path.partition(":")[0]
    root = _folders.get(class_path, Path.cwd())
    files: dict[str, bytes] = {}
    todo = [name]
    while todo:
        current = todo.pop()
        if current in files:
            continue
        path = root / current
        try:
            files[current] = path.read_bytes()
            tree = ast.parse(files[current])
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from None
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            where = f"line {line}: " if line else ""
            raise InputError(f"{path}: {where}is no Python: {error.args[0]}") from None
        beside = Path(current).parent
        for module in _imported(tree):
            found = beside / f"{module}.py"
            if (root / found).is_file():
                todo.append(found.as_posix())
    return dict(sorted(files.items()))


def _imported(tree: ast.Module) -> "Iterator[str]":
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def find_class(class_path: str) -> Any:
    """The class that a class path names. Raises InputError where there is none."""
    files = source_files(class_path)
    key = (class_path, sha256(b"\0".join([*map(str.encode, files), *files.values()])).hexdigest())
    with _lock:
        if key not in _classes:
            root = _folders.get(class_path, Path.cwd())
            _classes[key] = _load(class_path, root)
        return _classes[key]


@contextmanager
def class_from(class_path: str, files: Mapping[str, str]) -> "Iterator[None]":
    """Inside, a class path names the class of these texts of its files, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(text, encoding="utf-8")
        before = _folders.get(class_path)
        _folders[class_path] = Path(folder)
        try:
            yield
        finally:
            if before is None:
                del _folders[class_path]
            else:
                _folders[class_path] = before


def _load(class_path: str, root: Path) -> Any:
    file, _, name = class_path.partition(":")
    path = root / file
    with _beside(path.parent):
        try:
            module = _import(path)
        except Exception as error:
            raise InputError(f"{path}: cannot be imported: {said(error)}") from error
    found = getattr(module, name, None)
    if not isinstance(found, type):
        classes = [n for n, v in vars(module).items() if isinstance(v, type) and n[0] != "_"]
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
def _beside(folder: Path) -> "Iterator[None]":
    """What a file imports from its folder is found, and is no other's module afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = bytecode
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            where = getattr(sys.modules[name], "__file__", None) or ""
            if Path(where).parent == folder:
                del sys.modules[name]


def said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
