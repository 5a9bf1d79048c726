"""How long the points that are still to be trained will take."""

from pathlib import Path

from depthgauge.artifacts.code import code_digest
from depthgauge.artifacts.dataset import PREPARED, Meta, read_meta
from depthgauge.artifacts.runs import read_provenance, trained_path
from depthgauge.errors import InputError
from depthgauge.progress import say
from depthgauge.settings.schema import Settings
from depthgauge.stages.inputs import present_recipe
from depthgauge.stages.provenance import data_digest
from depthgauge.training.cost import relative_cost


def time_to_go(folder: Path, settings: Settings, name: str, point: int, seconds: float) -> None:
    """Tell how many points are to go and about how long they take.

    seconds: what the point trained last took. Guessed from the sizes of the networks and of the
    data, so it is said as a guess.
    """
    meta = read_meta(folder / PREPARED)
    rate = seconds / _cost(meta, settings, point)
    todo = [
        p
        for n in settings.recipes
        for p in settings.points
        if (n, p) != (name, point) and not _trained(folder, settings, n, p)
    ]
    if todo:
        guess = sum(rate * _cost(meta, settings, p) for p in todo)
        points = "point" if len(todo) == 1 else "points"
        say(f"train: {len(todo)} {points} to go, about {guess:.0f} s of training")


def _cost(meta: Meta, settings: Settings, point: int) -> float:
    inputs, examples = meta["shapes"]["inputs"], meta["counts"]["train"]
    if settings.axis == "window":
        inputs = inputs * point // max(settings.points)
    if settings.axis == "training_size":
        examples = point
    outputs = meta["shapes"]["outputs"]
    return relative_cost(inputs, outputs, examples, settings.training_recipe(point))


def _trained(folder: Path, settings: Settings, name: str, point: int) -> bool:
    """Whether a point's results are there and, as far as is quickly told, from these settings."""
    try:
        found = read_provenance(folder / trained_path(name, point))
        recipe = present_recipe(folder, settings, name, point)
        data = data_digest(read_meta(folder / PREPARED))
    except InputError:
        return False
    then = found["settings"]
    return (
        found.get("code_digest") == code_digest("train", settings)
        and found.get("data_digest") == data
        and then.get("seed") == settings.seed
        and then.get("replicates") == settings.replicates
        and all(then.get(key) == value for key, value in vars(recipe).items())
    )
