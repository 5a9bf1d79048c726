"""What stages read of earlier ones; all of it must fit the present settings."""

from pathlib import Path
from typing import Any

from depthgauge.artifacts.dataset import PREPARED, Meta, check_settings, read_meta, read_prepared
from depthgauge.artifacts.recipes import read_recipe, recipe_path, recipe_values
from depthgauge.artifacts.runs import trained_path
from depthgauge.axes.point_data import at_point
from depthgauge.data.dataset import Prepared
from depthgauge.errors import InputError
from depthgauge.settings.schema import Settings
from depthgauge.stages.provenance import provenance, require_provenance
from depthgauge.training.recipe import Recipe


def present_data(folder: Path, settings: Settings) -> tuple[Prepared, Meta]:
    """The prepared data. Raises InputError if they are missing or from other settings."""
    meta = present_meta(folder, settings)
    return read_prepared(folder / PREPARED)[0], meta


def point_data(folder: Path, settings: Settings, point: int) -> tuple[Prepared, Meta]:
    """The prepared data as a point sees them. Raises InputError as `present_data` does."""
    prepared, meta = present_data(folder, settings)
    return at_settings(prepared, settings, point), meta


def at_settings(prepared: Prepared, settings: Settings, point: int) -> Prepared:
    """The prepared data as a point of the settings sees them. Raises InputError naming the key."""
    try:
        return at_point(prepared, settings.axis, point, settings.seed)
    except InputError as error:
        raise InputError(f"params.yaml: {error}") from error


def present_meta(folder: Path, settings: Settings) -> Meta:
    """What is told of the prepared data. Raises InputError as `present_data` does."""
    meta = read_meta(folder / PREPARED)
    check_settings(folder / PREPARED, meta, settings.data_settings())
    return meta


def present_recipe(folder: Path, settings: Settings, name: str, point: int) -> Recipe:
    """A point's recipe. Raises InputError if it is missing or from other settings."""
    path = folder / recipe_path(name, point)
    recipe = read_recipe(path)
    searched = settings.searched(point) if name == "tuned" else ()
    then, now = recipe_values(recipe), recipe_values(settings.training_recipe(point))
    for key in sorted(then.keys() | now.keys()):
        if key.rpartition(".")[2] in searched:
            _require_in_space(path, settings, key, then.get(key))
        elif then.get(key) != now.get(key):
            raise InputError(
                f"{path}: {key}: made with {then.get(key)}, now {now.get(key)}; run `dvc repro`"
            )
    return recipe


def _require_in_space(path: Path, settings: Settings, key: str, value: Any) -> None:
    """A searched value must lie in the search space of the present settings."""
    space = getattr(settings.search.space, key.rpartition(".")[2])
    good = value in space if isinstance(space, list) else space.low <= value <= space.high
    if not good:
        raise InputError(
            f"{path}: {key}: {value} is not in search.space of params.yaml; run `dvc repro`"
        )


def present_results(folder: Path, settings: Settings, meta: Meta, name: str, point: int) -> Path:
    """Where a point's results lie. Raises InputError if they are missing or from other settings."""
    recipe = present_recipe(folder, settings, name, point)
    path = folder / trained_path(name, point)
    require_provenance(path, provenance(settings, name, point, recipe, meta))
    return path
