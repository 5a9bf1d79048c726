"""What a metric is: a number for each replicate, from its outputs on one split."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from depthgauge.entries import entry_names, find_entry

METRICS = "depthgauge.training.metrics"
Float64Array = npt.NDArray[np.float64]
# outputs (R, n, K), targets, scale (R,) -> (R,), or (R, n)
Of = Callable[[Float64Array, npt.NDArray, Float64Array], Float64Array]


@dataclass(frozen=True)
class Metric:
    """A metric; its name is that of its module.

    words: as a person says it. classes: whether it is of classes, and not of numbers. of_classes:
    the only number of classes for which it is defined; None = any.

    of: (outputs (R, n, K), targets, scale (R,)) -> (R,), NaN where it is undefined. Targets are
    (R, n) class numbers, and outputs their logits; or both are numbers (R, n, K) in standard
    deviations of the training targets, and scale is that deviation, in the target's own unit.

    A metric with `parts` can be judged as the loss is: of the same, (R, n) what each example has to
    do with it. Their mean is the metric, and of a metric that is no mean of examples they differ
    from it by its influence function (Hampel 1974), the change when that example weighs a little
    more: to first order the spread of their mean is that of the metric. higher: more is better and
    1 the best. lack: what 1 less the metric is called. percent: differences are percentage points.
    """

    words: str
    classes: bool
    of: Of
    of_classes: int | None = None
    parts: Of | None = None
    higher: bool = True
    lack: str = ""
    percent: bool = False

    @property
    def cost(self) -> str:
        """What is the less the better, in words."""
        return (self.lack or f"1 − {self.words}") if self.higher else self.words

    def costs(self, values: Float64Array) -> Float64Array:
        """Values or parts so that less is better."""
        return 1 - values if self.higher else values

    def fits(self, classes: int) -> bool:
        """Whether it is defined for so many classes; 0 where targets are numbers."""
        return self.classes == bool(classes) and self.of_classes in (None, classes)


def find_metrics(names: Sequence[str]) -> dict[str, Metric]:
    """The metrics of these names, in their order."""
    return {name: find_entry(METRICS, name) for name in names}


def metrics_for(classes: int, loss: str) -> dict[str, Metric]:
    """The metrics that are defined for so many classes, less the loss of that name."""
    found = find_metrics(entry_names(METRICS))
    return {n: m for n, m in found.items() if n != loss and m.fits(classes)}


def confusion(outputs: Float64Array, targets: npt.NDArray) -> Float64Array:
    """(R, K, K): how many examples of each class (row) were given each class (column)."""
    replicates, _, classes = outputs.shape
    first = np.arange(replicates)[:, None] * classes
    cells = (first + targets) * classes + outputs.argmax(-1)
    counts = np.bincount(cells.ravel(), minlength=replicates * classes**2)
    return counts.reshape(replicates, classes, classes).astype(np.float64)


def ratio(part: Float64Array, whole: Float64Array) -> Float64Array:
    """part / whole, NaN where whole is 0."""
    return np.asarray(np.where(whole == 0, np.nan, part) / np.where(whole == 0, 1.0, whole))


def mean_of_known(values: Float64Array) -> Float64Array:
    """(R,) means of (R, K) over what is not NaN; NaN where nothing is left."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(1), known.sum(1).astype(np.float64))


def of_class(values: Float64Array, classes: npt.NDArray) -> Float64Array:
    """(R, n) from values (R, K) the one of each example's class."""
    return np.take_along_axis(values, classes, axis=1)
