"""results/recipes/RECIPE-POINT/recipe.json: the recipes of one point, ready to train.

A list: one recipe, or that of each study which searched for it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.digests import json_digest
from depthgauge.files.outputs import intact, read_output
from depthgauge.training.recipe import Recipe

FOLDER = Path("results/recipes")
FILE = "recipe.json"
_RECIPES = TypeAdapter(Annotated[tuple[Recipe, ...], Field(min_length=1)])


def recipe_folder(name: str, point: Point) -> Path:
    """Where the recipe `name` of a point lies, and its search, from the experiment's folder."""
    return FOLDER / f"{name}-{point}"


def recipe_path(name: str, point: Point) -> Path:
    """The recipe's own file in its folder."""
    return recipe_folder(name, point) / FILE


def write_recipes(path: Path, recipes: Sequence[Recipe]) -> None:
    """Write the recipes. Raises InputError if the file cannot be written."""
    write_file(path, json_bytes([recipe.model_dump() for recipe in recipes]))


def read_recipes(path: Path) -> tuple[Recipe, ...]:
    """Read what `write_recipes` wrote. Raises InputError if it is missing or damaged."""
    data = read_output(path)
    with intact(path):
        return _RECIPES.validate_json(data)


def recipes_digest(recipes: Sequence[Recipe]) -> str:
    """The digest by which results, searches and runs of the same recipes find each other."""
    return json_digest([recipe.model_dump() for recipe in recipes])


def flat_recipes(recipes: Sequence[Recipe]) -> dict[str, Any]:
    """Their settings by dotted key: the value that all have, or the list of each one's."""
    first, *others = (recipe.flat() for recipe in recipes)
    return {
        key: value
        if all(other[key] == value for other in others)
        else [value, *(other[key] for other in others)]
        for key, value in first.items()
    }
