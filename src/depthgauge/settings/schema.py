"""What params.yaml may hold. No setting has a default: the file alone says what is done."""

import codecs
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

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

    train: Count = Field(description="how many train")
    validation: Count = Field(description="how many choose the epoch")
    test: Count = Field(description="how many test")


class TimeSplit(Section):
    """The last days are test, those before them validation, the rest train."""

    validation_days: Count = Field(description="those before the last")
    test_days: Count = Field(description="the last")


class TableSplit(RandomSplit):
    """Counts of rows, and how the rows are chosen."""

    by: Literal["rows", "stratified", "time", "group"] = Field(
        description="rows: at random | stratified: at random within each class | time | group"
    )
    column: str | None = Field(
        description="time: the last rows by it test | group: its rows stay together"
    )

    @model_validator(mode="after")
    def _column_where_needed(self) -> "TableSplit":
        if (self.column is not None) != (self.by in ("time", "group")):
            right = "null" if self.column is not None else "a column"
            raise ValueError(f"data.split.column: must be {right} where split.by is {self.by}")
        return self


class _CommonData(Section):
    """The raw file, and how it is written where it is a CSV file."""

    path: str = Field(description="CSV, or Parquet, which needs none of the next three")
    separator: Annotated[str, Field(min_length=1, max_length=1)] = Field(
        description="between the cells of a line"
    )
    encoding: str = Field(description="of the text: utf-8, cp1252, utf-16, ...")
    decimal: Literal[".", ","] = Field(description="the decimal mark of numbers: . | ,")

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

    kind: Literal["table"] = Field(
        description="table: a row an example | series: rows in time | images: a row an image"
    )
    target: str = Field(
        description="the column to predict; of images: the class, all others are pixels"
    )
    task: Literal["regression", "classification"] = Field(
        description="regression: a number | classification: a class"
    )
    numbers: list[str] = Field(
        description="the columns used as numbers; a code written in digits belongs into categories"
    )
    categories: list[str] = Field(
        description="the columns with one 0/1 input for each of their values"
    )
    missing: Literal["mean", "refuse"] = Field(
        description="mean: a missing cell takes the training mean, a further 0/1 input marks "
        "it, and a row without a target is left out | refuse: an empty cell is an"
        " error"
    )
    reference: str | None = Field(
        description="a column with the best possible prediction, where it is known"
    )
    split: TableSplit = Field(
        description="examples, drawn anew for each replicate (by time: the same for each)"
    )

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

    kind: Literal["images"] = Field(
        description="table: a row an example | series: rows in time | images: a row an image"
    )
    target: str = Field(
        description="the column to predict; of images: the class, all others are pixels"
    )
    task: Literal["classification", "structured"] = Field(
        description="classification: the class | structured: the image, from a noisy one"
    )
    scaling: Literal["all", "each"] = Field(
        description="centre and scale of the training pixels: all (together) | each (by itself)"
    )
    label_noise: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="share of training labels replaced by another class, for each replicate"
    )
    input_noise: Annotated[float, Field(ge=0)] = Field(
        description="structured: deviation of the noise, in deviations of the pixels"
    )
    split: RandomSplit = Field(
        description="examples, drawn anew for each replicate; the rest is left out"
    )


class SeriesData(_CommonData):
    """A table with a row for each day; a window of days predicts later ones."""

    kind: Literal["series"] = Field(
        description="table: a row an example | series: rows in time | images: a row an image"
    )
    date: str = Field(description="the column that says when; rows are sorted by it")
    target: str = Field(
        description="the column to predict; of images: the class, all others are pixels"
    )
    inputs: Annotated[list[str], Field(min_length=1)] = Field(
        description="the columns whose last days (or rows) predict the target"
    )
    window: Count = Field(
        description="days (or rows) of each input; the greatest of the points where it is swept"
    )
    horizon: Count = Field(
        description="days (or rows) from the last input to the first predicted one"
    )
    steps: Count = Field(description="days (or rows) predicted: 1 is a number, more are a vector")
    # ignore: a row is a step, whatever its day; windows, horizons and splits count rows.
    gaps: Literal["exclude", "interpolate", "ignore"] = Field(
        description="days without a row or a value. exclude: no window crosses one | "
        "interpolate: inputs lie on a line across it | ignore: a row is a step, "
        "whatever its date (months, hours, trading days), and window, horizon, "
        "steps and split count rows"
    )
    transform: Literal["log", "none"] = Field(description="log | none")
    split: TimeSplit = Field(
        description="by time: the last days (or rows) test, all before the other two train"
    )

    @property
    def task(self) -> Literal["regression", "structured"]:
        """One predicted day is a number, several are a vector."""
        return "regression" if self.steps == 1 else "structured"


