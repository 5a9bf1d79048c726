"""results/recipes/RECIPE-POINT.json: the recipe of one point, ready to train."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from depthgauge.core.training.recipe import Recipe
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.raw import read_bytes

FOLDER = Path("results/recipes")


def recipe_path(name: str, point: int) -> Path:
    """Where the recipe `name` of a point lies, from the experiment's folder."""
    return FOLDER / f"{name}-{point}.json"


def write_recipe(path: Path, recipe: Recipe) -> None:
    """Write the recipe. Raises InputError if the file cannot be written."""
    write_file(path, json_bytes(asdict(recipe)))


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote. Raises InputError if it is missing or damaged."""
    try:
        content: dict[str, Any] = json.loads(read_bytes(path))
        types = {field.name: field.type for field in fields(Recipe)}
        if content.keys() != types.keys():
            raise ValueError(f"keys {sorted(content)}")
        return Recipe(**content)
    except InputError as error:
        raise InputError(f"{error}; run `dvc repro`") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: is damaged ({error}); run `dvc repro`") from None
