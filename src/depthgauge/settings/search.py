"""The section `search` of params.yaml: what Optuna may spend on each point, and where it looks."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from depthgauge.section import Count, Section, refuse

# Between neighbouring floats the logarithms of a sampler are no numbers any more.
LEAST_RATIO = 1.0001

Objective = Literal["validation_loss", "train_loss"]
# The stopping at which a replicate has what the objective is the mean of.
STOPPING_OF = {"validation_loss": "validation", "train_loss": "last"}
Sampler = Literal["tpe", "random"]
Pruner = Literal["median", "none"]


class _Range(Section):
    """Both ends included, on a logarithmic scale."""

    INLINE: ClassVar[bool] = True

    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise refuse(f"low {self.low} must not be above high {self.high}")
        return self


class FloatRange(_Range):
    """Of numbers such as rates."""

    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _wide_enough(self) -> Self:
        if 1 < self.high / self.low < LEAST_RATIO:
            raise refuse(
                f"low {self.low} and high {self.high} are all but equal; high must be low, to "
                f"search no other value, or at least {LEAST_RATIO} times low"
            )
        return self


class CountRange(_Range):
    """Of whole numbers."""

    low: Count
    high: Count


def _ascending(values: list[int]) -> list[int]:
    if values != sorted(set(values)):
        raise refuse(f"{values} must be in ascending order, each once")
    return values


CountList = Annotated[list[Count], Field(min_length=1), AfterValidator(_ascending)]
Choices = FloatRange | CountRange | list[int]
# What each searched setting of the recipe, by the name of its leaf or its dotted key, may become.
# Optuna draws in this order.
Space = Mapping[str, Choices]


class SpaceSection(Section):
    """Settings of the recipe, by the names of their leaves, and what each may become."""

    learning_rate: FloatRange
    """any between"""
    batch_size: CountList
    """one of these"""
    width: CountRange
    """a linear model has none"""

    def of(self, names: Iterable[str]) -> dict[str, Choices]:
        """The space of these settings, in the section's order."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in names}

    def holds(self, name: str, value: object) -> bool:
        """Whether a value of a setting is one that a search may choose."""
        choices: Choices = getattr(self, name)
        if isinstance(choices, list):
            return type(value) is int and value in choices
        kind = float if isinstance(choices, FloatRange) else int
        return type(value) is kind and choices.low <= value <= choices.high


def greatest(space: Space) -> dict[str, Any]:
    """The greatest value of each setting, which need the most memory."""
    return {name: c[-1] if isinstance(c, list) else c.high for name, c in space.items()}


class SearchSection(Section):
    """The recipe `tuned`: what Optuna may spend on each point, and where it looks."""

    objective: Objective
    """validation_loss (the least of any epoch) | train_loss (the last)"""
    studies: Count
    """searches of each point by themselves; the replicates are shared out among what they find"""
    trials: Count
    """finished trials of each study; more of them go on with the same study"""
    replicates: Count
    """trained as one batch in each trial, whose value is their mean"""
    sampler: Sampler
    """tpe | random"""
    startup_trials: Count
    """drawn at random before tpe begins, finished before median prunes"""
    pruner: Pruner
    """median: stop a trial worse than half of those before it | none"""
    space: SpaceSection
    """both ends included; rate and width on a logarithmic scale"""
