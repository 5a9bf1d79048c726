"""The source files a stage depends on: as dvc.yaml has them, and as the imports say."""

import ast
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from depthgauge.stages.sources import PACKAGE, SOURCES, source_digest

ROOT = Path(__file__).parents[2]
# None of these can change what a stage writes: they refuse it, tell of it, time it, or say where
# work in progress lies.
HARMLESS = (
    "__init__.py",
    "errors.py",
    "progress.py",
    "settings",
    "tracking/live.py",
    "files/work.py",
    "stages/memory.py",
    "stages/remaining.py",
    "stages/sources.py",
)


def dependencies(stage):
    content = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text())
    prefix = "src/depthgauge/"
    deps = content["stages"][stage]["deps"]
    return [dep.removeprefix(prefix) for dep in deps if dep.startswith(prefix)]


@pytest.mark.parametrize("stage", SOURCES)
def test_dvc_yaml_lists_the_same(stage):
    assert dependencies(stage) == list(SOURCES[stage])


def test_every_stage_of_dvc_yaml_is_known():
    content = YAML(typ="safe").load((ROOT / "dvc.yaml").read_text())
    # track logs what is missing, whatever wrote it: its own sources decide no result.
    assert set(content["stages"]) == {*SOURCES, "track"}


@pytest.mark.parametrize("stage", ["prepare", "recipe", "train", "evaluate", "report"])
def test_sources_are_there_and_none_is_named_twice(stage):
    for name in SOURCES[stage]:
        assert (PACKAGE / name).exists(), name
    for one in SOURCES[stage]:
        others = [o for o in SOURCES[stage] if o != one]
        assert not any(covers(other, one) for other in others)


def covers(source, name):
    return name == source or name.startswith(f"{source}/")


def module_file(dotted):
    """The file of a module of the package, from the package's folder; None for anything else."""
    parts = dotted.split(".")
    if parts[0] != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*parts[1:])
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate.relative_to(PACKAGE).as_posix()
    return None


def imported(name):
    """The files of the package that a file imports, at its top or within a function."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / name).read_text())):
        if isinstance(node, ast.Import):
            found |= {module_file(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            found.add(module_file(node.module))
            found |= {module_file(f"{node.module}.{alias.name}") for alias in node.names}
    return found - {None}


def harmless(name):
    return name.endswith("/__init__.py") or any(covers(source, name) for source in HARMLESS)


@pytest.mark.parametrize("stage", SOURCES)
def test_all_that_a_stage_imports_is_covered(stage):
    todo, seen = [f"stages/{stage}.py"], set()
    while todo:
        name = todo.pop()
        if name in seen or harmless(name):
            continue
        seen.add(name)
        todo += imported(name)
    assert len(seen) > 3
    uncovered = {n for n in seen if not any(covers(source, n) for source in SOURCES[stage])}
    assert uncovered == set()


def test_nothing_harmless_is_a_source():
    for stage in SOURCES:
        assert not [name for name in SOURCES[stage] if harmless(name)]


def test_init_files_hold_no_code():
    for path in PACKAGE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert len(tree.body) <= 1
        assert all(isinstance(node, ast.Expr) for node in tree.body)


def test_digest_follows_the_sources(tmp_path, monkeypatch):
    package = tmp_path / "package"
    for name in SOURCES["recipe"]:
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr("depthgauge.stages.sources.PACKAGE", package)
    before = source_digest("recipe")
    (package / "stages/other.py").write_text("not of this stage")
    assert source_digest("recipe") == before
    (package / SOURCES["recipe"][0]).write_text("changed")
    assert source_digest("recipe") != before
