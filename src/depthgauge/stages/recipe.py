"""recipe: write the fixed recipe of one point.

The recipe of params.yaml with the point's own value, in results/recipes.

examples:
  depthgauge recipe --depth 3
"""

from pathlib import Path

from depthgauge.artifacts.recipes import recipe_path, write_recipe
from depthgauge.settings.schema import Settings


def recipe(folder: Path, settings: Settings, point: int) -> None:
    """Write the recipe `fixed` of one point."""
    write_recipe(folder / recipe_path("fixed", point), settings.training_recipe(point))
