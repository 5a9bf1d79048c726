"""What stages read of earlier ones; all of it must fit the present settings."""

from pathlib import Path

from depthgauge.artifacts.dataset import PREPARED, Meta, check_settings, read_dataset, read_meta
from depthgauge.artifacts.provenance import provenance, require_provenance
from depthgauge.artifacts.recipes import read_recipe, recipe_path
from depthgauge.artifacts.runs import trained_path
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.errors import InputError
from depthgauge.files.outputs import StaleError, require_same
from depthgauge.settings.schema import Settings
from depthgauge.training.recipe import Recipe


def present_data(folder: Path, settings: Settings) -> tuple[Dataset, Meta]:
    """The prepared data. Raises InputError if they are missing or from other settings."""
    meta = read_meta(folder / PREPARED)
    check_settings(folder / PREPARED, meta, settings.data_settings())
    return read_dataset(folder / PREPARED)[0], meta


def point_data(folder: Path, settings: Settings, point: Point) -> tuple[Dataset, Meta]:
    """The prepared data as a point sees them. Raises InputError as `present_data` does."""
    dataset, meta = present_data(folder, settings)
    return at_settings(dataset, settings, point), meta


def at_settings(dataset: Dataset, settings: Settings, point: Point) -> Dataset:
    """The prepared data as a point of the settings sees them. Raises InputError naming the key."""
    try:
        return settings.swept.apply(dataset, point, settings.seed)
    except InputError as error:
        raise InputError(f"params.yaml: {error}") from error


def present_recipe(folder: Path, settings: Settings, name: str, point: Point) -> Recipe:
    """A point's recipe. Raises InputError if it is missing or from other settings."""
    path = folder / recipe_path(name, point)
    recipe, base = read_recipe(path), settings.recipe_at(point)
    names = settings.searched(point) if name == "tuned" else ()
    then, now = recipe.flat(), base.flat()
    for key, name in ((str(base.key(name)), name) for name in names):
        now.pop(key)
        if not settings.search.space.holds(name, found := then.pop(key, None)):
            raise StaleError(f"{path}: {key}: {found} is not in search.space of params.yaml")
    require_same(path, then, now)
    return recipe


def present_results(folder: Path, settings: Settings, meta: Meta, name: str, point: Point) -> Path:
    """Where a point's results lie. Raises InputError if they are missing or from other settings."""
    recipe = present_recipe(folder, settings, name, point)
    path = folder / trained_path(name, point)
    require_provenance(path, provenance(settings, name, point, recipe, meta))
    return path
