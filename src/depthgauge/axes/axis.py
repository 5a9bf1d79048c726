"""The words for an axis and its points: the same in sentences, labels and tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AxisWords:
    """How a person speaks of an axis.

    noun, plural: "depth", "depths". label: of an axis in a figure, with its unit.
    preposition, before, one, several: parts of the name of a point.
    """

    noun: str
    plural: str
    label: str
    preposition: str
    before: str
    one: str
    several: str
    # Whether a point further along has a higher train loss by its nature, as more examples have.
    harder: bool = False

    def name(self, point: int) -> str:
        """A point: "depth 2", "a window of 28 values", "100 training examples"."""
        after = self.one if point == 1 else self.several
        return f"{self.before}{point}{after}"

    def at(self, point: int) -> str:
        """Where something happens: "at depth 2", "with 100 training examples"."""
        return f"{self.preposition} {self.name(point)}"


WORDS = {
    "depth": AxisWords("depth", "depths", "depth (hidden layers)", "at", "depth ", "", ""),
    "width": AxisWords(
        "width", "widths", "width (units in each hidden layer)", "at", "width ", "", ""
    ),
    "window": AxisWords(
        "window",
        "windows",
        # Not days: months and hours are series too.
        "window (values of each input)",
        "with",
        "a window of ",
        " value",
        " values",
    ),
    "training_size": AxisWords(
        "training-set size",
        "training-set sizes",
        "training-set size (examples)",
        "with",
        "",
        " training example",
        " training examples",
        harder=True,
    ),
    "epochs": AxisWords(
        "number of epochs",
        "numbers of epochs",
        "epochs of training",
        "with",
        "",
        " epoch",
        " epochs",
    ),
}


def words(axis: str) -> AxisWords:
    """The words for an axis of the settings. Raises KeyError for one that is none."""
    return WORDS[axis]


def explained(axis: str, point: int) -> str:
    """What a point means where its name does not say: "2 hidden layers"; else its name."""
    if axis == "depth":
        if point == 0:
            return "no hidden layer, a linear model"
        return f"{point} hidden layer{'s' if point != 1 else ''}"
    if axis == "width":
        return f"{point} unit{'s' if point != 1 else ''} in each hidden layer"
    return words(axis).name(point)


def listed(axis: str, points: list[int]) -> str:
    """Several points: "depths 0, 1 and 2"; one: "depth 2"; "100 and 200 training examples"."""
    those = words(axis)
    if len(points) == 1:
        return those.name(points[0])
    joined = f"{', '.join(map(str, points[:-1]))} and {points[-1]}"
    if those.several:
        return f"{those.before.replace('a window', 'windows')}{joined}{those.several}"
    return f"{those.plural} {joined}"
