"""The section `search` of params.yaml: what Optuna may spend on each point, and where it looks."""

import difflib
import reprlib
from collections.abc import Iterable, Mapping
from itertools import combinations, product
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, PlainValidator, ValidationError, model_validator

from depthgauge.section import Count, Section, refuse
from depthgauge.training.recipe import Recipe

# A range of no more whole numbers is tried one by one.
MOST_TRIED = 16
# Between neighbouring floats the logarithms of a sampler are no numbers any more.
LEAST_RATIO = 1.0001

Objective = Literal["validation_loss", "train_loss"]
# The stopping at which a replicate has what the objective is the mean of.
STOPPING_OF = {"validation_loss": "validation", "train_loss": "last"}
Sampler = Literal["tpe", "random"]
Pruner = Literal["median", "none"]


class FloatRange(Section):
    """Both ends included; on a logarithmic scale, or where low is 0 on a linear one."""

    INLINE: ClassVar[bool] = True

    low: Annotated[float, Field(ge=0)]
    high: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order(self.low, self.high)
        if self.low and 1 < self.high / self.low < LEAST_RATIO:
            raise refuse(
                f"low {self.low} and high {self.high} are all but equal; high must be low, to "
                f"search no other value, or at least {LEAST_RATIO} times low"
            )
        return self


class CountRange(Section):
    """Of whole numbers; both ends included, on a logarithmic scale."""

    INLINE: ClassVar[bool] = True

    low: Count
    high: Count

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order(self.low, self.high)
        return self


def _check_order(low: float, high: float) -> None:
    if low > high:
        raise refuse(f"low {low} must not be above high {high}")


Value = bool | int | float | str
Choices = FloatRange | CountRange | list[Value]
# What each searched setting of the recipe, by the name of its leaf or its dotted key, may become.
# Optuna draws in this order.
Space = Mapping[str, Choices]


def _choices(value: object) -> Choices:
    """A range or a list, told apart by what stands there."""
    if isinstance(value, FloatRange | CountRange):
        return value
    if isinstance(value, Mapping):
        ends = [value.get("low"), value.get("high")]
        whole = all(isinstance(end, int) and not isinstance(end, bool) for end in ends)
        return (CountRange if whole else FloatRange).model_validate(dict(value))
    if value == []:
        raise refuse("must have at least one value")
    if not isinstance(value, list):
        raise refuse("must be a range, {low: 0.001, high: 0.1}, or a list of values")
    if any(not isinstance(each, bool | int | float | str) for each in value):
        raise refuse(f"{value} must hold numbers and words alone")
    numbers = [each for each in value if not isinstance(each, bool | str)]
    if len(numbers) == len(value) and numbers != sorted(set(numbers)):
        raise refuse(f"{value} must be in ascending order, each once")
    if len({repr(each) for each in value}) < len(value):
        raise refuse(f"{value} must be different from each other")
    return value


class SpaceSection(Section):
    """Settings of the recipe, by the names of their leaves or their keys, and what each may be."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Any, PlainValidator(_choices)]] = Field(init=False)

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.__pydantic_extra__:
            raise refuse("must name a setting of the recipe, learning_rate say")
        return self

    @property
    def all(self) -> dict[str, Choices]:
        """Every setting that may be searched, in the order of the file."""
        return dict(self.__pydantic_extra__ or {})

    def with_more(self, other: "SpaceSection") -> "SpaceSection":
        """These settings and those of another section."""
        return SpaceSection.model_validate(self.all | other.all)

    def check(self, section: str, recipe: Recipe, directions: int) -> None:
        """Every name is a setting of the recipe, and all that it may become one of its values.

        directions: as `Network.unfit` has it.

        Raises ValueError naming the key below `section` that is at fault.
        """
        keys = recipe.flat()
        for name, choices in self.all.items():
            key = recipe.key(name)
            if key is None:
                known = [*(each.rpartition(".")[2] for each in keys), *keys]
                nearest = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.5)
                hint = f"did you mean {section}.{nearest[0]}?" if nearest else ""
                shown = name if name.isprintable() and len(name) <= 80 else reprlib.repr(name)
                hint = hint or f"known here: {', '.join(keys)}"
                raise ValueError(f"{section}.{shown}: unknown key; {hint}")
            for value in drawn(choices):
                made = _require(f"{section}.{name}", {key: value}, recipe)
                if unfit := made.network.unfit(directions):
                    raise ValueError(f"{section}.{unfit}")
        self._check_together(section, recipe)

    def _check_together(self, section: str, recipe: Recipe) -> None:
        """The network's settings may depend on each other, as heads and width do."""
        keys = {name: str(recipe.key(name)) for name in self.all}
        own = {name: drawn(self.all[name]) for name in keys if keys[name].startswith("network.")}
        for one, other in combinations(own, 2):
            for values in product(own[one], own[other]):
                both = dict(zip((keys[one], keys[other]), values, strict=True))
                _require(f"{section}: {one} and {other}", both, recipe)

    def of(self, names: Iterable[str]) -> dict[str, Choices]:
        """The space of these settings, in the section's order."""
        wanted = set(names)
        return {name: choices for name, choices in self.all.items() if name in wanted}

    def holds(self, name: str, value: object) -> bool:
        """Whether a value of a setting is one that a search may choose."""
        choices = self.all[name]
        if isinstance(choices, list):
            return any(type(value) is type(each) and value == each for each in choices)
        kind = float if isinstance(choices, FloatRange) else int
        return type(value) is kind and choices.low <= value <= choices.high


def _require(where: str, values: Mapping[str, Any], recipe: Recipe) -> Recipe:
    """The recipe with these values. Raises ValueError where it cannot have them."""
    try:
        return recipe.with_values(values)
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        shown = " and ".join(str(value) for value in values.values())
        raise ValueError(f"{where}: {shown} cannot be: {said}") from None


def drawn(choices: Choices) -> list[Any]:
    """What may be drawn: of a long range what lies at both ends and beside them."""
    if not isinstance(choices, CountRange):
        return ends(choices)
    low, high = choices.low, choices.high
    if high - low <= MOST_TRIED:
        return list(range(low, high + 1))
    return [low, low + 1, high - 1, high]


def ends(choices: Choices) -> list[Any]:
    """The choices of a list, or both ends of a range."""
    return list(choices) if isinstance(choices, list) else [choices.low, choices.high]


def greatest(space: Space) -> dict[str, Any]:
    """The greatest value of each setting, which need the most memory."""
    return {name: ends(choices)[-1] for name, choices in space.items()}


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
    """any setting of the recipe: a list, or a range on a logarithmic scale (linear from 0 on)"""
    regularisers: SpaceSection
    """what the recipe `regularised` is searched in besides"""
