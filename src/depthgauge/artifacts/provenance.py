"""What decides a training's results, as one record: what train writes and evaluate demands."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from depthgauge.artifacts.code import code_digest
from depthgauge.artifacts.dataset import ARRAYS, Meta
from depthgauge.artifacts.recipes import flat_recipes, recipes_digest
from depthgauge.artifacts.runs import read_provenance
from depthgauge.axes.axis import Point
from depthgauge.files.outputs import require_same
from depthgauge.settings.schema import Settings
from depthgauge.training.recipe import Recipe


def data_digest(meta: Meta) -> str:
    """The digest of the prepared examples, splits and scaling."""
    return str(meta["digests"].get(ARRAYS))


def provenance(
    settings: Settings,
    name: str,
    point: Point,
    recipes: Sequence[Recipe],
    meta: Meta,
    replicates: range,
) -> dict[str, Any]:
    """All that decides these replicates of the recipe `name` at a point; recipes: of each study."""
    own = {"first_replicate": replicates.start, "replicates": len(replicates)}
    own |= settings.model_dump(include={"seed"}) | settings.training.model_dump()
    return {
        "recipe": name,
        "axis": settings.axis,
        "point": point,
        "settings": own | flat_recipes(recipes),
        "data_digest": data_digest(meta),
        "recipe_digest": recipes_digest(recipes),
        "code_digest": code_digest("train", settings),
        "packages": {name: version(name) for name in ("numpy", "torch")},
    }


def require_provenance(folder: Path, expected: dict[str, Any]) -> None:
    """The results in `folder` must come from what is expected.

    Raises InputError naming the first thing that differs.
    """
    found = read_provenance(folder)
    keys = ("recipe", "axis", "point", "data_digest", "code_digest")
    require_same(folder, *({key: each.get(key) for key in keys} for each in (found, expected)))
    # Key by key, since that says more than the digest of the recipe.
    require_same(folder, found["settings"], expected["settings"])
