"""What README.md, CONTRIBUTING.md and docs/ say can be done can be done; what they name is there.

Python runs, the blocks of a page one after the other; what is shown below one is what it prints.
"""

import ast
import contextlib
import fnmatch
import io
import re
from functools import cache

import pytest
from ruamel.yaml import YAML

from depthgauge.cli import COMMANDS, make_parser
from tests.documents import (
    DOCUMENTS,
    ROOT,
    anchors,
    blocks,
    commands,
    commands_of,
    links,
    quotes,
    spans,
    text_of,
)
from tests.test_adding import examples

FILE = re.compile(r"\.(csv|json|lock|md|txt|yaml)$")
# Made by a pipeline, an install or a reader.
MADE = (
    "results/metrics.csv",
    "results/report/*",
    "results/train/*",
    "experiments/my*",
    ".depthgauge/*",
    ".venv/*",
)
# Numbers of another machine may differ by this share, or by this much.
SHARE, MUCH = 0.3, 0.1
SLOW, OWN = "slow", "a test of its own"
NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)*")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_depthgauge_is_one(name):
    for arguments in commands_of(name, "depthgauge"):
        # A command by its name alone leaves out what it needs.
        if len(arguments) == 1 and arguments[0] in COMMANDS:
            continue
        make_parser().parse_args(["0" if word == "P" else word for word in arguments])


def test_the_door_and_the_pages_name_every_command_that_a_person_starts():
    started = {words[0] for name in DOCUMENTS for words in commands_of(name, "depthgauge") if words}
    wanted = {
        "new",
        "demo",
        "check",
        "search",
        "track",
        "ui",
        "studies",
        "register",
        "compare",
        "explain",
    }
    assert wanted <= started


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_of_make_is_one(name):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    for arguments in commands_of(name, "make"):
        folders = [word.partition("=")[2] for word in arguments if word.startswith("EXPERIMENT=")]
        assert {word for word in arguments if "=" not in word} <= targets, arguments
        named = [folder for folder in folders if "NAME" not in folder]
        assert all(made(folder) or (ROOT / folder).is_dir() for folder in named), arguments


def test_every_help_of_make_is_a_target():
    text = text_of("Makefile")
    targets = re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE)
    assert sorted(targets) == sorted(set(re.findall(r"^\.PHONY: (.*)", text, re.MULTILINE)))


def keys(content, prefix=""):
    for key, value in content.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")


@cache
def every_setting():
    files = [ROOT / "params.yaml", *(ROOT / "experiments").glob("*/params.yaml")]
    return {key for path in files for key in keys(YAML(typ="safe").load(path))}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_is_one(name):
    """`section.key` in the text, and what is set for one `dvc exp run`."""
    every = every_setting()
    sections = {key.partition(".")[0] for key in every if "." in key}
    said = [span for span in spans(name) if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", span)]
    named = {key for key in said if key.partition(".")[0] in sections and not FILE.search(key)}
    for words in commands(name):
        named |= {words[k + 1].partition("=")[0] for k, w in enumerate(words[:-1]) if w == "-S"}
    assert named <= every, sorted(named - every)


def test_every_setting_of_the_default_experiment_is_explained():
    named = set(spans("docs/settings.md"))
    content = YAML(typ="safe").load(ROOT / "params.yaml")
    # What is searched are names of the recipe, with ends.
    leaves = {key.rpartition(".")[2] for key in keys(content) if not key.count(".") > 2}
    assert leaves - {"low", "high"} <= named, sorted(leaves - named)


def made(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in MADE)


@pytest.mark.parametrize("name", [*DOCUMENTS, "experiments/README.md"])
def test_every_link_and_path_leads_somewhere(name):
    page = ROOT / name
    for link in links(name):
        path, _, anchor = link.partition("#")
        place = page.parent / path if path else page
        # A folder has no page in the site.
        assert place.is_file(), f"{name}: {link}"
        assert not anchor or anchor in anchors(place), f"{name}: {link}"
    new = {path for path, _ in examples()}
    roots = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for span in spans(name):
        # Placeholders are in capitals. In the package's own tables, paths begin there.
        is_path = re.fullmatch(r"[\w.-]+/[\w./-]*", span) and not re.search(r"[A-Z]{4}", span)
        if is_path and span.partition("/")[0] in roots and not made(span) and span not in new:
            places = (ROOT / span, ROOT / "src/depthgauge" / span)
            assert any(place.exists() for place in places), f"{name}: {span}"


def test_every_page_is_linked_from_the_index_and_the_door():
    pages = {name for name in DOCUMENTS if name.startswith("docs/")} - {"docs/index.md"}
    for name in ("README.md", "docs/index.md"):
        folder = (ROOT / name).parent
        linked = {(folder / link.partition("#")[0]).resolve() for link in links(name)}
        assert {ROOT / page for page in pages} <= linked


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_quoted_is_the_answer_of_an_experiment(name):
    """A whole first line of an `answer.txt`, or its first sentences."""
    answers = [
        " ".join(path.read_text(encoding="utf-8").splitlines()[0].split())
        for path in [ROOT / "results/answer.txt", *ROOT.glob("experiments/*/results/answer.txt")]
    ]
    for quote in quotes(name):
        assert quote.endswith("."), quote
        assert any(f"{answer} ".startswith(f"{quote} ") for answer in answers), quote


def pages_with_python(mark=None):
    return [
        name
        for name in DOCUMENTS
        if any(b.language == "python" and (mark is None or b.mark == mark) for b in blocks(name))
    ]


@pytest.mark.parametrize("name", pages_with_python())
def test_python_can_be_read(name):
    for block in blocks(name):
        if block.language == "python":
            ast.parse(block.text)
            assert block.mark in ("", SLOW, OWN)


@pytest.mark.parametrize("name", [n for n in pages_with_python("") if n != "docs/adding.md"])
def test_python_runs(name, tmp_path, monkeypatch):
    """All but what takes long."""
    run_page(name, tmp_path, monkeypatch, {""})


@pytest.mark.slow
@pytest.mark.parametrize("name", pages_with_python(SLOW))
def test_slow_python_runs(name, tmp_path, monkeypatch):
    run_page(name, tmp_path, monkeypatch, {"", SLOW})


def run_page(name, folder, monkeypatch, marks):
    """Run the blocks, as if they were one script; compare what they print with what is shown."""
    monkeypatch.chdir(folder)
    given = {"__name__": "page"}
    told = None
    for block in blocks(name):
        if block.language == "text" and told is not None:
            assert_alike(told, block.text)
        told = None
        if block.language == "python" and block.mark in marks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, name, "exec"), given)
            told = printed.getvalue()


def assert_alike(told, shown):
    """The same words, and numbers that are near."""
    assert NUMBER.sub("N", told).split() == NUMBER.sub("N", shown).split()
    pairs = zip(NUMBER.findall(told), NUMBER.findall(shown), strict=True)
    for one, other in pairs:
        here, there = (float(n.replace("−", "-").replace(",", "")) for n in (one, other))
        assert here == pytest.approx(there, rel=SHARE, abs=MUCH), (one, other)
