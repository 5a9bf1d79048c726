"""code/STAGE.txt: the code that decides a stage's numbers, a line for each file and library.

The files are the modules that the stage imports, from one to the next, within functions too, cut
at what decides no number, each without its comments, types and messages. Of losses, optimizers,
networks, kinds and axes only those that params.yaml names are among them, so that a new one
re-trains nobody. DVC compares the texts, in which neither paths nor machines enter.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from depthgauge.artifacts.syntax import deciding_text, imported_names
from depthgauge.files.atomic import write_file
from depthgauge.files.digests import bytes_digest
from depthgauge.files.outputs import StaleError, read_output
from depthgauge.settings.schema import Settings

FOLDER = Path("code")
STAGES = ("prepare", "baselines", "search", "train", "look", "evaluate", "report")
# These write sentences: what those call a loss or an axis counts for them alone.
WRITING = ("evaluate", "report")
PACKAGE = Path(__file__).resolve().parents[1]
# They refuse, tell, time or guard: none decides a number, which a test of layers holds.
CUT = (
    "artifacts.code",
    "artifacts.syntax",
    "errors",
    "files.atomic",
    "files.work",
    "hints",
    "interruption",
    "memory",
    "progress",
    "settings.load",
    "settings.params_file",
    "settings.renamed",
    "settings.schema",
    "tracking",
)
# The packages of entries, each with the setting that names the one in use; "" where all are.
ENTRIES = {
    "axes": "axis",
    "data.kinds": "data.kind",
    "training.losses": "recipe.loss",
    "training.metrics": "",
    "training.networks": "recipe.network.family",
    "training.optimizers": "recipe.optimizer",
}
# Another version of these may give other numbers, or another picture, from the same code.
LIBRARIES = ("altair", "numpy", "optuna", "scipy", "sklearn", "torch")
# Those that are installed under another name than they are imported by.
INSTALLED = {"sklearn": "scikit-learn"}
DIGITS = 16


def code_path(stage: str) -> Path:
    """Where the text of a stage lies, from the experiment's folder."""
    return FOLDER / f"{stage}.txt"


def code_text(stage: str, settings: Settings) -> str:
    """Lines such as `training/engine.py 0123456789abcdef` and `numpy 2.4.0`, sorted.

    The files of a folder without modules, templates say, count where a module beside it names it,
    and those of a network of one's own where networks are run.
    """
    lines, folders, todo, seen = set(), set(), [f"stages.{stage}"], set()
    while todo:
        name = todo.pop()
        path = None if name in seen or _is_cut(name) else _find(name)
        seen.add(name)
        if path is None:
            continue
        module = _parse(path, path.stat().st_mtime_ns, stage in WRITING)
        if module.text:
            lines.add(_line(path, module.text.encode()))
        folders |= {path.parent / folder for folder in module.folders}
        lines |= {f"{library} {_version(library)}" for library in module.libraries}
        todo += [*module.imports, name.rpartition(".")[0], *_entries(name, settings)]
    if "training.networks" in seen:
        own = settings.recipe.network.sources()
        lines |= {f"{name} {bytes_digest(text)[:DIGITS]}" for name, text in own.items()}
    data = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    lines |= {_line(file, file.read_bytes()) for file in data}
    return "".join(f"{line}\n" for line in sorted(lines))


def code_digest(stage: str, settings: Settings) -> str:
    """SHA-256 of a stage's text: what its results record."""
    return bytes_digest(code_text(stage, settings).encode())


def write_code(folder: Path, settings: Settings) -> dict[str, list[str]]:
    """Write the text of every stage whose text is another now; what is new in each.

    Raises InputError if a file cannot be written.
    """
    changes = {}
    for stage, then, now in _other_texts(folder, settings):
        changes[stage] = _changed(then, now)
        write_file(folder / code_path(stage), now.encode())
    return changes


def code_changes(folder: Path, settings: Settings) -> dict[str, list[str]]:
    """Of each stage that has run, and would run again for its code, what has changed: files, and
    libraries with both versions. Writes nothing."""
    return {
        stage: [_with_versions(name, then, now) for name in _changed(then, now)]
        for stage, then, now in _other_texts(folder, settings)
        if then
    }


