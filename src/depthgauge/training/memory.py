"""How many bytes a training needs, before it is started."""

from depthgauge.data.dataset import Prepared
from depthgauge.training.groups import BYTES
from depthgauge.training.measure import ROWS_AT_ONCE
from depthgauge.training.network import Architecture
from depthgauge.training.recipe import Recipe

# Parameters, gradients, two moments, and the weights kept for the stopping `validation`.
TRAINED_COPIES = 5
# The weights of both stoppings, once in the group and once joined with the others.
KEPT_COPIES = 4
CURVES, FLOAT64 = 6, 8


def bytes_needed(
    prepared: Prepared, recipe: Recipe, replicates: int, group: int, workers: int
) -> int:
    """An estimate for one point, from below: what is sure to be allocated at the same time."""
    architecture = Architecture(
        prepared.inputs.shape[1], prepared.outputs, recipe.depth, recipe.width
    )
    group = max(2, min(group, replicates))
    at_once = min(replicates, group * workers)
    weights = architecture.row_length * BYTES
    rows = max(min(recipe.batch_size, prepared.splits.train.shape[1]), ROWS_AT_ONCE)
    activations = rows * (recipe.width * recipe.depth + prepared.outputs) * BYTES
    examples = int(prepared.inputs.nbytes) * (at_once if prepared.splits.resampled else workers)
    kept = replicates * (weights * KEPT_COPIES + recipe.epochs * CURVES * FLOAT64)
    needed: int = at_once * (weights * TRAINED_COPIES + activations) + examples + kept
    return needed
