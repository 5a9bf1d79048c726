"""promote: write what a search found into params.yaml, as the recipe.

Every point is then trained with it as the fixed recipe; comments in the file stay.

examples:
  depthgauge promote --depth 3
  depthgauge promote --depth 3 --from found
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from depthgauge.artifacts.recipes import FOLDER, read_recipe, recipe_path
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.files.atomic import write_file
from depthgauge.progress import named_values, say
from depthgauge.settings.load import FILE, parse_text
from depthgauge.settings.schema import Settings
from depthgauge.training.recipe import Recipe


def promote(folder: Path, settings: Settings, point: Point, source: Path | None) -> None:
    """Write the searched values of a point's tuned recipe into params.yaml, for every point.

    source: a folder that `depthgauge search --out` wrote; None for the pipeline's results.
    Raises InputError if there is none, or if it is of other settings than those of now.
    """
    found = recipe_path("tuned", point)
    path = folder / found if source is None else source / found.relative_to(FOLDER)
    recipe, names = read_recipe(path), settings.searched(point)
    _require_same(path, recipe, settings.recipe_at(point), names)
    values = {name: recipe.flat()[str(recipe.key(name))] for name in names}
    params = folder / FILE
    # As bytes, so that the ends of lines stay as they are.
    keys = {f"recipe.{settings.recipe.key(name)}": value for name, value in values.items()}
    text = _replace(params.read_bytes().decode(), keys)
    wanted = settings.model_copy(update={"recipe": settings.recipe.with_values(values)})
    if parse_text(text, str(params)) != wanted:
        raise InputError(f"{params}: shares values by & and *; write those of recipe out there")
    write_file(params, text.encode())
    say(
        f"promote: recipe of {params}: {named_values(values, names)}; "
        "`dvc repro` trains it at every point"
    )


def _require_same(path: Path, recipe: Recipe, now: Recipe, searched: tuple[str, ...]) -> None:
    """A rate that was found for another optimizer, say, says nothing about the present one.

    Raises InputError naming what differs beside the searched values.
    """
    # A linear model has no width, whatever stands there.
    free = {now.key(name) for name in searched} | now.without_effect()
    then = recipe.flat()
    for key, value in now.flat().items():
        if key not in free and then.get(key) != value:
            raise InputError(
                f"{path}: {key}: searched with {then.get(key)}, now {value} in {FILE}; search "
                "again, or put it back first"
            )


def _replace(text: str, values: Mapping[str, Any]) -> str:
    """The text with other values of dotted keys, and not a byte changed beside them."""
    root = YAML(typ="safe", pure=True).compose(text)
    places = [(_find_node(root, key), repr(value)) for key, value in values.items()]
    for node, value in sorted(places, key=lambda place: -place[0].start_mark.index):
        text = text[: node.start_mark.index] + value + text[node.end_mark.index :]
    return text


def _find_node(root: Any, key: str) -> Any:
    """What ruamel reads as the value of a dotted key."""
    for part in key.split("."):
        root = next(value for name, value in root.value if name.value == part)
    return root
