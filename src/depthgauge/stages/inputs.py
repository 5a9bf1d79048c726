"""What train and evaluate read: prepared data and recipes that fit the present settings."""

from dataclasses import asdict
from pathlib import Path

from depthgauge.core.data.prepared import Prepared
from depthgauge.core.training.recipe import Recipe
from depthgauge.errors import InputError
from depthgauge.files.prepared import Meta, check_settings, read_prepared
from depthgauge.files.recipes import read_recipe, recipe_path
from depthgauge.settings.schema import Settings
from depthgauge.stages.data import data_settings
from depthgauge.stages.prepare import PREPARED


def present_data(folder: Path, settings: Settings) -> tuple[Prepared, Meta]:
    """The prepared data. Raises InputError if they are missing or from other settings."""
    prepared, meta = read_prepared(folder / PREPARED)
    check_settings(folder / PREPARED, meta, data_settings(settings))
    return prepared, meta


def present_recipe(folder: Path, settings: Settings, name: str, point: int) -> Recipe:
    """A point's recipe. Raises InputError if it is missing or from other settings."""
    path = folder / recipe_path(name, point)
    recipe = read_recipe(path)
    then, now = asdict(recipe), asdict(settings.training_recipe(point))
    for key in now:
        if then[key] != now[key]:
            raise InputError(
                f"{path}: {key}: made with {then[key]}, now {now[key]}; run `dvc repro`"
            )
    return recipe
