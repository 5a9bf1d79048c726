"""What each stage of an experiment needs of the machine's memory, refused before it starts."""

from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Prepared
from depthgauge.memory import require_memory
from depthgauge.search.space import greatest
from depthgauge.settings.schema import Settings

FLOAT64_BYTES = 8


def require_search_memory(prepared: Prepared, settings: Settings, point: Point) -> None:
    """Raises InputError if a trial, or training what the search may find, does not fit.

    It is judged for the widest network and the largest batch of the search space.
    """
    from depthgauge.training.machine import require_training_memory

    space = settings.search.space.of(settings.searched(point))
    recipe = settings.recipe_at(point).with_values(greatest(space))
    replicates = max(settings.search.replicates, settings.replicates)
    where = f"{settings.swept.point_name(point)}, at the upper ends of search.space"
    require_training_memory(prepared, recipe, replicates, where)


def require_judging_memory(rows: int, settings: Settings) -> None:
    """Raises InputError if `evaluate` would not fit; rows: those of the pool."""
    points, replicates, rules = len(settings.points), settings.replicates, settings.threshold
    require_memory(
        points * replicates * rows * FLOAT64_BYTES,
        f"params.yaml: the test losses of {points} points and {replicates} replicates",
    )
    require_memory(
        rules.resamples * points * FLOAT64_BYTES,
        f"params.yaml: threshold.resamples: {rules.resamples} resamples",
    )
    require_memory(
        2 * rules.stability_resamples * replicates * FLOAT64_BYTES,
        f"params.yaml: threshold.stability_resamples: {rules.stability_resamples} resamples",
    )
