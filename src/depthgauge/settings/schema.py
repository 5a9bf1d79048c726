"""What params.yaml may hold: the sections of all parts, and the rules between them."""

from itertools import pairwise, product
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PrivateAttr, TypeAdapter, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from depthgauge.axes.axis import AXES, Axis, Point, find_axis
from depthgauge.data.kinds.kind import DataSetting
from depthgauge.entries import EntryName, ListOf, entry_names, find_entry, one_of
from depthgauge.errors import InputError
from depthgauge.section import RULE, Count, Section, refuse
from depthgauge.settings.search import STOPPING_OF, SearchSection, SpaceSection
from depthgauge.settings.values import NAME, PointSetting, ReplicatesSetting
from depthgauge.statistics.estimates import View
from depthgauge.statistics.rules import Rules
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.metrics.metric import METRICS, find_metrics
from depthgauge.training.recipe import Recipe

RecipeName = Literal["fixed", "grouped", "regularised", "tuned"]
RECIPES: tuple[RecipeName, ...] = ("fixed", "grouped", "regularised", "tuned")
# Those that are searched for; fixed is the first trial of each study of theirs.
SEARCHED: tuple[RecipeName, ...] = ("regularised", "tuned")


class TrainingSection(Section):
    """On what."""

    device: Literal["cpu", "cuda", "auto"]
    """cpu | cuda | auto (cuda where there is one)"""


class TrackingSection(Section):
    """What MLflow is shown."""

    curve_points: Annotated[Count, Field(ge=2)]
    """epochs of a replicate's curve that MLflow shows; all are in curves.csv"""
    live_after: Annotated[float, Field(gt=0)]
    """seconds of training after which MLflow shows it as it goes"""


