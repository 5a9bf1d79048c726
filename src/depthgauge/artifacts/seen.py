"""What a recipe sees of the prepared data, and what of it at one point."""

from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.errors import InputError
from depthgauge.settings.schema import Settings


def with_splits(dataset: Dataset, settings: Settings, name: str) -> Dataset:
    """The prepared data in the splits of a recipe. Raises InputError where groups run out."""
    if name != "grouped":
        return dataset
    try:
        return settings.data.keep_apart(dataset, settings.seed, settings.looks[-1])
    except InputError as error:
        raise InputError(f"params.yaml: recipes: grouped: {error}") from error


def at_settings(dataset: Dataset, settings: Settings, point: Point) -> Dataset:
    """The prepared data as a point of the settings sees them. Raises InputError naming the key."""
    try:
        return settings.swept.apply(dataset, point, settings.seed)
    except InputError as error:
        raise InputError(f"params.yaml: {error}") from error
