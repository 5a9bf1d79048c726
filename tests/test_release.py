"""A release carries one version and one licence."""

import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from depthgauge import __version__

ROOT = Path(__file__).parents[1]


def test_one_version():
    citation = YAML(typ="safe").load(ROOT / "CITATION.cff")
    assert str(citation["version"]) == __version__
    heads = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heads[0] == "Unreleased"
    # The first version is not released yet.
    assert __version__ in [*heads[1:2], "0.1.0"]


def test_one_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = YAML(typ="safe").load(ROOT / "CITATION.cff")
    assert project["license"] == citation["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License\n\nCopyright (c) ")


def test_every_development_tool_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    locked = {line.partition("==")[0] for line in lines}
    names = {re.sub(r"[-_.]+", "-", name) for name in names}
    assert names <= locked, names - locked


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-cuda.lock"])
def test_nothing_is_locked_without_hashes(lock):
    """As pip reads the file: names in `make environment`'s form, exact versions, hashes."""
    text = re.sub(r"^#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE)
    entries = re.split(r"(?<!\\)\n", text.strip())
    entry = r"[a-z][a-z0-9-]*==[\w.]+(?: \\\n    --hash=sha256:[0-9a-f]{64})+"
    assert [line for line in entries if not re.fullmatch(entry, line)] == []
