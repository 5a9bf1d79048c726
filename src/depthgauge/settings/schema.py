"""What params.yaml may hold. No setting has a default: the file alone says what is done."""

import codecs
import math
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails

from depthgauge.axes.axis import Axis, Point, axis_names, find_axis
from depthgauge.entries import entry_names, find_entry, one_of, what_is_right
from depthgauge.search.space import SearchSection, SpaceSection
from depthgauge.section import RULE, Count, Section, Share, refuse
from depthgauge.training.losses.loss import LOSSES
from depthgauge.training.recipe import Recipe

# Of an experiment and a registered model: what MLflow, folders and sentences can all hold.
NAME = r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$"
RecipeName = Literal["fixed", "tuned"]
RECIPES: tuple[RecipeName, ...] = ("fixed", "tuned")


def _known_axis(name: str) -> str:
    if name not in axis_names():
        raise refuse(what_is_right(axis_names(), name))
    return name


def _number_or_name(point: object) -> object:
    """Names of folders are made of points."""
    if isinstance(point, bool) or not isinstance(point, int | float | str):
        raise refuse("must be a number or a name")
    if isinstance(point, float) and not math.isfinite(point):
        raise refuse("must be a finite number")
    if isinstance(point, str) and not re.fullmatch(NAME, point):
        raise refuse("must be letters, digits, dots, hyphens and underscores")
    return point


# A Point; Any until all that takes points takes floats and names too.
PointSetting = Annotated[Any, PlainValidator(_number_or_name)]


class RandomSplit(Section):
    """Counts of examples that each replicate draws for itself."""

    train: Count
    validation: Count
    test: Count


class TimeSplit(Section):
    """The last days are test, those before them validation, the rest train."""

    validation_days: Count
    test_days: Count


class TableSplit(RandomSplit):
    """Counts of rows, and how the rows are chosen."""

    by: Literal["rows", "stratified", "time", "group"]
    column: str | None

    @model_validator(mode="after")
    def _column_where_needed(self) -> "TableSplit":
        if (self.column is not None) != (self.by in ("time", "group")):
            right = "null" if self.column is not None else "a column"
            raise ValueError(f"data.split.column: must be {right} where split.by is {self.by}")
        return self


class _CommonData(Section):
    """The raw file, and how it is written where it is a CSV file."""

    path: str
    separator: Annotated[str, Field(min_length=1, max_length=1)]
    encoding: str
    decimal: Literal[".", ","]

    @model_validator(mode="after")
    def _readable(self) -> "_CommonData":
        if self.separator in '"\r\n\0' + self.decimal:
            raise ValueError(
                f"data.separator: {self.separator!r} cannot be told from quotes, line ends and "
                "decimal marks; use , ; | or a tab"
            )
        try:
            "".encode(self.encoding)
            codecs.lookup(self.encoding)
        except (LookupError, ValueError):
            raise ValueError(
                f"data.encoding: {self.encoding[:40]!r} is unknown; use utf-8, cp1252, utf-16 or "
                "another name that Python knows"
            ) from None
        return self


class TableData(_CommonData):
    """A table with a row for each example: numbers and categories predict the target."""

    kind: Literal["table"]
    target: str
    task: Literal["regression", "classification"]
    numbers: list[str]
    categories: list[str]
    missing: Literal["mean", "refuse"]
    reference: str | None
    split: TableSplit

    @model_validator(mode="after")
    def _columns(self) -> "TableData":
        used = [*self.numbers, *self.categories]
        if not used:
            raise ValueError("data.numbers: name an input column here or in data.categories")
        for name in used:
            if used.count(name) > 1:
                raise ValueError(f"data.numbers, data.categories: {name!r} is named twice")
            if name in (self.target, self.reference):
                what = "target" if name == self.target else "reference"
                raise ValueError(f"data.{what}: {name!r} is also among the inputs; take it out")
        if self.task == "regression" and self.split.by == "stratified":
            raise ValueError("data.split.by: stratified needs classes; use rows")
        if self.task == "classification" and self.reference is not None:
            raise ValueError("data.reference: is for the task regression; use null")
        return self


class ImagesData(_CommonData):
    """A table with a row for each image: its class and its pixels.

    The task is to tell the class (classification), or the image from a noisy one (structured).
    """

    kind: Literal["images"]
    target: str
    task: Literal["classification", "structured"]
    scaling: Literal["all", "each"]
    label_noise: Annotated[float, Field(ge=0, lt=1)]
    input_noise: Annotated[float, Field(ge=0)]
    split: RandomSplit


class SeriesData(_CommonData):
    """A table with a row for each day; a window of days predicts later ones."""

    kind: Literal["series"]
    date: str
    target: str
    inputs: Annotated[list[str], Field(min_length=1)]
    window: Count
    horizon: Count
    steps: Count
    # ignore: a row is a step, whatever its day; windows, horizons and splits count rows.
    gaps: Literal["exclude", "interpolate", "ignore"]
    transform: Literal["log", "none"]
    split: TimeSplit

    @property
    def task(self) -> Literal["regression", "structured"]:
        """One predicted day is a number, several are a vector."""
        return "regression" if self.steps == 1 else "structured"


class TrainingSection(Section):
    """On what."""

    device: Literal["cpu", "cuda", "auto"]


