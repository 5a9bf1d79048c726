"""recipe: the settings -> results/recipes/fixed-POINT.json."""

from pathlib import Path

from depthgauge.artifacts.recipes import recipe_path, write_recipe
from depthgauge.axes.axis import Point
from depthgauge.settings.schema import Settings


def recipe(folder: Path, settings: Settings, point: Point) -> None:
    """Write the recipe `fixed` of one point."""
    write_recipe(folder / recipe_path("fixed", point), settings.recipe_at(point))
