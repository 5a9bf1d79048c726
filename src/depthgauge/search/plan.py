"""What decides the values of a study: its search space, its objective and how trials are made."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from depthgauge.artifacts.code import code_digest
from depthgauge.artifacts.dataset import Meta
from depthgauge.artifacts.provenance import data_digest
from depthgauge.axes.axis import Point
from depthgauge.data.dataset import Dataset
from depthgauge.settings.schema import Settings
from depthgauge.settings.search import (
    Choices,
    CountRange,
    FloatRange,
    Objective,
    Pruner,
    Sampler,
    Space,
    greatest,
)
from depthgauge.training.machine import require_training_memory
from depthgauge.training.recipe import Recipe


@dataclass(frozen=True)
class Plan:
    """A study without its number of trials: two studies of one plan are the same study.

    recipe: the name of what is searched for. study: its number among those of the point. base:
    the recipe of the point, the first trial,
    whose searched values are replaced in the others. replicates: the numbers of those trained as
    one batch in each trial, some of the study's share. startup_trials: drawn at random before `tpe`
    begins, and finished before `median` prunes. data_digest, code_digest: of the prepared data and
    of the code that trains and searches.
    """

    recipe: str
    axis: str
    point: Point
    study: int
    base: Recipe
    space: Space
    objective: Objective
    replicates: tuple[int, ...]
    sampler: Sampler
    pruner: Pruner
    startup_trials: int
    seed: int
    data_digest: str
    code_digest: str

    def distributions(self) -> dict[str, BaseDistribution]:
        """The space as Optuna knows it: ranges on a logarithmic scale."""
        return distributions(self.space)

    def record(self) -> dict[str, Any]:
        """The plan as JSON: of the recipe what all trials have, and what the first one tries."""
        searched = {self.base.key(name) for name in self.space}
        base = {key: value for key, value in self.base.flat().items() if key not in searched}
        space = {n: c if isinstance(c, list) else c.model_dump() for n, c in self.space.items()}
        own = {"base": base, "first": self.first_values(), "space": space}
        return asdict(self) | own | {"replicates": list(self.replicates)}

    def first_values(self) -> dict[str, Any]:
        """The searched values of the recipe itself, which the first trial tries."""
        own = self.base.flat()
        return {name: own[str(self.base.key(name))] for name in self.space}

    def recipe_with(self, values: Mapping[str, Any]) -> Recipe:
        """The recipe with a trial's values."""
        return self.base.with_values(values)


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """A space as Optuna knows it."""
    return {name: _distribution(choices) for name, choices in space.items()}


def _distribution(choices: Choices) -> BaseDistribution:
    if isinstance(choices, FloatRange):
        return FloatDistribution(choices.low, choices.high, log=choices.low > 0)
    if isinstance(choices, CountRange):
        return IntDistribution(choices.low, choices.high, log=True)
    return CategoricalDistribution(choices)


def make_plan(settings: Settings, recipe: str, point: Point, study: int, meta: Meta) -> Plan:
    """A study that the settings mean for a recipe at a point."""
    section = settings.search
    first = range(settings.looks[0])
    names = ("objective", "sampler", "pruner", "startup_trials")
    return Plan(
        recipe=recipe,
        axis=settings.axis,
        point=point,
        study=study,
        replicates=tuple(settings.share(recipe, study, first)[: section.replicates]),
        base=settings.recipe_at(point),
        space=settings.space_of(recipe).of(settings.searched(recipe, point)),
        **{name: getattr(section, name) for name in names},
        seed=settings.seed,
        data_digest=data_digest(meta),
        code_digest=code_digest("search", settings),
    )


def require_search_memory(
    dataset: Dataset, settings: Settings, searched: str, point: Point
) -> None:
    """Raises InputError if a trial, or training what the search may find, does not fit.

    It is judged for the widest network and the largest batch of the search space.
    """
    space = settings.space_of(searched).of(settings.searched(searched, point))
    recipe = settings.recipe_at(point).with_values(greatest(space))
    replicates = max(settings.search.replicates, settings.looks[-1])
    where = f"{settings.swept.point_name(point)}, at the upper ends of search.space"
    require_training_memory(dataset, recipe, replicates, where)
