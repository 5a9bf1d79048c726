"""All that the page tells, as data: figures and sentences follow from it alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from depthgauge.axes.axis import AxisWords, words
from depthgauge.data.dataset import Prepared
from depthgauge.statistics.double_descent import Descents
from depthgauge.statistics.verdicts import ViewVerdict

View = tuple[str, str]


@dataclass(frozen=True)
class Search:
    """The search of one point. trials: rows of its table, numbers as numbers, None where empty.

    best: the number of the best trial. space: for each searched value [low, high] or the list of
    choices. importances: its share of what the trials' values vary by, None where unknown.
    replicates, epochs: what a trial may train.
    """

    point: int
    objective: str
    replicates: int
    epochs: int
    best: int
    trials: Sequence[Mapping[str, Any]]
    space: Mapping[str, Sequence[Any]]
    importances: Mapping[str, float | None]


@dataclass(frozen=True)
class Source:
    """A run in MLflow and the digest by which it is found."""

    name: str
    digest: str


@dataclass(frozen=True)
class Facts:
    """The experiment and its results.

    verdicts: every view, the main one first. losses: for each view, train and test losses (R, D) at
    the view's stopping, NaN where a replicate diverged. curves: for each recipe and point, curves
    (R, E) by name, NaN for replicates that diverged. descents: for each view, of loss and error.
    data: the settings' section of that name. settings: all settings, flat, as text. packages:
    versions that the results were made with.
    """

    experiment: str
    axis: str
    points: Sequence[int]
    replicates: int
    loss: str
    margin: float
    alpha: float
    answer: str
    verdicts: Mapping[View, ViewVerdict]
    losses: Mapping[View, Mapping[str, np.ndarray]]
    curves: Mapping[str, Sequence[Mapping[str, np.ndarray]]]
    descents: Mapping[View, Descents]
    searches: Sequence[Search]
    prepared: Prepared
    meta: Mapping[str, Any]
    data: Mapping[str, Any]
    settings: Mapping[str, str]
    packages: Mapping[str, str]
    sources: Sequence[Source]

    @property
    def floor(self) -> float | None:
        """The test loss that no model can be expected to beat, where the truth is known."""
        found: float | None = self.meta["baselines"].get("reference", {}).get("test")
        return found

    @property
    def of(self) -> AxisWords:
        """The words for the axis."""
        return words(self.axis)
