"""What params.yaml may hold. No setting has a default: the file alone says what is done."""

import codecs
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from depthgauge.statistics.rules import Rules
from depthgauge.training.recipe import (
    Activation,
    Initialisation,
    Loss,
    Optimizer,
    Schedule,
)
from depthgauge.training.recipe import Recipe as TrainingRecipe

# Of an experiment and a registered model: what MLflow, folders and sentences can all hold.
NAME = r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$"
# Far beyond any machine, and still small enough for every library's whole numbers.
Count = Annotated[int, Field(ge=1, le=10**12)]
RecipeName = Literal["fixed", "tuned"]
RECIPES: tuple[RecipeName, ...] = ("fixed", "tuned")
Share = Annotated[float, Field(gt=0, lt=1)]
Axis = Literal["depth", "width", "window", "training_size", "epochs"]
AXES: tuple[Axis, ...] = get_args(Axis)
# Deeper fully connected networks neither train nor answer the question; far more likely a typo.
DEEPEST = 64
LEAST_RATIO = 1.0001
Depth = Annotated[int, Field(ge=0, le=DEEPEST)]
Point = Annotated[int, Field(ge=0, le=10**12)]


class Section(BaseModel):
    """Frozen, strict, and without room for unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


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


class RecipeSection(Section):
    """The recipe `fixed`, the same at every point but for the axis."""

    depth: Depth
    width: Count
    activation: Activation
    initialisation: Initialisation
    optimizer: Optimizer
    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Schedule
    momentum: Annotated[float, Field(ge=0, lt=1)]
    weight_decay: Annotated[float, Field(ge=0)]
    batch_size: Count
    loss: Loss


class RateRange(Section):
    """Both ends included, on a logarithmic scale."""

    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]


class WidthRange(Section):
    """Both ends included, on a logarithmic scale."""

    low: Count
    high: Count


class SpaceSection(Section):
    """Where the search looks."""

    learning_rate: RateRange
    batch_size: Annotated[list[Count], Field(min_length=1)]
    width: WidthRange


class SearchSection(Section):
    """The recipe `tuned`: what Optuna may spend on each point, and where it looks."""

    points: list[Point]
    objective: Literal["validation_loss", "train_loss"]
    trials: Count
    replicates: Count
    sampler: Literal["tpe", "random"]
    startup_trials: Count
    pruner: Literal["median", "none"]
    space: SpaceSection


class TrainingSection(Section):
    """How long, and on what."""

    epochs: Count
    device: Literal["cpu", "cuda", "auto"]


class TrackingSection(Section):
    """What MLflow is shown."""

    curve_points: Annotated[Count, Field(ge=2)]
    live_after: Annotated[float, Field(gt=0)]


class Settings(Section):
    """The whole of params.yaml."""

    experiment: Annotated[str, Field(pattern=NAME, max_length=100)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    replicates: Count
    axis: Axis
    points: Annotated[list[Point], Field(min_length=1)]
    recipes: Annotated[list[RecipeName], Field(min_length=1)]
    data: Annotated[ImagesData | SeriesData | TableData, Field(discriminator="kind")]
    recipe: RecipeSection
    search: SearchSection
    training: TrainingSection
    threshold: Rules
    tracking: TrackingSection

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.points != sorted(set(self.points)):
            raise ValueError(f"points: {self.points} must be in ascending order, each once")
        for place, point in enumerate(self.points):
            if self.axis == "depth" and point > DEEPEST:
                raise ValueError(f"points[{place}]: depth {point} is too deep; at most {DEEPEST}")
        if self.axis != "depth" and self.points[0] == 0:
            raise ValueError(f"points[0]: {self.axis} 0 is too small; use 1 or more")
        if self.axis == "width" and self.recipe.depth == 0:
            raise ValueError(
                "recipe.depth: a linear model, 0, has no width to sweep; use 1 or more"
            )
        if self.recipes != sorted(set(self.recipes)):
            raise ValueError(f"recipes: {self.recipes} must be in alphabetical order, each once")
        self._check_search()
        self._check_data()
        return self

    def _check_data(self) -> None:
        data, loss = self.data, self.recipe.loss
        if (data.task == "classification") != (loss == "cross_entropy"):
            right = "cross_entropy" if data.task == "classification" else "mae, mse or huber"
            what = f"data.kind {data.kind}, whose task is {data.task}"
            raise ValueError(f"recipe.loss: {loss} does not fit {what}; use {right}")
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
        if self.axis != "window":
            return
        # Data are prepared with the greatest window, from which each point takes its last days:
        # another point then needs no new data, and all points predict the same days.
        if not isinstance(data, SeriesData):
            raise ValueError(f"axis: window needs data.kind series; it is {data.kind}")
        if data.window != max(self.points):
            raise ValueError(
                f"data.window: {data.window} must be the greatest of the points, "
                f"{max(self.points)}, since the axis is window"
            )

    def _check_search(self) -> None:
        wanted = self.points if "tuned" in self.recipes else []
        if self.search.points != wanted:
            why = "the points" if wanted else "[], since recipes has no `tuned`"
            raise ValueError(f"search.points: must be {why}{f', {wanted}' if wanted else ''}")
        if self.search.replicates > self.replicates:
            raise ValueError(
                f"search.replicates: {self.search.replicates} must be at most replicates, "
                f"{self.replicates}"
            )
        space = self.search.space
        for key, low, high in (
            ("learning_rate", space.learning_rate.low, space.learning_rate.high),
            ("width", space.width.low, space.width.high),
        ):
            if low > high:
                raise ValueError(f"search.space.{key}: low {low} must not be above high {high}")
            # Between neighbouring floats the logarithms of a sampler are no numbers any more.
            if 1 < high / low < LEAST_RATIO and key == "learning_rate":
                raise ValueError(
                    f"search.space.{key}: low {low} and high {high} are all but equal; high must "
                    f"be low, to search no other value, or at least {LEAST_RATIO} times low"
                )
        if space.batch_size != sorted(set(space.batch_size)):
            raise ValueError(
                f"search.space.batch_size: {space.batch_size} must be in ascending order, each once"
            )

    def data_settings(self) -> dict[str, Any]:
        """All settings that prepared data are made from."""
        return {
            "seed": self.seed,
            "replicates": self.replicates,
            "data": self.data.model_dump(),
            "loss": self.recipe.loss,
        }

    def searched(self, point: int) -> tuple[str, ...]:
        """The values of the recipe that the search chooses at a point; a linear model has no width.

        What the experiment sweeps is never searched.
        """
        names = ("learning_rate", "batch_size", "width")
        linear = self.training_recipe(point).depth == 0
        return tuple(n for n in names if n != self.axis and not (linear and n == "width"))

    def training_recipe(self, point: int) -> TrainingRecipe:
        """The recipe `fixed` at one point of the axis."""
        values = {**self.recipe.model_dump(), "epochs": self.training.epochs}
        # The other axes are properties of the data.
        if self.axis in values:
            values[self.axis] = point
        return TrainingRecipe(**values)
