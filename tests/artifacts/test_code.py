"""The texts of the code that decides numbers: what changes them, and what does not."""

import ast
import modulefinder
import os
import re
import shutil

import pytest

from depthgauge.artifacts import code
from depthgauge.artifacts.code import STAGES, check_code, code_digest, code_text, write_code
from depthgauge.errors import InputError
from tests.experiment import new_experiment

ENTRY = '"""An entry."""\n\nWEIGHT = 1.5\n'


@pytest.fixture
def settings(tmp_path):
    return new_experiment(tmp_path / "experiment", "table").settings


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package to edit."""
    folder = tmp_path / "copy/depthgauge"
    shutil.copytree(code.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "PACKAGE", folder)
    return folder


def texts(settings):
    return {stage: code_text(stage, settings) for stage in STAGES}


def changed(before, after):
    return {stage for stage in STAGES if before[stage] != after[stage]}


def edit(path, change):
    text = change(path.read_text())
    assert text != path.read_text(), path
    stat = path.stat()
    path.write_text(text)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


def modules(text):
    return {line.split(" ")[0] for line in text.splitlines() if "/" in line or ".py" in line}


def lengthened(text):
    """Comments, docstrings, messages, annotations and lines that tell, wherever they may stand."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.parse("print('more', flush=True)").body[0])
            node.body.insert(0, ast.parse("'Another docstring.'").body[0])
            node.returns = ast.parse("'Something | None'").body[0].value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InputError":
            node.args = ast.parse("f('another message')").body[0].value.args
    return f"# A comment\n{ast.unparse(tree)}\n# The end\n"


def test_words_change_no_text(package, settings):
    before = texts(settings)
    for path in package.rglob("*.py"):
        edit(path, lengthened)
    assert texts(settings) == before


def with_other_constant(text):
    """The text with another number, where one stands by itself at the top of a module."""
    for node in ast.parse(text).body:
        value = getattr(node, "value", None)
        if type(node) in (ast.Assign, ast.AnnAssign) and type(value) is ast.Constant:
            if type(value.value) not in (int, float):
                continue
            lines = text.splitlines(keepends=True)
            line = lines[value.lineno - 1]
            lines[value.lineno - 1] = f"{line[: value.col_offset]}77{line[value.end_col_offset :]}"
            return "".join(lines)
    return None


def test_a_constant_changes_exactly_the_stages_that_use_its_module(package, settings):
    before, tried, shown = texts(settings), 0, set()
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        other = with_other_constant(text := path.read_text())
        if other is None:
            continue
        edit(path, lambda _, other=other: other)
        expected = {stage for stage in STAGES if name in modules(before[stage])}
        assert changed(before, texts(settings)) == expected, name
        edit(path, lambda _, text=text: text)
        tried, shown = tried + 1, shown | expected
    assert tried > 10
    assert shown == set(STAGES)
    assert texts(settings) == before


@pytest.mark.parametrize("stage", STAGES)
def test_modules_are_those_that_python_would_import(stage, package, settings):
    """Python's own finder reads compiled code, not syntax; entries are loaded by their names."""
    for path in package.rglob("*.py"):
        # The finder does not know that this is never run.
        path.write_text(
            re.sub(r"(?m)^if TYPE_CHECKING:\n(?:(?:    .*)?\n)+(?=\S)", "", path.read_text())
        )
    excluded = [f"depthgauge.{cut}" for cut in code.CUT]
    finder = modulefinder.ModuleFinder(path=[str(code.PACKAGE.parent)], excludes=excluded)
    todo = {f"stages.{stage}"}
    while todo:
        for name in todo:
            finder.import_hook(f"depthgauge.{name}")
        found = {n.removeprefix("depthgauge.") for n in finder.modules if "depthgauge." in n}
        reached = [package for package in code.ENTRIES if package in found]
        entries = {name for package in reached for name in code._entries(package, settings)}
        todo = {name for name in entries - found if code._find(name)}
    files = {code._find(name) for name in found}
    expected = {f.relative_to(code.PACKAGE).as_posix() for f in files if f.name != "__init__.py"}
    listed = {name for name in modules(code_text(stage, settings)) if name.endswith(".py")}
    assert {name for name in listed if not name.endswith("__init__.py")} == expected


