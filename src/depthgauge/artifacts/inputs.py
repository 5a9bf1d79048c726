"""What stages read of earlier ones; all of it must fit the present settings."""

from pathlib import Path

from depthgauge.artifacts.dataset import PREPARED, Meta, check_settings, read_dataset, read_meta
from depthgauge.artifacts.provenance import provenance, require_provenance
from depthgauge.artifacts.recipes import read_recipes, recipe_path
from depthgauge.artifacts.runs import is_trained, part_path, parts
from depthgauge.artifacts.seen import at_settings, with_splits
from depthgauge.artifacts.trained import Trained
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.files.outputs import StaleError, require_same
from depthgauge.settings.schema import SEARCHED, Settings
from depthgauge.training.recipe import Recipe


def present_data(folder: Path, settings: Settings) -> tuple[Dataset, Meta]:
    """The prepared data. Raises InputError if they are missing or from other settings."""
    meta = read_meta(folder / PREPARED)
    check_settings(folder / PREPARED, meta, settings.data_settings())
    return read_dataset(folder / PREPARED)[0], meta


def point_data(folder: Path, settings: Settings, name: str, point: Point) -> tuple[Dataset, Meta]:
    """The data that a recipe sees at a point. Raises InputError as `present_data` does."""
    dataset, meta = present_data(folder, settings)
    return at_settings(with_splits(dataset, settings, name), settings, point), meta


def present_recipes(
    folder: Path, settings: Settings, name: str, point: Point
) -> tuple[Recipe, ...]:
    """A point's recipe, or that of each study which searched for it.

    Raises InputError if they are missing or from other settings.
    """
    path = folder / recipe_path(name, point)
    recipes, base = read_recipes(path), settings.recipe_at(point)
    require_same(path, {"studies": len(recipes)}, {"studies": settings.studies(name)})
    searched = settings.searched(name, point) if name in SEARCHED else ()
    for recipe in recipes:
        then, now = recipe.flat(), base.flat()
        for key, each in ((str(base.key(each)), each) for each in searched):
            now.pop(key)
            if not settings.space_of(name).holds(each, found := then.pop(key, None)):
                raise StaleError(f"{path}: {key}: {found} is not in search.space of params.yaml")
        require_same(path, then, now)
    return recipes


def present_results(
    folder: Path, settings: Settings, meta: Meta, name: str, point: Point
) -> Trained:
    """A point's results, of every look. Raises InputError if missing or from other settings."""
    recipes = present_recipes(folder, settings, name, point)
    found = []
    for part in parts(settings):
        path = folder / part_path(name, point, part)
        require_provenance(path, provenance(settings, name, point, recipes, meta, part))
        found.append(path)
    return Trained(tuple(found))


def is_present(
    folder: Path, settings: Settings, name: str, point: Point, replicates: range
) -> bool:
    """Whether the replicates that a look adds at a point are trained, with these settings."""
    path = folder / part_path(name, point, replicates)
    recipes, meta = present_recipes(folder, settings, name, point), read_meta(folder / PREPARED)
    try:
        require_provenance(path, provenance(settings, name, point, recipes, meta, replicates))
    except StaleError:
        return False
    return is_trained(path)
