"""results/recipes/RECIPE-POINT/recipe.json: the recipe of one point, ready to train."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output
from depthgauge.files.digests import json_digest
from depthgauge.training.recipe import Recipe

FOLDER = Path("results/recipes")
FILE = "recipe.json"
_RECIPE = TypeAdapter(Recipe)


def recipe_folder(name: str, point: object) -> Path:
    """Where the recipe `name` of a point lies, and its search, from the experiment's folder."""
    return FOLDER / f"{name}-{point}"


def recipe_path(name: str, point: object) -> Path:
    """The recipe's own file in its folder."""
    return recipe_folder(name, point) / FILE


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write the recipe. Raises InputError if the file cannot be written."""
    write_file(path, json_bytes(_content(recipe)))


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote. Raises InputError if it is missing or damaged."""
    content = read_json_output(path)
    try:
        # As JSON: strict of values alone.
        recipe = _RECIPE.validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        what = "is missing" if first["type"].startswith("missing") else "is damaged"
        raise InputError(f"{path}: {key}: {what}; run `dvc repro`") from None
    if _content(recipe).keys() != content.keys():
        raise InputError(f"{path}: was written by another version; run `dvc repro`")
    return recipe


def recipe_values(recipe: Recipe) -> dict[str, Any]:
    """Every value of a recipe by its dotted key."""
    return _flatten(_content(recipe))


def recipe_digest(recipe: Recipe) -> str:
    """The digest by which results, searches and runs of one recipe find each other."""
    return json_digest(_content(recipe))


def _content(recipe: Recipe) -> dict[str, Any]:
    content: dict[str, Any] = _RECIPE.dump_python(recipe, mode="json")
    return content


def _flatten(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in content.items():
        inner = isinstance(value, Mapping)
        values |= _flatten(value, f"{prefix}{key}.") if inner else {prefix + key: value}
    return values
