"""What README.md and CONTRIBUTING.md say can be done, can be done; what they name is there."""

import ast
import fnmatch
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from depthgauge.artifacts.code import code_text
from depthgauge.cli import COMMANDS, main, make_parser
from depthgauge.settings.load import load_settings
from tests.experiment import new_experiment
from tests.repository import SHARED
from tests.test_contributing import examples

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
# Made by a pipeline, an install or a reader.
FILE = re.compile(r"\.(csv|json|lock|md|txt|yaml)$")
MADE = (
    "results/metrics.csv",
    "results/report/*",
    "results/train/*",
    "experiments/my*",
    ".depthgauge/*",
    ".venv/*",
)


def text_of(name):
    return (ROOT / name).read_text()


def blocks(name):
    """(language, content) of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text_of(name), re.MULTILINE | re.DOTALL)


def spans(name):
    """What stands between single backticks outside of blocks, in one line each."""
    outside = re.sub(r"^```.*?^```$", "", text_of(name), flags=re.MULTILINE | re.DOTALL)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", outside)]


def commands(name):
    """Every command line, as words: of the blocks and of the text, without options in brackets."""
    lines = [line for language, text in blocks(name) if not language for line in text.splitlines()]
    for line in [*lines, *spans(name)]:
        for part in re.sub(r"\[[^]]*\]", "", line.partition(" #")[0]).split("&&"):
            yield shlex.split(part) if part.count("'") % 2 == 0 else part.split()


def commands_of(name, program):
    found = [words for words in commands(name) if words[:1] == [program]]
    assert found, f"{name} names no command of {program}"
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_depthgauge_is_one(name):
    for _, *arguments in commands_of(name, "depthgauge"):
        # A command by its name alone leaves out what it needs.
        if len(arguments) == 1 and arguments[0] in COMMANDS:
            continue
        make_parser().parse_args(["0" if word == "P" else word for word in arguments])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_of_make_is_one(name):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    for _, *arguments in commands_of(name, "make"):
        folders = [word.partition("=")[2] for word in arguments if "=" in word]
        assert {word for word in arguments if "=" not in word} <= targets, arguments
        assert all(made(folder) or (ROOT / folder).is_dir() for folder in folders), arguments


def test_every_help_of_make_is_a_target():
    text = text_of("Makefile")
    targets = re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE)
    assert sorted(targets) == sorted(set(re.findall(r"^\.PHONY: (.*)", text, re.MULTILINE)))


def keys(content, prefix=""):
    for key, value in content.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_is_one(name):
    """`section.key` in the text, and what is set for one `dvc exp run`."""
    files = [ROOT / "params.yaml", *(ROOT / "experiments").glob("*/params.yaml")]
    every = {key for path in files for key in keys(YAML(typ="safe").load(path))}
    sections = {key.partition(".")[0] for key in every if "." in key}
    said = [span for span in spans(name) if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", span)]
    named = {key for key in said if key.partition(".")[0] in sections and not FILE.search(key)}
    for words in commands(name):
        named |= {words[k + 1].partition("=")[0] for k, w in enumerate(words[:-1]) if w == "-S"}
    assert named <= every, sorted(named - every)


def made(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in MADE)


@pytest.mark.parametrize("name", [*DOCUMENTS, "experiments/README.md"])
def test_every_link_and_path_leads_somewhere(name):
    folder = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#\s]+)", text_of(name))
    for link in links:
        assert re.match(r"https?://", link) or (folder / link).exists(), f"{name}: {link}"
    new = {path for path, _ in examples()}
    roots = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for span in spans(name):
        # Placeholders are in capitals. In the package's own tables, paths begin there.
        is_path = re.fullmatch(r"[\w.-]+/[\w./-]*", span) and not re.search(r"[A-Z]{4}", span)
        if is_path and span.partition("/")[0] in roots and not made(span) and span not in new:
            places = (ROOT / span, ROOT / "src/depthgauge" / span)
            assert any(place.exists() for place in places), f"{name}: {span}"


def test_the_tree_of_the_readme():
    """Every line names what is there, and every folder of the package has its line."""
    tree = next(text for _, text in blocks("README.md") if text.startswith("dvc.yaml "))
    found, parents = set(), {-2: ROOT}
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        path = line.split()[0]
        place = parents[depth - 2] / path
        parents[depth] = place
        assert "NAME" in path or place.exists(), path
        found.add(place)
    package = ROOT / "src/depthgauge"
    folders = {path for path in package.iterdir() if (path / "__init__.py").is_file()}
    assert folders <= found, sorted(path.name for path in folders - found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_python_can_be_read(name):
    for language, text in blocks(name):
        if language == "python":
            ast.parse(text)


def test_the_answer_in_the_readme_is_the_committed_one():
    """Line for line as `results/answer.txt` begins, of both experiments that are shown."""
    quotes = re.findall(r"(?:^> .*\n)+", text_of("README.md"), re.MULTILINE)
    shown = {" ".join(quote.replace("> ", "").split()) for quote in quotes}
    for folder in (ROOT, ROOT / "experiments/pageviews"):
        first = (folder / "results/answer.txt").read_text().splitlines()[0]
        assert " ".join(first.split()) in shown


def test_the_network_in_the_readme_is_the_bundled_one():
    """To the letter, and its settings are among those of the experiment."""
    folder = ROOT / "experiments/own-network"
    code = (folder / "my_networks.py").read_text()
    assert [text for language, text in blocks("README.md") if "nn.Module" in text] == [code]
    shown = next(text for language, text in blocks("README.md") if "class_path" in text)
    section = YAML(typ="safe").load(shown)["recipe"]["network"]
    settings = load_settings(folder)
    assert section.items() <= settings.recipe.network.model_dump().items()
    # What decides the training holds the file.
    assert "\nmy_networks.py " in code_text("train", settings)


def test_a_table_of_ones_own(tmp_path, monkeypatch):
    """The commands of the README, on a table of that name."""
    for name in ("params.yaml", *SHARED):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    rows = [f"{k},{k % 7},{3 * k + k % 5}" for k in range(80)]
    (tmp_path / "my.csv").write_text("\n".join(["area,age,price", *rows]) + "\n")
    monkeypatch.chdir(tmp_path)
    block = next(text for _, text in blocks("README.md") if text.startswith("depthgauge new my"))
    for line in block.splitlines():
        program, *arguments = line.partition(" #")[0].split()
        if program == "depthgauge":
            assert main(arguments) == 0
        else:
            assert arguments == ["repro", "EXPERIMENT=experiments/my"]
    assert (tmp_path / "experiments/my/params.yaml").is_file()


@pytest.mark.slow
def test_the_registered_network_predicts(tmp_path, monkeypatch):
    """The Python of the README, after its command."""
    experiment = new_experiment(tmp_path, "images").set("experiment", "digits")
    experiment.raw.rename(experiment.raw.with_name("digits.csv"))
    experiment.set("data.path", "data/raw/digits.csv")
    experiment.repro()
    assert experiment.run("register") == 0
    program = next(text for language, text in blocks("README.md") if language == "python")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/.depthgauge/mlflow.db")
    lines = program.rstrip().splitlines()
    given = {}
    exec("\n".join(lines[:-1]), given)
    assert len(eval(lines[-1], given)) == 60
