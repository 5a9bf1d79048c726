import json
from pathlib import Path

import pytest

from depthgauge.artifacts.recipes import read_recipe, recipe_path, write_recipe
from depthgauge.errors import InputError
from depthgauge.training.recipe import Recipe

RECIPE = Recipe.model_validate(
    {
        "network": {
            "family": "mlp",
            "depth": 3,
            "width": 64,
            "activation": "relu",
            "initialisation": "kaiming_normal",
        },
        "optimizer": {"name": "adamw", "learning_rate": 1e-300, "weight_decay": 0.1 + 0.2},
        "schedule": "cosine",
        "batch_size": 32,
        "epochs": 60,
        "loss": {"name": "huber", "delta": 0.1},
    }
)


def test_where_it_lies():
    assert recipe_path("fixed", 3) == Path("results/recipes/fixed-3.json")


def test_reads_back_the_same(tmp_path):
    path = tmp_path / "deep" / "recipe.json"
    write_recipe(path, RECIPE)
    assert read_recipe(path) == RECIPE
    assert json.loads(path.read_text()) == RECIPE.model_dump()


def test_bytes_follow_the_recipe_alone(tmp_path):
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    write_recipe(one, RECIPE)
    write_recipe(same, RECIPE.model_copy())
    write_recipe(other, RECIPE.with_values({"epochs": 61}))
    assert one.read_bytes() == same.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("field", RECIPE.model_dump())
def test_a_field_left_out(tmp_path, field):
    content = RECIPE.model_dump()
    del content[field]
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError) as caught:
        read_recipe(path)
    assert str(caught.value) == f"{path}: {field}: is missing; run `dvc repro`"


def test_a_field_too_many(tmp_path):
    path = tmp_path / "recipe.json"
    path.write_text(json.dumps({**RECIPE.model_dump(), "dropout": 0.5}))
    with pytest.raises(InputError, match=r"is of another version, or damaged; run `dvc repro`$"):
        read_recipe(path)
