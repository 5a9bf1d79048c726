"""What trains: the device and the cores that a training may use, and whether memory is enough."""

import torch

from depthgauge.data.dataset import Dataset
from depthgauge.errors import InputError
from depthgauge.memory import require_memory
from depthgauge.processes import cores
from depthgauge.training.groups import BYTES, COPIES, group_size
from depthgauge.training.recipe import Recipe

# Of a replicate: the weights of both stoppings, once in its group and once joined with the others.
KEPT_COPIES = 4
CURVES, FLOAT64_BYTES = 6, 8


def training_device(setting: str) -> torch.device:
    """The device that training.device names. Raises InputError where it is not there."""
    if setting == "cuda" and not torch.cuda.is_available():
        raise InputError("params.yaml: training.device: no CUDA device is here; use cpu or auto")
    if setting == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(setting)


def require_training_memory(dataset: Dataset, recipe: Recipe, replicates: int, where: str) -> None:
    """Raises InputError if the machine's memory cannot hold a training: an estimate from below.

    dataset: the data as the point sees them. where: the point, as a person says it.
    """
    layout = recipe.network.layout(dataset.input_shape, dataset.outputs)
    at_once = min(replicates, group_size(layout, recipe.optimizer) * cores())
    # The weights at the best epoch are one copy more.
    trained = at_once * (COPIES + recipe.optimizer.buffers + 1)
    weights = (trained + replicates * KEPT_COPIES) * layout.row_length * BYTES
    curves = replicates * recipe.epochs * CURVES * FLOAT64_BYTES
    examples = dataset.inputs.nbytes * (at_once if dataset.splits.resampled else 1)
    require_memory(
        weights + curves + examples,
        f"params.yaml: {where}: {replicates} replicates of a network of {layout.count:,} "
        f"parameters over {recipe.epochs} epochs",
    )
