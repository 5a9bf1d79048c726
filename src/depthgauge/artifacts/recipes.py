"""results/recipes/RECIPE-POINT/recipe.json: the recipe of one point, ready to train."""

from pathlib import Path

from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.digests import json_digest
from depthgauge.files.outputs import intact, read_json_output
from depthgauge.training.recipe import Recipe

FOLDER = Path("results/recipes")
FILE = "recipe.json"


def recipe_folder(name: str, point: Point) -> Path:
    """Where the recipe `name` of a point lies, and its search, from the experiment's folder."""
    return FOLDER / f"{name}-{point}"


def recipe_path(name: str, point: Point) -> Path:
    """The recipe's own file in its folder."""
    return recipe_folder(name, point) / FILE


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write the recipe. Raises InputError if the file cannot be written."""
    write_file(path, json_bytes(recipe.model_dump()))


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote. Raises InputError if it is missing or damaged."""
    content = read_json_output(path)
    with intact(path):
        return Recipe.model_validate(content)


def recipe_digest(recipe: Recipe) -> str:
    """The digest by which results, searches and runs of one recipe find each other."""
    return json_digest(recipe.model_dump())
