"""What each stage of an experiment needs of the machine's memory, refused before it starts."""

from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Prepared
from depthgauge.search.space import greatest
from depthgauge.settings.schema import Settings


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