class Settings(Section):
    """The whole of params.yaml."""

    experiment: Annotated[str, Field(pattern=NAME, max_length=100)]
    """the name of the MLflow experiment"""
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    """another seed is another set of replicates (splits, weights, batch orders)"""
    replicates: ReplicatesSetting
    """training runs of each point; [20, 40, 80]: looks, until all is decided, or cannot be"""
    axis: Annotated[str, EntryName(AXES)]
    """what is swept"""
    points: Annotated[list[PointSetting], Field(min_length=1)]
    """the values of the axis, in ascending order"""
    recipes: Annotated[list[RecipeName], Field(min_length=1)]
    """fixed: the recipe below at every point | grouped: the same, tested on groups that it never
    saw | tuned: searched for each point | regularised: as tuned, with search.regularisers too"""
    metrics: Annotated[list[Annotated[str, EntryName(METRICS)]], ListOf(METRICS)]
    """judged beside the loss; where the first one disagrees, the answer says so"""
    data: DataSetting
    """the raw file, and what is learnt from it"""
    recipe: Recipe
    """how each replicate is trained"""
    search: SearchSection
    """what Optuna may spend on each point for the recipe `tuned`"""
    training: TrainingSection
    """where it runs"""
    threshold: Rules
    """the rule by which a threshold is found"""
    tracking: TrackingSection
    """what MLflow is shown"""

    _trained: int | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        self._check_axis()
        if self.recipes != sorted(set(self.recipes)):
            raise ValueError(f"recipes: {self.recipes} must be in alphabetical order, each once")
        self._check_groups()
        data, loss = self.data, self.recipe.loss
        if (data.task == "classification") != loss.classes:
            losses = {name: find_entry(LOSSES, name) for name in entry_names(LOSSES)}
            right = [name for name, known in losses.items() if known.classes != loss.classes]
            raise ValueError(
                f"recipe.loss: {loss.name} does not fit data.kind {data.kind}, whose task is "
                f"{data.task}; use {one_of(right)}"
            )
        if unfit := self.recipe.network.unfit(data.directions):
            raise ValueError(f"recipe.network.{unfit}")
        self._check_metrics()
        self._check_space()
        for name in self.searched_recipes:
            self._check_search(name)
        return self

    def _check_metrics(self) -> None:
        found = find_metrics(self.metrics)
        if len(found) < len(self.metrics):
            raise ValueError(f"metrics: {self.metrics} must be different from each other")
        for name, metric in found.items():
            if metric.classes != self.recipe.loss.classes:
                what = "classes" if metric.classes else "numbers"
                raise ValueError(f"metrics: {name} is of {what}; data.task is {self.data.task}")
            if name == self.recipe.loss.name:
                raise ValueError(f"metrics: {name} is recipe.loss, which is judged anyway")
            if metric.parts is None:
                raise ValueError(f"metrics: {name} has no parts: it can be shown and not judged")

    def _check_groups(self) -> None:
        if "grouped" not in self.recipes:
            return
        if self.data.group_column is None:
            raise ValueError("recipes: grouped needs data.group, the column that names the groups")
        if "fixed" not in self.recipes:
            raise ValueError("recipes: grouped stands beside fixed; alone, data.split.by is group")
        if not self.data.splits_at_random:
            raise ValueError("recipes: grouped needs data.split.by rows or stratified")

    def _check_search(self, searched: str) -> None:
        first, studies = self.looks[0], self.search.studies
        most = first // studies
        if self.search.replicates > most:
            raise ValueError(
                f"search.replicates: {self.search.replicates} must be at most {most}, the share of "
                f"each of {studies} studies in {first} replicates"
            )
        for before, look in pairwise(self.looks):
            if look - before < studies:
                raise ValueError(
                    f"replicates: {look} must be at least {before + studies}, so that each of "
                    f"{studies} studies has a new one"
                )
        for point in self.points:
            recipe = self.recipe_at(point)
            for name in self.searched(searched, point):
                key = str(recipe.key(name))
                section = self.section_of(searched, name)
                if not self.space_of(searched).holds(name, own := recipe.flat()[key]):
                    raise ValueError(
                        f"search.{section}.{name}: must hold {own}, that of recipe.{key}, which is "
                        "the first trial of each study"
                    )

    def _check_space(self) -> None:
        """Every name is a setting of the recipe, and everything it may become one of its values."""
        # A network of another family may have no such regularisers, and need none.
        used = ("space", *(["regularisers"] if "regularised" in self.recipes else []))
        for section in used:
            space: SpaceSection = getattr(self.search, section)
            space.check(f"search.{section}", self.recipe, self.data.directions)

    def require_metrics(self, classes: int) -> None:
        """Raises InputError for a metric that is not defined for so many classes."""
        for name, metric in find_metrics(self.metrics).items():
            if not metric.fits(classes):
                raise InputError(
                    f"params.yaml: metrics: {name} is of {metric.of_classes} classes; the data "
                    f"have {classes}"
                )

    def _check_axis(self) -> None:
        axis, recipe, key = self.swept, self.recipe, self._swept_key(self.recipe)
        if axis.parameter is not None and key is None:
            raise ValueError(f"axis: {axis.name} needs recipe.{axis.parameter}, which is not there")
        for place, point in enumerate(self.points):
            try:
                if key is None:
                    _COUNT.validate_python(point)
                else:
                    recipe.with_values({key: point})
            except ValidationError as error:
                raise _moved(error, ("points", place)) from None
        if key in recipe.without_effect():
            raise ValueError(f"axis: {axis.name} changes nothing with this recipe.network")
        named = any(isinstance(point, str) for point in self.points)
        if len(set(map(str, self.points))) < len(self.points):
            raise ValueError(f"points: {self.points} must be different from each other")
        if not named and self.points != sorted(self.points):
            raise ValueError(f"points: {self.points} must be in ascending order, each once")
        axis.check(self)

    @property
    def swept(self) -> Axis:
        """The axis that `axis` names, in the words of the network."""
        axis = find_axis(self.axis)
        return axis.counting(self.recipe.network.COUNTED.get(axis.name))

    @property
    def searched_recipes(self) -> list[str]:
        """The recipes that are searched for, at each point."""
        return [name for name in self.recipes if name in SEARCHED]

    @property
    def searches(self) -> list[tuple[str, Point, int]]:
        """Each search that there is: of a recipe, at a point, by a study."""
        studies = range(self.search.studies)
        return list(product(self.searched_recipes, self.points, studies))

    def space_of(self, recipe: str) -> SpaceSection:
        """What a recipe is searched in."""
        space, further = self.search.space, self.search.regularisers
        return space if recipe == "tuned" else space.with_more(further)

    def section_of(self, recipe: str, name: str) -> str:
        """The section below `search` that says what a searched setting of a recipe may be."""
        further = recipe == "regularised" and name in self.search.regularisers.all
        return "regularisers" if further else "space"

    @property
    def views(self) -> list[View]:
        """Each (recipe, stopping) that is judged, the main one first.

        A recipe that was searched for is judged at the stopping that the search was for, and at no
        other.
        """
        sought = STOPPING_OF[self.search.objective]
        every = product(self.recipes, STOPPINGS)
        return [(r, stopping) for r, stopping in every if r not in SEARCHED or stopping == sought]

    def studies(self, recipe: str) -> int:
        """How many recipes go by the name at each point: as many as found one, or 1."""
        return self.search.studies if recipe in SEARCHED else 1

    @property
    def looks(self) -> list[int]:
        """The numbers of replicates at which one looks, one of them where there is no plan."""
        return self.replicates if isinstance(self.replicates, list) else [self.replicates]

    @property
    def rules(self) -> Rules:
        """The rule at each look."""
        return self.threshold.at_each_of(len(self.looks))

    def at_look(self, replicates: int) -> "Settings":
        """The same settings where so many replicates are trained."""
        settings = self.model_copy()
        settings._trained = replicates
        return settings

    @property
    def trained(self) -> int:
        """How many replicates of each point are trained: with a plan, as `at_look` has it."""
        if self._trained is None:
            (only,) = self.looks
            return only
        return self._trained

    def share(self, recipe: str, study: int, replicates: range) -> range:
        """Those of the replicates that train the recipe of a study, 0, 1, ...

        They stay its own when more replicates are asked for.
        """
        studies = self.studies(recipe)
        first = replicates.start + (study - replicates.start) % studies
        return range(first, replicates.stop, studies)

    def clusters(self, recipe: str) -> list[int]:
        """The study of each replicate, whose luck it shares; without, each is of its own."""
        count = self.search.studies if recipe in SEARCHED else self.trained
        return [replicate % count for replicate in range(self.trained)]

    def data_settings(self) -> dict[str, Any]:
        """All settings that prepared data are made from."""
        return self.model_dump(include={"seed", "data"}) | {"replicates": self.looks[-1]}

    def searched(self, name: str, point: Point) -> tuple[str, ...]:
        """The settings of the recipe `name` that a search chooses at a point.

        Never what the experiment sweeps, nor what changes nothing, as the width of a linear model.
        """
        recipe = self.recipe_at(point)
        left_out = {None, self._swept_key(recipe), *recipe.without_effect()}
        return tuple(n for n in self.space_of(name).all if recipe.key(n) not in left_out)

    def _swept_key(self, recipe: Recipe) -> str | None:
        parameter = self.swept.parameter
        return None if parameter is None else recipe.key(parameter)

    def recipe_at(self, point: Point) -> Recipe:
        """The recipe `fixed` at one point of the axis."""
        parameter = self.swept.parameter
        # The other axes are properties of the data.
        return self.recipe if parameter is None else self.recipe.with_values({parameter: point})


_COUNT: TypeAdapter[int] = TypeAdapter(Count, config=ConfigDict(strict=True))


def _moved(error: ValidationError, place: tuple[int | str, ...]) -> ValidationError:
    """The first error, told of where its value was taken from."""
    first = error.errors()[0]
    kind = refuse(first["msg"]) if first["type"] == RULE else first["type"]
    ctx = first.get("ctx", {})
    detail = InitErrorDetails(type=kind, loc=place, input=first["input"], ctx=ctx)
    return ValidationError.from_exception_data("points", [detail])
