"""What params.yaml may hold. No setting has a default: the file alone says what is done."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from depthgauge.data.kinds.kind import any_kind
from depthgauge.section import Count, Section
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


if TYPE_CHECKING:
    from depthgauge.data.kinds.kind import DataSettings as Data
else:
    Data = any_kind()


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

    experiment: Annotated[str, Field(pattern=NAME, max_length=100)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    replicates: Count
    axis: Axis
    points: Annotated[list[Point], Field(min_length=1)]
    recipes: Annotated[list[RecipeName], Field(min_length=1)]
    data: Data
    recipe: RecipeSection
    search: SearchSection
    training: TrainingSection
    threshold: ThresholdSection
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
        if self.axis != "window":
            return
        # Data are prepared with the greatest window, from which each point takes its last days:
        # another point then needs no new data, and all points predict the same days.
        window = getattr(data, "window", None)
        if window is None:
            raise ValueError(f"axis: window needs data.kind series; it is {data.kind}")
        if window != max(self.points):
            raise ValueError(
                f"data.window: {window} must be the greatest of the points, "
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
