"""What decides the values of a study: its search space, its objective and how trials are made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from depthgauge.training.recipe import Recipe

Objective = Literal["validation_loss", "train_loss"]
Sampler = Literal["tpe", "random"]
Pruner = Literal["median", "none"]


@dataclass(frozen=True)
class Space:
    """Ranges, both ends included; the axis of the experiment is never among them (None)."""

    learning_rate: tuple[float, float] | None
    batch_size: tuple[int, ...] | None
    width: tuple[int, int] | None

    def distributions(self) -> dict[str, BaseDistribution]:
        """The space as Optuna knows it: rate and width on a logarithmic scale."""
        space: dict[str, BaseDistribution] = {}
        if self.learning_rate is not None:
            space["learning_rate"] = FloatDistribution(*self.learning_rate, log=True)
        if self.batch_size is not None:
            space["batch_size"] = CategoricalDistribution(self.batch_size)
        if self.width is not None:
            space["width"] = IntDistribution(*self.width, log=True)
        return space


@dataclass(frozen=True)
class Plan:
    """A study without its number of trials: two studies of one plan are the same study.

    base: the recipe of the point, whose searched values are replaced in each trial. replicates:
    trained as one batch in each trial. startup_trials: drawn at random before `tpe` begins, and
    finished before `median` prunes. data_digest, code_digest: of the prepared data and of the
    code that trains and searches.
    """

    axis: str
    point: int
    base: Recipe
    space: Space
    objective: Objective
    replicates: int
    sampler: Sampler
    pruner: Pruner
    startup_trials: int
    seed: int
    data_digest: str
    code_digest: str

    def record(self) -> dict[str, Any]:
        """The plan as JSON, without what the trials replace in the recipe."""
        content = asdict(self)
        for name in self.space.distributions():
            del content["base"][name]
        return content

    def recipe(self, values: Mapping[str, Any]) -> Recipe:
        """The recipe with a trial's values."""
        return replace(self.base, **values)