def test_no_import_is_relative():
    for path in code.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.ImportFrom) or node.level == 0, path


@pytest.mark.parametrize("stage", STAGES)
def test_only_entries_in_use_count(stage, package, settings):
    """Another loss, network or axis re-trains nobody; the one that is named does."""
    for name, setting in code.ENTRIES.items():
        folder = package / name.replace(".", "/")
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / "extra.py").write_text(ENTRY)
        if setting and not (folder / f"{settings.axis}.py").exists():
            used = code._entries(name, settings)[0].rpartition(".")[2]
            if not (folder / f"{used}.py").exists():
                (folder / f"{used}.py").write_text(ENTRY)
    start = package / f"stages/{stage}.py"
    uses = "".join(f"import depthgauge.{name}\n" for name in code.ENTRIES)
    start.write_text(uses + start.read_text())
    before = code_text(stage, settings)
    for name, setting in code.ENTRIES.items():
        folder = package / name.replace(".", "/")
        if setting:
            edit(folder / "extra.py", lambda text: text.replace("1.5", "2.5"))
            assert code_text(stage, settings) == before, name
            used = code._entries(name, settings)[0].rpartition(".")[2]
            assert f"{name.replace('.', '/')}/{used}.py " in before
        else:
            assert f"{name.replace('.', '/')}/extra.py " in before


def test_another_entry_in_use_is_another_text(package, settings):
    other = settings.model_copy(
        update={"recipe": settings.recipe.with_values({"loss.name": "mse"})}
    )
    assert "training/losses/mae.py " in code_text("train", settings)
    assert "training/losses/mse.py " not in code_text("train", settings)
    assert "training/losses/mse.py " in code_text("train", other)
    assert code_digest("train", other) != code_digest("train", settings)


def test_what_sentences_call_a_thing_counts_where_they_are_written(package, settings):
    for stage in STAGES:
        path = package / f"stages/{stage}.py"
        path.write_text(path.read_text() + '\n\nclass Entry:\n    words: str = "a loss"\n')
    before = texts(settings)
    for stage in STAGES:
        edit(package / f"stages/{stage}.py", lambda text: text.replace("a loss", "that loss"))
    assert changed(before, texts(settings)) == {"evaluate", "report"}


def test_templates_are_of_the_page_alone(package, settings):
    before = texts(settings)
    edit(package / "report/templates/page.html.j2", lambda text: f"{text}<!-- more -->")
    assert changed(before, texts(settings)) == {"report"}


def test_training_depends_on_no_reader_of_raw_tables(settings):
    for stage in ("search", "train"):
        assert not [name for name in modules(code_text(stage, settings)) if "tables" in name]


def test_what_is_cut_is_there():
    assert all(code._find(name) for name in code.CUT)


def test_versions_of_libraries(settings, monkeypatch):
    before = texts(settings)
    for stage in ("train", "search"):
        assert re.search(r"^torch [\d.]+$", before[stage], re.M)
    assert re.search(r"^optuna [\d.]+$", before["search"], re.M)
    assert "torch" not in before["prepare"]
    assert "optuna" not in before["train"]
    code._version.cache_clear()
    monkeypatch.setattr(code, "version", lambda name: "9.9+cpu")
    assert "torch 9.9\n" in code_text("train", settings)
    code._version.cache_clear()


def test_texts_are_written_and_compared(package, settings, tmp_path):
    changes = write_code(tmp_path, settings)
    assert list(changes) == list(STAGES)
    assert write_code(tmp_path, settings) == {}
    check_code(tmp_path, settings)
    edit(package / "training/engine.py", lambda text: f"{text}\n\nMORE = 1\n")
    with pytest.raises(InputError) as caught:
        check_code(tmp_path, settings)
    assert str(caught.value) == (
        f"{tmp_path}/code/search.txt: is of other code: training/engine.py; run `dvc repro`"
    )
    changes = write_code(tmp_path, settings)
    assert changes == {stage: ["training/engine.py"] for stage in changes}
    assert set(changes) >= {"search", "train"}
    check_code(tmp_path, settings)
    (tmp_path / "code/report.txt").unlink()
    with pytest.raises(InputError, match=r"code/report\.txt: no such file; run `dvc repro`$"):
        check_code(tmp_path, settings)
