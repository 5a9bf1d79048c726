"""What an axis is: a setting of the recipe or a change of the data, and how one speaks of it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from depthgauge.data.dataset import Dataset
from depthgauge.entries import entry_names, find_entry
from depthgauge.section import Counted

AXES = "depthgauge.axes"
# Where on its axis something is; its text names files and folders.
Point = int | float | str


@dataclass(frozen=True)
class Axis:
    """An axis and the words for it, the same in sentences, labels and tables.

    parameter: the key of the recipe that it sweeps; None where it changes the data (`apply`), its
    points then being counts. noun, plural: "depth", "depths". label: of an axis in a figure, with
    its unit. preposition, before, one, several: parts of the name of a point; before_several:
    of several, where it is not `before`. harder: whether a point further along has a higher train
    loss by its nature, as more examples have. counted: what its points count, where its name does
    not say (`counting`).
    """

    name: str
    noun: str
    plural: str
    label: str
    preposition: str
    before: str = ""
    one: str = ""
    several: str = ""
    before_several: str | None = None
    parameter: str | None = None
    harder: bool = False
    counted: Counted | None = None

    def counting(self, counted: Counted | None) -> "Axis":
        """The same axis of a network that says what its points count."""
        if counted is None:
            return self
        return replace(self, counted=counted, label=f"{self.noun} ({counted.several})")

    def apply(self, dataset: Dataset, point: Any, seed: int) -> Dataset:
        """What training at a point sees of the data; every point is tested on the same examples.

        Raises InputError for a point that the data do not have.
        """
        return dataset

    def check(self, settings: Any) -> None:
        """Raises ValueError, naming the key, where the settings do not fit the axis."""

    def point_name(self, point: Point) -> str:
        """A point: "depth 2", "a window of 28 values", "100 training examples"."""
        return f"{self.before}{point}{self.one if point == 1 else self.several}"

    def at(self, point: Point) -> str:
        """Where something happens: "at depth 2", "with 100 training examples"."""
        return f"{self.preposition} {self.point_name(point)}"

    def explain(self, point: Point) -> str:
        """What a point means where its name does not say: "2 hidden layers"; else its name."""
        if self.counted is None:
            return self.point_name(point)
        if point == 0 and self.counted.none:
            return self.counted.none
        return f"{point} {self.counted.one if point == 1 else self.counted.several}"

    def join_points(self, points: Sequence[Point]) -> str:
        """Several points: "depths 0, 1 and 2"; one: "depth 2"; "100 and 200 training examples"."""
        if len(points) == 1:
            return self.point_name(points[0])
        joined = f"{', '.join(map(str, points[:-1]))} and {points[-1]}"
        if not self.several:
            return f"{self.plural} {joined}"
        before = self.before if self.before_several is None else self.before_several
        return f"{before}{joined}{self.several}"


def axis_names() -> tuple[str, ...]:
    """All axes there are."""
    return entry_names(AXES)


def find_axis(name: str) -> Axis:
    """The axis of that name. Raises ValueError for one that is none."""
    axis: Axis = find_entry(AXES, name)
    return axis


def point_key(point: Point) -> int:
    """A whole number that stands for a point where random streams are told apart."""
    return point if isinstance(point, int) else zlib.crc32(str(point).encode())