def run_again(changes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A sentence for each stage of `code_changes`."""
    for stage, changed in changes.items():
        shown = ", ".join(changed[:4]) + (f" and {len(changed) - 4} more" if changed[4:] else "")
        yield f"{stage} will run again: {shown} changed"


def _other_texts(folder: Path, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """The stages whose text is another now: (stage, text then, text now)."""
    for stage in STAGES:
        path, now = folder / code_path(stage), code_text(stage, settings)
        then = path.read_bytes() if path.is_file() else b""
        if then != now.encode():
            yield stage, then.decode(errors="replace"), now


def _with_versions(name: str, then: str, now: str) -> str:
    if name not in LIBRARIES:
        return name
    old, new = (
        dict(line.split(" ", 1) for line in text.splitlines() if " " in line).get(name)
        for text in (then, now)
    )
    return f"{name} ({old} before, {new} now)" if old and new else name


def check_code(folder: Path, settings: Settings) -> None:
    """Raises InputError naming the first text that is missing or not of this code."""
    for stage in STAGES:
        path = folder / code_path(stage)
        changed = _changed(read_output(path).decode(errors="replace"), code_text(stage, settings))
        if changed:
            raise StaleError(f"{path}: is of other code: {', '.join(changed)}")


def _changed(then: str, now: str) -> list[str]:
    """Files and libraries whose lines differ; both texts differ where the list is not empty."""
    return sorted({line.split(" ")[0] for line in {*then.split("\n")} ^ {*now.split("\n")}})


def _is_cut(name: str) -> bool:
    return not name or any(f"{name}.".startswith(f"{cut}.") for cut in CUT)


def _find(name: str) -> Path | None:
    """The file of a module of the package; None for anything else."""
    path = PACKAGE.joinpath(*name.split("."))
    files = (path.with_name(f"{path.name}.py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


@dataclass(frozen=True)
class _Module:
    """What of a module decides, and what it imports and names.

    imports: modules of the package. folders: those beside it that hold no modules.
    """

    text: str
    imports: frozenset[str]
    libraries: frozenset[str]
    folders: frozenset[str]


@cache
def _parse(path: Path, changed_ns: int, words: bool) -> _Module:
    """changed_ns: when the file was changed, so that what is remembered is of its content."""
    tree = ast.parse(path.read_bytes())
    names = imported_names(tree)
    own = f"{PACKAGE.name}."
    beside = (each for each in path.parent.iterdir() if each.is_dir())
    folders = [each for each in beside if not (each / "__init__.py").exists()]
    return _Module(
        deciding_text(tree, tuple(own + cut for cut in CUT), words),
        frozenset(n.removeprefix(own) for n in names if n.startswith(own)),
        frozenset(n for n in LIBRARIES if any(f"{name}.".startswith(f"{n}.") for name in names)),
        frozenset(f.name for f in folders if f.name in names),
    )


def _line(path: Path, data: bytes) -> str:
    return f"{path.relative_to(PACKAGE).as_posix()} {bytes_digest(data)[:DIGITS]}"


@cache
def _version(library: str) -> str:
    # Without the build, +cpu say, which is that of the machine.
    return version(INSTALLED.get(library, library)).partition("+")[0]


def _entries(package: str, settings: Settings) -> list[str]:
    """The modules of the entries in use, where the name is that of a package of entries."""
    if package not in ENTRIES:
        return []
    if not ENTRIES[package]:
        files = PACKAGE.joinpath(*package.split(".")).glob("*.py")
        # A helper counts where it is imported, as any other module.
        helpers = getattr(import_module(f"{PACKAGE.name}.{package}"), "HELPERS", ())
        others = {"__init__", *helpers}
        return [f"{package}.{file.stem}" for file in files if file.stem not in others]
    value: Any = settings
    for key in ENTRIES[package].split("."):
        value = getattr(value, key, None)
    return [f"{package}.{getattr(value, 'name', value)}"]
