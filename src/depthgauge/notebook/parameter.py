"""A parameter of anybody's as an axis: its values in order, and the words for them."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from depthgauge.axes.axis import Axis, Point, axis_names, find_axis
from depthgauge.statistics.paired import mean_and_interval
from depthgauge.statistics.stopping import FloatArray

Simpler = Literal["small", "large"]


class ParameterAxis(Axis):
    """An axis whose points are values of a parameter, told as in code: "max_depth=3"."""

    def join_points(self, points: Sequence[Point]) -> str:
        """Several points: "max_depth=3, 4 and 5"."""
        *most, last = map(str, points)
        return f"{self.before}{', '.join(most)} and {last}" if most else f"{self.before}{last}"


def parameter_axis(name: str, simpler: Simpler = "small") -> Axis:
    """The axis of depthgauge that has this name or, where none has, one of the parameter."""
    if name in axis_names() and simpler == "small":
        return find_axis(name)
    return ParameterAxis(
        name=name,
        noun=name,
        plural=f"values of {name}",
        label=name if simpler == "small" else f"{name} (large is simple)",
        preposition="at",
        # A column that is called so stands for no parameter.
        before="point " if name == "point" else f"{name}=",
    )


def ordered_points(name: str, values: Iterable[Any], simpler: Simpler) -> list[tuple[Point, Any]]:
    """(point, value) of each value, the simplest first.

    Numbers are their own points, and ascend or, where the large are the simple ones, descend.
    Other values keep their order, and their text is the point. Raises ValueError for none at all,
    for one given twice, and for an order that these values do not have.
    """
    if simpler not in ("small", "large"):
        raise ValueError(f"simpler: {simpler!r} is neither 'small' nor 'large'")
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    if not plain:
        raise ValueError(f"{name}: has no values; give two or more, range(1, 20) say")
    if all(map(_is_number, plain)):
        found = sorted(
            ((v, v) for v in plain), key=lambda pair: pair[0], reverse=simpler == "large"
        )
    elif simpler == "large":
        odd = next(value for value in plain if not _is_number(value))
        raise ValueError(
            f"{name}: {odd!r} is no number, so that none is the largest; leave `simpler` out and "
            "give the values in their order, the simplest first"
        )
    else:
        found = [(_text(value), value) for value in plain]
    points = [point for point, _ in found]
    twice = next((point for place, point in enumerate(points) if point in points[:place]), None)
    if twice is not None:
        raise ValueError(f"{name}: {twice} is given twice")
    return found


def simple_end(name: str, points: Sequence[Point], train: Sequence[FloatArray]) -> Simpler:
    """Which end of ascending points is the simple model, where nobody said.

    train: of each point the (R,) train losses of its replicates. The more flexible a model, the
    lower its train loss: "large" where its mean rises from each point to the next, told apart
    between the ends, and the points are numbers. Not of depth, width and the like: these are known,
    and a train loss that rises with them is a training that fails.
    """
    known = name.rpartition("__")[2] in axis_names()
    if known or len(points) < 2 or not all(map(_is_number, points)):
        return "small"
    estimates = [mean_and_interval(np.asarray(losses)) for losses in train]
    means = [np.nan if each.mean is None else each.mean for each in estimates]
    first, last = estimates[0].interval, estimates[-1].interval
    rises = bool(np.all(np.diff(means) >= 0))
    return "large" if rises and first and last and last.low > first.high else "small"


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _text(value: Any) -> str:
    """One line, whatever it is."""
    return " ".join(str(value).split())
