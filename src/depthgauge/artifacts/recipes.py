"""results/recipes/RECIPE-POINT.json: the recipe of one point, ready to train."""

from dataclasses import asdict, fields
from pathlib import Path

from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output
from depthgauge.training.recipe import Recipe

FOLDER = Path("results/recipes")


def recipe_path(name: str, point: int) -> Path:
    """Where the recipe `name` of a point lies, from the experiment's folder."""
    return FOLDER / f"{name}-{point}.json"


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write the recipe. Raises InputError if the file cannot be written."""
    write_file(path, json_bytes(asdict(recipe)))


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote. Raises InputError if it is missing or damaged."""
    content = read_json_output(path)
    for field in fields(Recipe):
        if field.name not in content:
            raise InputError(f"{path}: {field.name}: is missing; run `dvc repro`")
    if len(content) > len(fields(Recipe)):
        raise InputError(f"{path}: was written by another version; run `dvc repro`")
    return Recipe(**content)
