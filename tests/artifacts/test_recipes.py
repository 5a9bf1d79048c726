import json
from pathlib import Path

import pytest

from depthgauge.artifacts.recipes import (
    flat_recipes,
    read_recipes,
    recipe_path,
    recipes_digest,
    write_recipes,
)
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
    write_recipes(path, [recipe])
    return path


def test_where_it_lies():
    assert recipe_path("fixed", 3) == Path("results/recipes/fixed-3/recipe.json")


def test_reads_back_the_same(written, recipe):
    (again,) = read_recipes(written)
    assert again == recipe
    assert recipes_digest([again]) == recipes_digest([recipe])
    assert again.flat()["optimizer.learning_rate"] == 1e-300


def test_bytes_follow_the_recipe_alone(tmp_path, written, recipe):
    write_recipes(tmp_path / "same", read_recipes(written))
    assert (tmp_path / "same").read_bytes() == written.read_bytes()
    changed = json.loads(written.read_text())
    changed[0]["epochs"] += 1
    written.write_text(json.dumps(changed))
    write_recipes(written, read_recipes(written))
    assert (tmp_path / "same").read_bytes() != written.read_bytes()
    assert recipes_digest(read_recipes(written)) != recipes_digest([recipe])


def test_several_are_one_file_in_their_order(tmp_path, recipe):
    wide = recipe.with_values({"width": 9})
    write_recipes(tmp_path / "recipe.json", [wide, recipe])
    assert read_recipes(tmp_path / "recipe.json") == (wide, recipe)
    assert recipes_digest([wide, recipe]) != recipes_digest([recipe, wide])
    flat = flat_recipes([wide, recipe])
    assert flat["network.width"] == [9, recipe.network.width]
    assert {k: v for k, v in flat.items() if k != "network.width"} == {
        k: v for k, v in recipe.flat().items() if k != "network.width"
    }
    assert flat_recipes([recipe]) == recipe.flat()


@pytest.mark.parametrize("content", ["[]", "{}", "null", "", "[", "3", "[3]", "[" * 100_000])
def test_what_is_no_list_of_recipes(written, content):
    written.write_text(content)
    with pytest.raises(InputError, match=rf"^{written}: .*; run `dvc repro`$"):
        read_recipes(written)


def test_a_field_left_out_or_of_another_kind(written):
    (good,) = json.loads(written.read_text())
    for field in good:
        for content, what in (
            ({key: good[key] for key in good if key != field}, "is missing"),
            (good | {field: [1]}, "is damaged"),
            (good | {field: None}, "is damaged"),
        ):
            written.write_text(json.dumps([content]))
            with pytest.raises(InputError) as caught:
                read_recipes(written)
            message = str(caught.value)
            assert message.startswith(f"{written}: 0.{field}")
            assert message.endswith("; run `dvc repro`")
            assert what in message


def test_a_field_too_many(written):
    (good,) = json.loads(written.read_text())
    written.write_text(json.dumps([good | {"dropout": 0.5}]))
    with pytest.raises(InputError, match=r": 0\.dropout: is damaged; run `dvc repro`$"):
        read_recipes(written)
