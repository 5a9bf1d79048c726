"""What trains: the device and the cores that a training may use, and whether memory is enough."""

import os
from dataclasses import replace

import torch

from depthgauge.data.dataset import Prepared
from depthgauge.errors import InputError
from depthgauge.settings.schema import Settings
from depthgauge.stages.memory import require_memory
from depthgauge.training.groups import group_size
from depthgauge.training.memory import bytes_needed
from depthgauge.training.network import Architecture
from depthgauge.training.recipe import Recipe


def training_device(setting: str) -> torch.device:
    """The device that training.device names. Raises InputError where it is not there."""
    if setting == "cuda" and not torch.cuda.is_available():
        raise InputError("params.yaml: training.device: no CUDA device is here; use cpu or auto")
    if setting == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(setting)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_training(prepared: Prepared, recipe: Recipe, settings: Settings, point: int) -> None:
    """Raises InputError if the machine's memory cannot hold the training of a point.

    prepared: the data as the point sees them.
    """
    _require(prepared, recipe, settings, point, settings.replicates, "recipe.width")


def check_search(prepared: Prepared, settings: Settings, point: int) -> None:
    """Raises InputError if a trial, or training what the search may find, does not fit in memory.

    It is judged for the widest network and the largest batch of the search space.
    """
    space, recipe = settings.search.space, settings.training_recipe(point)
    recipe = replace(recipe, batch_size=space.batch_size[-1])
    if "width" in settings.searched(point):
        recipe = replace(recipe, width=space.width.high)
    for replicates in (settings.search.replicates, settings.replicates):
        _require(prepared, recipe, settings, point, replicates, "search.space.width.high")


def _require(
    prepared: Prepared,
    recipe: Recipe,
    settings: Settings,
    point: int,
    replicates: int,
    width: str,
) -> None:
    architecture = Architecture(
        prepared.inputs.shape[1], prepared.outputs, recipe.depth, recipe.width
    )
    require_memory(
        bytes_needed(prepared, recipe, replicates, group_size(architecture), cores()),
        f"params.yaml: {settings.axis} {point} with {width} {recipe.width}, "
        f"{replicates} replicates and {recipe.epochs} epochs",
    )
