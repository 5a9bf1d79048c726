"""Which files of its folder a Python file imports, from one to the next."""

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from depthgauge.errors import InputError


def read_sources(root: Path, name: str) -> dict[str, bytes]:
    """The file `name` and what it imports from its folder: modules and packages, by their names.

    All names are paths below root. Raises InputError for a file that is missing or no Python, and
    for an import within a function: when that is called the folder is no longer looked through.
    """
    base, files = PurePosixPath(name).parent, dict[str, bytes]()
    todo = [PurePosixPath(name)]
    while todo:
        current = todo.pop()
        if str(current) in files:
            continue
        tree, files[str(current)] = _parse(root / current)
        within = _within_functions(tree)
        for node, module in _imported(tree, base, current.parent):
            package = module / "__init__.py"
            # As Python has it: of a package and a module of one name it takes the package.
            for found in (package, module.parent / f"{module.name}.py"):
                if found.is_relative_to(base) and (root / found).is_file():
                    if id(node) in within:
                        raise InputError(
                            f"{root / current}: line {node.lineno}: imports {found} within a "
                            "function; import it at the top of the file"
                        )
                    todo.append(found)
                    break
    return dict(sorted(files.items()))


def _within_functions(tree: ast.Module) -> set[int]:
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return {id(inner) for function in functions for inner in ast.walk(function)}


def _parse(path: Path) -> tuple[ast.Module, bytes]:
    try:
        data = path.read_bytes()
        data.decode()
        return ast.parse(data), data
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8 text; save it as text") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        what = error.args[0] if error.args else "it is nested too deep"
        raise InputError(f"{path}: {where}is no Python: {what}") from None


def _imported(
    tree: ast.Module, base: PurePosixPath, beside: PurePosixPath
) -> Iterator[tuple[ast.Import | ast.ImportFrom, PurePosixPath]]:
    """What may be imported and by what statement; paths without an ending, packages before what is
    in them.

    base: where absolute imports begin. beside: the folder of the file, where relative ones do.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from ((node, path) for path in _along(base, alias.name))
        elif isinstance(node, ast.ImportFrom):
            start = base
            if node.level:
                start = beside.joinpath(*[".."] * (node.level - 1))
                start = PurePosixPath(*_without_steps_up(start))
            module = node.module or ""
            yield from ((node, path) for path in _along(start, module))
            for alias in node.names:
                inner = _along(start.joinpath(*module.split(".")), alias.name)
                yield from ((node, path) for path in inner)


def _along(start: PurePosixPath, dotted: str) -> Iterator[PurePosixPath]:
    parts = dotted.split(".") if dotted else []
    for end in range(1, len(parts) + 1):
        yield start.joinpath(*parts[:end])


def _without_steps_up(path: PurePosixPath) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return parts


def own_modules(files: dict[str, bytes], name: str) -> set[str]:
    """The top names by which a file imports the others."""
    base = PurePosixPath(name).parent
    places = (PurePosixPath(file).relative_to(base) for file in files if file != name)
    return {place.parts[0].removesuffix(".py") for place in places}
