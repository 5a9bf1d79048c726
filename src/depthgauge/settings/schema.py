"""What params.yaml may hold. No setting has a default: the file alone says what is done."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from depthgauge.core.training.recipe import (
    Activation,
    Initialisation,
    Loss,
    Optimizer,
    Schedule,
)
from depthgauge.core.training.recipe import Recipe as TrainingRecipe

# Far beyond any machine, and still small enough for every library's whole numbers.
Count = Annotated[int, Field(ge=1, le=10**12)]
RecipeName = Literal["fixed", "tuned"]
RECIPES: tuple[RecipeName, ...] = ("fixed", "tuned")
Share = Annotated[float, Field(gt=0, lt=1)]
Axis = Literal["depth", "width", "window", "training_size", "epochs"]
AXES: tuple[Axis, ...] = get_args(Axis)
# Deeper fully connected networks neither train nor answer the question; far more likely a typo.
DEEPEST = 64
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


class ImagesData(Section):
    """A table with a row for each image: its class and its pixels."""

    kind: Literal["images"]
    path: str
    target: str
    scaling: Literal["all", "each"]
    split: RandomSplit


class SeriesData(Section):
    """A table with a row for each day; a window of days predicts the next."""

    kind: Literal["series"]
    path: str
    date: str
    value: str
    window: Count
    gaps: Literal["exclude", "interpolate"]
    transform: Literal["log", "none"]
    split: TimeSplit


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

    experiment: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$", max_length=100)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    replicates: Count
    axis: Axis
    points: Annotated[list[Point], Field(min_length=1)]
    recipes: Annotated[list[RecipeName], Field(min_length=1)]
    data: Annotated[ImagesData | SeriesData, Field(discriminator="kind")]
    recipe: RecipeSection
    search: SearchSection
    training: TrainingSection
    threshold: ThresholdSection
    tracking: TrackingSection

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.points != sorted(set(self.points)):
            raise ValueError(f"points: {self.points} must be in ascending order, each once")
        if self.axis == "depth" and self.points[-1] > DEEPEST:
            raise ValueError(f"points: depth {self.points[-1]} is too deep; at most {DEEPEST}")
        if self.axis != "depth" and self.points[0] == 0:
            raise ValueError(f"points: {self.axis} 0 is too small; use 1 or more")
        if self.axis == "width" and self.recipe.depth == 0:
            raise ValueError("recipe.depth: a linear model, 0, has no width to sweep; use 1 or more")
        if self.recipes != sorted(set(self.recipes)):
            raise ValueError(f"recipes: {self.recipes} must be in alphabetical order, each once")
        self._check_search()
        classes = self.data.kind == "images"
        if classes != (self.recipe.loss == "cross_entropy"):
            right = "cross_entropy" if classes else "mae or mse"
            raise ValueError(
                f"recipe.loss: {self.recipe.loss} does not fit data.kind {self.data.kind}; "
                f"use {right}"
            )
        return self

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
            if low >= high:
                raise ValueError(f"search.space.{key}: low {low} must be below high {high}")
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
