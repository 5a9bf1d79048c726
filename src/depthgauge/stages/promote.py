"""promote: write what a search found into params.yaml, as the recipe.

Every point is then trained with it as the fixed recipe; comments in the file stay.

examples:
  depthgauge promote --depth 3
  depthgauge promote --depth 3 --from found
"""

import re
from pathlib import Path

from depthgauge.artifacts.recipes import FOLDER, read_recipe, recipe_path
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.files.atomic import write_file
from depthgauge.progress import named_values, say
from depthgauge.settings.load import FILE, load_settings
from depthgauge.settings.schema import Settings
from depthgauge.training.recipe import Recipe

# The line `recipe:` and what belongs to it: indented lines, comments and empty lines.
SECTION = r"^recipe:[^\n]*\n(?:(?:[ \t]+[^\n]*|[ \t]*#[^\n]*|[ \t\r]*)\n)*"


def promote(folder: Path, settings: Settings, point: Point, source: Path | None) -> None:
    """Write the searched values of a point's tuned recipe into params.yaml, for every point.

    source: a folder that `depthgauge search --out` wrote; None for the pipeline's results.
    Raises InputError if there is none, or if params.yaml has no such line.
    """
    found = recipe_path("tuned", point)
    path = folder / found if source is None else source / found.relative_to(FOLDER)
    recipe = read_recipe(path)
    swept = recipe.key(settings.swept.parameter) if settings.swept.parameter else None
    if swept is not None and recipe.flat()[swept] != point:
        raise InputError(f"{path}: is of {settings.axis} {recipe.flat()[swept]}, not {point}")
    names = settings.searched(point)
    values = {name: recipe.flat()[key] for name in names if (key := recipe.key(name))}
    _require_same(path, recipe, settings, point)
    # As bytes, so that the ends of lines stay as they are.
    before = (folder / FILE).read_bytes().decode()
    after = before
    for name in names:
        after = _replaced(after, name, values[name], folder / FILE)
    write_file(folder / FILE, after.encode())
    try:
        load_settings(folder)
    except InputError:
        write_file(folder / FILE, before.encode())
        raise
    say(
        f"promote: recipe of {folder / FILE}: {named_values(values, names)}; "
        "`dvc repro` trains it at every point"
    )


def _require_same(path: Path, recipe: Recipe, settings: Settings, point: Point) -> None:
    """A rate that was found for another optimizer, say, says nothing about the present one.

    Raises InputError naming what differs beside the searched values.
    """
    now = settings.recipe_at(point)
    # A linear model has no width, whatever stands there.
    free = {now.key(name) for name in settings.searched(point)}
    free |= {f"network.{name}" for name in now.network.without_effect()}
    then = recipe.flat()
    for key, value in now.flat().items():
        if key not in free and then.get(key) != value:
            raise InputError(
                f"{path}: {key}: searched with {then.get(key)}, now {value} in {FILE}; search "
                "again, or put it back first"
            )


def _replaced(text: str, name: str, value: float, path: Path) -> str:
    """The text with the value of recipe.NAME replaced, in its line, whatever stands around it."""
    section = re.search(SECTION, text, re.M)
    line = section and re.search(rf"^([ \t]+{name}:[ \t]+)([^\s#]+)", section.group(), re.M)
    if not section or not line:
        raise InputError(
            f"{path}: recipe.{name}: is not on a line of its own under recipe:; write it there"
        )
    start = section.start() + line.start(2)
    return text[:start] + repr(value) + text[section.start() + line.end(2) :]