class ThresholdSection(Section):
    """The rule by which a threshold is found."""

    margin: Annotated[float, Field(ge=0, lt=1)]
    # Below, quantiles at 1 - alpha would lose their digits.
    alpha: Annotated[float, Field(ge=1e-9, lt=1)]
    diverged_share: Annotated[float, Field(ge=0, lt=1)]
    falling_over: Share
    memorised: Annotated[float, Field(ge=0, lt=1)]
    resamples: Annotated[Count, Field(ge=1000)]
    stability_resamples: Annotated[Count, Field(ge=100)]
    block: Count


class TrackingSection(Section):
    """What MLflow is shown."""

    curve_points: Annotated[Count, Field(ge=2)]
    live_after: Annotated[float, Field(gt=0)]


class Settings(Section):
    """The whole of params.yaml."""

    experiment: Annotated[str, Field(pattern=NAME, max_length=100)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    replicates: Count
    axis: Annotated[str, AfterValidator(_known_axis)]
    points: Annotated[list[PointSetting], Field(min_length=1)]
    recipes: Annotated[list[RecipeName], Field(min_length=1)]
    data: Annotated[ImagesData | SeriesData | TableData, Field(discriminator="kind")]
    recipe: Recipe
    search: SearchSection
    training: TrainingSection
    threshold: ThresholdSection
    tracking: TrackingSection

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        self._check_axis()
        if self.recipes != sorted(set(self.recipes)):
            raise ValueError(f"recipes: {self.recipes} must be in alphabetical order, each once")
        self._check_data()
        if self.searched_points and self.search.replicates > self.replicates:
            raise ValueError(
                f"search.replicates: {self.search.replicates} must be at most replicates, "
                f"{self.replicates}"
            )
        return self

    def _check_data(self) -> None:
        data, loss = self.data, self.recipe.loss
        if (data.task == "classification") != loss.classes:
            right = [
                n for n in entry_names(LOSSES) if find_entry(LOSSES, n).classes != loss.classes
            ]
            raise ValueError(
                f"recipe.loss: {loss.name} does not fit data.kind {data.kind}, whose task is "
                f"{data.task}; use {one_of(right)}"
            )
        if isinstance(data, ImagesData):
            for key, noise, task in (
                ("label_noise", data.label_noise, "classification"),
                ("input_noise", data.input_noise, "structured"),
            ):
                if noise > 0 and data.task != task:
                    raise ValueError(
                        f"data.{key}: {noise} is noise for the task {task}; data.task is "
                        f"{data.task}: use 0.0"
                    )
        if isinstance(data, SeriesData) and len(set(data.inputs)) < len(data.inputs):
            raise ValueError(f"data.inputs: {data.inputs} must name each column once")

    def _check_axis(self) -> None:
        axis, recipe = self.swept, self.recipe
        key = None if axis.parameter is None else recipe.key(axis.parameter)
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
        if key in _without_effect(recipe):
            raise ValueError(f"axis: {axis.name} changes nothing with this recipe.network")
        named = any(isinstance(point, str) for point in self.points)
        if len(set(map(str, self.points))) < len(self.points):
            raise ValueError(f"points: {self.points} must be different from each other")
        if not named and self.points != sorted(self.points):
            raise ValueError(f"points: {self.points} must be in ascending order, each once")
        axis.check(self)

    @property
    def swept(self) -> Axis:
        """The axis that `axis` names."""
        return find_axis(self.axis)

    @property
    def searched_points(self) -> list[Any]:
        """The points that are searched: all, where there is a recipe `tuned`."""
        return self.points if "tuned" in self.recipes else []

    def data_settings(self) -> dict[str, Any]:
        """All settings that prepared data are made from."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "data": self.data.model_dump(),
            "loss": self.recipe.loss.model_dump(),
        }

    def searched(self, point: Point) -> tuple[str, ...]:
        """The settings of the recipe that the search chooses at a point.

        Never what the experiment sweeps, nor what changes nothing, as the width of a linear model.
        """
        recipe = self.recipe_at(point)
        swept = recipe.key(self.swept.parameter) if self.swept.parameter else None
        left_out = {None, swept, *_without_effect(recipe)}
        return tuple(n for n in SpaceSection.model_fields if recipe.key(n) not in left_out)

    def recipe_at(self, point: Point) -> Recipe:
        """The recipe `fixed` at one point of the axis."""
        parameter = self.swept.parameter
        # The other axes are properties of the data.
        return self.recipe if parameter is None else self.recipe.with_values({parameter: point})


_COUNT: TypeAdapter[int] = TypeAdapter(Count, config=ConfigDict(strict=True))


def _without_effect(recipe: Recipe) -> set[str]:
    return {f"network.{name}" for name in recipe.network.without_effect()}


def _moved(error: ValidationError, place: tuple[int | str, ...]) -> ValidationError:
    """The first error, told of where its value was taken from."""
    first = error.errors()[0]
    kind = first["type"]
    if kind == RULE:
        detail = InitErrorDetails(type=refuse(first["msg"]), loc=place, input=first["input"])
    else:
        detail = InitErrorDetails(
            type=kind, loc=place, input=first["input"], ctx=first.get("ctx", {})
        )
    return ValidationError.from_exception_data("points", [detail])
