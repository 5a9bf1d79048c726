"""Try a network of one's own on an experiment's data: is it good, and at which points?"""

from collections.abc import Iterator, Sequence

from depthgauge.artifacts.seen import at_settings
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.errors import InputError
from depthgauge.settings.schema import Settings
from depthgauge.training.networks.own import Own
from depthgauge.training.own_check import require_own
from depthgauge.training.own_rules import require_usable


def try_own(
    settings: Settings, dataset: Dataset, points: Sequence[Point] | None = None
) -> Iterator[str]:
    """What the network is at the smallest, the next and the largest point, a line each.

    points: in place of the settings'. Raises InputError for one that cannot be used.
    """
    every = list(settings.points if points is None else points)
    asked = []
    for place in dict.fromkeys((0, min(1, len(every) - 1), len(every) - 1)):
        seen = at_settings(dataset, settings, every[place])
        where = settings.swept.point_name(every[place])
        network = settings.recipe_at(every[place]).network
        asked.append((where, network, seen.input_shape, seen.outputs))
    swept = (settings.swept.parameter or "").rpartition(".")[2]
    yield from require_own(asked, swept)


def usable_points(settings: Settings, dataset: Dataset) -> tuple[list[Point], list[str]]:
    """The depths at which a network can be used, and why others are left out, a line each.

    Depth 0 is left out too where it is the network of depth 1. Raises InputError where there are
    none, or where `try_own` does.
    """
    good: list[Point] = []
    errors: dict[Point, InputError] = {}
    for point in settings.points:
        network, seen = settings.recipe_at(point).network, at_settings(dataset, settings, point)
        assert isinstance(network, Own)
        try:
            require_usable(network, seen.input_shape, seen.outputs)
        except InputError as error:
            errors[point] = error
        else:
            good.append(point)
    if not good:
        raise next(iter(errors.values()))
    try:
        list(try_own(settings, dataset, good))
    except InputError as error:
        if good[0] != 0 or len(good) < 2:
            raise
        list(try_own(settings, dataset, good[1:]))
        errors[good.pop(0)] = error
    return good, [f"{settings.axis} {point} is left out: {e}" for point, e in errors.items()]
