"""promote: three values of params.yaml change, and not a byte beside them."""

import json
import re
import shutil
from pathlib import Path

import pytest

from depthgauge.settings.load import load_settings
from tests.experiment import new_experiment

ROOT = Path(__file__).parents[2]
RECIPE = {"learning_rate": 0.012345678901234567, "batch_size": 128, "width": 17}


class Commented:
    """An experiment with the default's own params.yaml, comments and all."""

    def __init__(self, folder):
        self.experiment = new_experiment(folder, "images")
        self.folder, self.run = self.experiment.folder, self.experiment.run
        shutil.copy(ROOT / "params.yaml", self.params)

    @property
    def params(self):
        return self.folder / "params.yaml"

    def recipe(self, point, folder=None, **values):
        base = load_settings(self.folder).recipe_at(point).model_dump()
        for key, value in (RECIPE | values).items():
            section = next((s for s in base.values() if isinstance(s, dict) and key in s), base)
            section[key] = value
        path = (folder or self.folder / "results/recipes") / f"tuned-{point}" / "recipe.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(base))
        return path

    def changed(self, before):
        """The lines that differ, as (before, after)."""
        old, new = before.splitlines(keepends=True), self.params.read_text().splitlines(True)
        return [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]


@pytest.fixture
def commented(tmp_path):
    return Commented(tmp_path / "experiment")


def test_three_values_and_nothing_else(commented, capsys):
    commented.recipe(3)
    before = commented.params.read_text()
    assert commented.run("promote", "--depth", "3") == 0
    assert "learning_rate 0.01235, batch_size 128, width 17" in capsys.readouterr().err
    changed = commented.changed(before)
    assert [new for _, new in changed] == [
        re.sub(r": \S+", f": {RECIPE[old.split(':')[0].strip()]!r}", old, count=1)
        for old, _ in changed
    ]
    assert [old.split(":")[0] for old, _ in changed] == [
        "    width",
        "    learning_rate",
        "  batch_size",
    ]
    recipe = load_settings(commented.folder).recipe
    assert {key: recipe.flat()[recipe.key(key)] for key in RECIPE} == RECIPE
    # A second time nothing changes.
    after = commented.params.read_bytes()
    assert commented.run("promote", "--depth", "3") == 0
    assert commented.params.read_bytes() == after


def test_a_linear_model_leaves_the_width(commented):
    commented.recipe(0)
    before = commented.params.read_text()
    assert commented.run("promote", "--depth", "0") == 0
    changed = [old.split(":")[0] for old, _ in commented.changed(before)]
    assert changed == ["    learning_rate", "  batch_size"]


def test_a_linear_model_after_another_width(commented):
    commented.recipe(0, width=99)
    assert commented.run("promote", "--depth", "0") == 0


def test_from_a_folder(commented, tmp_path):
    commented.recipe(2, width=99)
    commented.recipe(2, tmp_path / "out", width=33)
    assert commented.run("promote", "--depth", "2", "--from", str(tmp_path / "out")) == 0
    assert load_settings(commented.folder).recipe.network.width == 33


@pytest.mark.parametrize(
    "replace",
    [
        ("\n", "\r\n"),
        ("    width: 64  ", "    width:   64"),
        ("    width: 64 ", "  # width: 1\n    width: 64 "),
        ("recipe:\n", "recipe:   # of every point\n\n# a note\n"),
    ],
)
def test_however_it_is_written(commented, replace):
    text = commented.params.read_text().replace(*replace)
    commented.params.write_bytes(text.encode())
    commented.recipe(1)
    assert commented.run("promote", "--depth", "1") == 0
    after = commented.params.read_bytes().decode()
    old, new = text.split("\n"), after.split("\n")
    different = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(different) == 3
    for a, b in different:
        value = re.search(r":\s+([^\s#]+)", b)
        assert re.sub(r"(:\s+)[^\s#]+", "", a, count=1) == re.sub(r"(:\s+)[^\s#]+", "", b, count=1)
        assert value
    assert load_settings(commented.folder).recipe.network.width == 17


def test_what_cannot_be_promoted(commented, refused, tmp_path):
    def message(*arguments):
        return refused(commented, "promote", "--depth", "3", *arguments)

    assert message() == "results/recipes/tuned-3/recipe.json: no such file; run `dvc repro`"
    assert "tuned-3/recipe.json: " in message("--from", str(tmp_path / "nowhere"))
    commented.recipe(3, depth=2)
    assert "tuned-3/recipe.json: network.depth: searched with 2, now 3 in " in message()
    for key, value in (("activation", "tanh"), ("epochs", 7), ("schedule", "cosine")):
        commented.recipe(3, **{key: value})
        assert f"{key}: searched with {value}, now " in message()
    path = commented.recipe(3)
    for content in ("", "[1]", "{}"):
        path.write_text(content)
        assert "tuned-3/recipe.json: " in message()
    for key, value in (
        ("width", 0),
        ("width", "x: y"),
        ("batch_size", 2.5),
        ("learning_rate", -1.0),
        ("learning_rate", None),
        ("learning_rate", "0.1\nseed: 5"),
        ("learning_rate", float("nan")),
    ):
        commented.recipe(3, **{key: value})
        assert key in message()


def test_values_that_are_not_on_lines_of_their_own(commented):
    content = load_settings(commented.folder).model_dump(mode="json")
    commented.params.write_text(json.dumps(content))
    commented.recipe(3)
    assert commented.run("promote", "--depth", "3") == 0
    for key, value in (("learning_rate", "optimizer"), ("width", "network")):
        content["recipe"][value][key] = RECIPE[key]
    content["recipe"]["batch_size"] = RECIPE["batch_size"]
    assert commented.params.read_text() == json.dumps(content)


def test_a_value_that_others_share(commented, refused):
    """Another setting would change with it, or lose it."""
    text = commented.params.read_text()
    commented.recipe(3)
    for shared in (
        text.replace("    depth: 1", "    depth: &d 1").replace("width: 64", "width: *d"),
        text.replace("batch_size: 64", "batch_size: &b 64").replace("trials: 24", "trials: *b"),
    ):
        assert shared.count("*") == text.count("*") + 1
        commented.params.write_text(shared)
        assert "params.yaml" in refused(commented, "promote", "--depth", "3")
        assert commented.params.read_text() == shared
