"""What decides a training's results, as one record: what train writes and evaluate demands."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from depthgauge.artifacts.code import code_digest
from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.recipes import recipe_digest
from depthgauge.artifacts.runs import read_provenance
from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.files.digests import json_digest
from depthgauge.settings.schema import Settings
from depthgauge.training.recipe import Recipe


def data_digest(meta: Meta) -> str:
    """The digest of the prepared examples, splits and scaling."""
    tables = {name: d for name, d in meta["digests"].items() if name.endswith(".parquet")}
    return json_digest(tables)


def provenance(
    settings: Settings, name: str, point: Point, recipe: Recipe, meta: Meta
) -> dict[str, Any]:
    """All that decides the results of the recipe `name` at a point."""
    return {
        "recipe": name,
        "axis": settings.axis,
        "point": point,
        "settings": {
            "seed": settings.seed,
            "replicates": settings.replicates,
            "device": settings.training.device,
            **recipe.flat(),
        },
        "data_digest": data_digest(meta),
        "recipe_digest": recipe_digest(recipe),
        "code_digest": code_digest("train", settings),
        "packages": {name: version(name) for name in ("numpy", "torch")},
    }


def require_provenance(folder: Path, expected: dict[str, Any]) -> None:
    """The results in `folder` must come from what is expected.

    Raises InputError naming the first thing that differs.
    """
    found = read_provenance(folder)
    for key in ("recipe", "axis", "point", "data_digest", "code_digest"):
        if found.get(key) != expected[key]:
            raise _other(folder, key, found.get(key), expected[key])
    # Key by key, since that says more than the digest of the recipe.
    then, now = found["settings"], expected["settings"]
    for key in sorted(then.keys() | now.keys()):
        if then.get(key) != now.get(key):
            raise _other(folder, key, then.get(key), now.get(key))


def _other(folder: Path, key: str, then: object, now: object) -> InputError:
    return InputError(f"{folder}: {key}: made with {then}, now {now}; run `dvc repro`")
