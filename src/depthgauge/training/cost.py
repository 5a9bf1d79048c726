"""How long points take against each other, to tell how long the rest of a training will take."""

from depthgauge.training.network import Architecture
from depthgauge.training.recipe import Recipe

# What an example costs besides its parameters (shuffling, measuring, starting operations), in
# parameters: fitted by eye to the digits, where depth 6 takes 1.9 times as long as depth 1.
BESIDES = 20_000


def relative_cost(inputs: int, outputs: int, examples: int, recipe: Recipe) -> float:
    """The cost of a replicate trained on `examples`; only ratios mean anything."""
    architecture = Architecture(inputs, outputs, recipe.depth, recipe.width)
    return examples * recipe.epochs * (architecture.parameter_count + BESIDES)
