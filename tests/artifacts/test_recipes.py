import json
from pathlib import Path

import pytest

from depthgauge.artifacts.recipes import read_recipe, recipe_digest, recipe_path, write_recipe
from depthgauge.errors import InputError
from tests.experiment import new_experiment


@pytest.fixture
def recipe(tmp_path):
    experiment = new_experiment(tmp_path / "experiment", "table")
    experiment.set("recipe.optimizer.learning_rate", 1e-300)
    return experiment.set("recipe.optimizer.weight_decay", 0.1 + 0.2).settings.recipe_at(2)


@pytest.fixture
def written(tmp_path, recipe):
    path = tmp_path / "deep/recipe.json"
    write_recipe(path, recipe)
    return path


def test_where_it_lies():
    assert recipe_path("fixed", 3) == Path("results/recipes/fixed-3/recipe.json")


def test_reads_back_the_same(written, recipe):
    again = read_recipe(written)
    assert again == recipe
    assert recipe_digest(again) == recipe_digest(recipe)
    assert again.flat()["optimizer.learning_rate"] == 1e-300


def test_bytes_follow_the_recipe_alone(tmp_path, written, recipe):
    write_recipe(tmp_path / "same", read_recipe(written))
    assert (tmp_path / "same").read_bytes() == written.read_bytes()
    changed = json.loads(written.read_text())
    changed["epochs"] += 1
    written.write_text(json.dumps(changed))
    write_recipe(written, read_recipe(written))
    assert (tmp_path / "same").read_bytes() != written.read_bytes()
    assert recipe_digest(read_recipe(written)) != recipe_digest(recipe)


def test_a_field_left_out_or_of_another_kind(written):
    good = json.loads(written.read_text())
    for field in good:
        for content, what in (
            ({key: good[key] for key in good if key != field}, "is missing"),
            (good | {field: [1]}, "is damaged"),
            (good | {field: None}, "is damaged"),
        ):
            written.write_text(json.dumps(content))
            with pytest.raises(InputError) as caught:
                read_recipe(written)
            message = str(caught.value)
            assert message.startswith(f"{written}: {field}")
            assert message.endswith("; run `dvc repro`")
            assert what in message


def test_a_field_too_many(written):
    written.write_text(json.dumps({**json.loads(written.read_text()), "dropout": 0.5}))
    with pytest.raises(InputError, match=r": dropout: is damaged; run `dvc repro`$"):
        read_recipe(written)