class RecipeSection(Section):
    """The recipe `fixed`, the same at every point but for the axis."""

    depth: Depth = Field(
        description="hidden layers, 0 is a linear model; not used where the axis is depth"
    )
    width: Count = Field(description="units in each hidden layer; not used where the axis is width")
    activation: Activation = Field(
        description="relu | tanh | sigmoid | hardsigmoid | gelu | identity"
    )
    initialisation: Initialisation = Field(
        description="kaiming_uniform (what torch.nn.Linear does) | kaiming_normal (He et al. 2015)"
    )
    optimizer: Optimizer = Field(description="gradient_descent | momentum | adam | adamw")
    learning_rate: Annotated[float, Field(gt=0)] = Field(
        description="of the first step; the schedule says how it goes on"
    )
    schedule: Schedule = Field(description="constant | cosine: down to 0 along half a cosine")
    momentum: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="share of the last step that goes on; 0 for plain gradient descent"
    )
    weight_decay: Annotated[float, Field(ge=0)] = Field(
        description="decoupled for adamw, an L2 penalty for the others"
    )
    batch_size: Count = Field(description="examples a step")
    loss: Loss = Field(
        description="cross_entropy for classes; of numbers, in units of the scaled training targets"
    )


class RateRange(Section):
    """Both ends included, on a logarithmic scale."""

    INLINE: ClassVar[bool] = True

    low: Annotated[float, Field(gt=0)]
    high: Annotated[float, Field(gt=0)]


class WidthRange(Section):
    """Both ends included, on a logarithmic scale."""

    INLINE: ClassVar[bool] = True

    low: Count
    high: Count


class SpaceSection(Section):
    """Where the search looks."""

    learning_rate: RateRange = Field(description="any between")
    batch_size: Annotated[list[Count], Field(min_length=1)] = Field(description="one of these")
    width: WidthRange = Field(description="any between; a linear model has none")


class SearchSection(Section):
    """The recipe `tuned`: what Optuna may spend on each point, and where it looks."""

    points: list[Point] = Field(description="the points above, or [] where recipes has no `tuned`")
    objective: Literal["validation_loss", "train_loss"] = Field(
        description="validation_loss (the least of any epoch) | train_loss (the last)"
    )
    trials: Count = Field(description="finished trials; more of them go on with the same study")
    replicates: Count = Field(
        description="trained as one batch in each trial, whose value is their mean"
    )
    sampler: Literal["tpe", "random"] = Field(description="tpe | random")
    startup_trials: Count = Field(
        description="drawn at random before tpe begins, finished before median prunes"
    )
    pruner: Literal["median", "none"] = Field(
        description="median: stop a trial worse than half of those before it | none"
    )
    space: SpaceSection = Field(
        description="both ends included; rate and width on a logarithmic scale"
    )


class TrainingSection(Section):
    """How long, and on what."""

    epochs: Count = Field(description="passes over the training examples")
    device: Literal["cpu", "cuda", "auto"] = Field(
        description="cpu | cuda | auto (cuda where there is one)"
    )


class ThresholdSection(Section):
    """The rule by which a threshold is found."""

    margin: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="a rise of test loss counts from this share of the least test loss on"
    )
    # Below, quantiles at 1 - alpha would lose their digits.
    alpha: Annotated[float, Field(ge=1e-9, lt=1)] = Field(
        description="false alarms allowed in a view, over all pairs of points together"
    )
    diverged_share: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="a point with more diverged replicates than this cannot be the best"
    )
    falling_over: Share = Field(
        description="last share of the epochs over which a loss may still be falling"
    )
    memorised: Annotated[float, Field(ge=0, lt=1)] = Field(
        description="train error (or train loss over the best constant's) that counts as memorised"
    )
    resamples: Annotated[Count, Field(ge=1000)] = Field(
        description="of the bootstrap that asks about new data"
    )
    stability_resamples: Annotated[Count, Field(ge=100)] = Field(
        description="of the bootstrap that asks how firm the threshold is"
    )
    block: Count = Field(
        description="consecutive test rows drawn together; more than 1 for a series"
    )


class TrackingSection(Section):
    """What MLflow is shown."""

    curve_points: Annotated[Count, Field(ge=2)] = Field(
        description="epochs of a replicate's curve that MLflow shows; all are in curves.csv"
    )
    live_after: Annotated[float, Field(gt=0)] = Field(
        description="seconds of training after which MLflow shows it as it goes"
    )


class Settings(Section):
    """The whole of params.yaml."""

    experiment: Annotated[str, Field(pattern=NAME, max_length=100)] = Field(
        description="the name of the MLflow experiment"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        description="another seed is another set of replicates (splits, weights, batch orders)"
    )
    replicates: Count = Field(
        description="training runs of each point; more replicates resolve smaller rises"
    )
    axis: Axis = Field(
        description="what is swept: depth (hidden layers, 0 is a linear model) | width | "
        "window | training_size | epochs"
    )
    points: Annotated[list[Point], Field(min_length=1)] = Field(
        description="the values of the axis, in ascending order"
    )
    recipes: Annotated[list[RecipeName], Field(min_length=1)] = Field(
        description="fixed: the recipe below at every point | tuned: searched for each point"
    )
    data: Annotated[ImagesData | SeriesData | TableData, Field(discriminator="kind")] = Field(
        description="the raw file, and what is learnt from it"
    )
    recipe: RecipeSection = Field(description="how each replicate is trained")
    search: SearchSection = Field(
        description="what Optuna may spend on each point for the recipe `tuned`"
    )
    training: TrainingSection = Field(description="where it runs")
    threshold: ThresholdSection = Field(description="the rule by which a threshold is found")
    tracking: TrackingSection = Field(description="what MLflow is shown")

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
