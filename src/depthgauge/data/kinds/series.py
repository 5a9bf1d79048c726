"""A series: the last `window` values of some columns predict later values of one or several.

A row is a day, or a step whatever its day (gaps: ignore); what is said of days holds for steps.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from depthgauge.data.dataset import Dataset, Float32Array, Float64Array, IntArray
from depthgauge.data.every import PATTERN
from depthgauge.data.kinds.kind import DataSettings, Encoded, Encoder, assemble
from depthgauge.data.splits import time_splits
from depthgauge.data.windows import Gaps, Rows, cut_windows, pair_targets, sort_rows
from depthgauge.errors import InputError
from depthgauge.section import Count, Section
from depthgauge.tables.table import (
    Table,
    drop_absent,
    in_file,
    read_numbers,
    require_columns,
    take_rows,
)

if TYPE_CHECKING:
    import pandas as pd

_WEEK = 7

Transform = Literal["log", "none"]


class TimeSplit(Section):
    """The last days are test, those before them validation, the rest train."""

    validation_days: Count
    """those before the last"""
    test_days: Count
    """the last"""


class SeriesEncoder(Encoder):
    """Inputs are column after column, the oldest value first.

    "views lag 3" is the value 3 days before the first predicted day. horizon: days from the last
    input day to the first predicted one. steps: predicted days. targets: several predicted columns,
    whose answers are column after column; () where `target` is the one.
    """

    kind: Literal["series"]
    date: str
    inputs: tuple[str, ...]
    window: int
    horizon: int
    steps: int
    gaps: Gaps
    transform: Transform
    targets: tuple[str, ...] = ()
    every: str | None = Field(default=None, exclude_if=lambda every: every is None)

    @property
    def predicted(self) -> tuple[str, ...]:
        """The columns of the answers."""
        return self.targets or (self.target,)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.date, *self.inputs)

    @property
    def number_columns(self) -> tuple[str, ...]:
        return self.inputs

    @property
    def input_names(self) -> tuple[str, ...]:
        oldest = self.window + self.horizon - 1
        lags = range(oldest, self.horizon - 1, -1)
        return tuple(f"{name} lag {lag}" for name in self.inputs for lag in lags)

    @property
    def input_shape(self) -> tuple[int, ...]:
        return (self.window,) if len(self.inputs) == 1 else (len(self.inputs), self.window)

    @property
    def output_names(self) -> tuple[str, ...]:
        if self.steps == 1:
            return self.predicted
        steps = range(1, self.steps + 1)
        return tuple(f"{name} {step}" for name in self.predicted for step in steps)

    @property
    def target_shape(self) -> tuple[int, ...]:
        """(steps,) of one column, (columns, steps) of several; without steps where there is one."""
        shape = (len(self.targets), self.steps) if self.targets else (self.steps,)
        return shape[:-1] if self.targets and self.steps == 1 else shape

    @property
    def naming_column(self) -> str:
        return self.date

    @property
    def rows_needed(self) -> str:
        unit = (
            "rows" if self.gaps == "ignore" else f"steps of {self.every}" if self.every else "days"
        )
        return f"{self.window} {unit} or more" + ", none absent" * (self.gaps == "exclude")

    def count(self, table: Table) -> tuple[int, int]:
        return max(0, len(table.lines) - self.window), self.window * len(self.inputs)

    def at_shape(self, input_shape: tuple[int, ...]) -> "SeriesEncoder":
        return self.model_copy(update={"window": input_shape[-1]})

    def encode(self, table: Table) -> Encoded:
        """An example for each run of `window` days, also of those that predict unknown days."""
        rows = sort_rows(table, self.date, self.inputs, self.gaps, self.every)
        columns = [self.read(rows.table, name) for name in self.inputs]
        inputs, runs = cut_windows(rows, columns, self.window, self.gaps == "interpolate")
        first = runs + self.window - 1 + self.horizon
        return Encoded(inputs, self._names(rows, first), rows.times[0] + first)

    def read(self, table: Table, column: str) -> Float64Array:
        """(n,) a column as a network sees it. Raises InputError naming row and column."""
        values = read_numbers(table, column, self.transform == "log")
        return np.log(values) if self.transform == "log" else values

    def _names(self, rows: Rows, steps: IntArray) -> tuple[str, ...]:
        """What times are called, steps after the first row; beyond the rows too."""
        if rows.every is not None and rows.start is not None:
            known = dict(zip(rows.places.tolist(), rows.names, strict=True))
            start, every = rows.start, rows.every
            return tuple(known.get(k) or every.name(start, k) for k in steps.tolist())
        if self.gaps != "ignore":
            return tuple((rows.times[0] + steps).astype(str))
        last = len(rows.names) - 1
        # Nothing but the rows says how long a step is.
        return tuple(
            rows.names[k] if k <= last else f"{rows.names[-1]} + {k - last}" for k in steps
        )

    def example(self, table: Table, row_names: Sequence[str]) -> "pd.DataFrame":
        """The rows from the window of the first example to that of the last."""
        rows = sort_rows(table, self.date, self.inputs, self.gaps, self.every)
        encoded = self.encode(table)
        assert encoded.times is not None
        places = {name: k for k, name in enumerate(encoded.row_names)}
        last = encoded.times[[places[name] for name in row_names]] - self.horizon
        # Where the first day of the window is absent, the one before it begins the line over it.
        start = int(np.flatnonzero(rows.times <= last.min() - (self.window - 1))[-1])
        end = int(np.flatnonzero(rows.times <= last.max())[-1])
        return self.frame(take_rows(rows.table, np.arange(start, end + 1)))

    def decode(self, outputs: np.ndarray[Any, Any]) -> "pd.DataFrame":
        return super().decode(np.exp(outputs) if self.transform == "log" else outputs)

    def guesses(self, dataset: Dataset) -> dict[str, Float32Array]:
        """What a forecaster without a model says of each predicted day: {name: (N, K)}.

        `persistence`: the last known value. `seasonal_naive`: the last known value of the same
        weekday, where the window holds it and rows have weekdays. Without what is predicted among
        the inputs there is no guess.
        Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd
        ed.), section 5.2.
        """
        if not set(self.predicted) <= set(self.inputs):
            return {}
        window = dataset.input_shape[-1]
        past = dataset.inputs.reshape(len(dataset.inputs), -1, window)
        past = past[:, [self.inputs.index(name) for name in self.predicted]]
        ahead = self.horizon + np.arange(self.steps)
        # Days before the first column from the right: 0 is the last input day.
        back = -ahead % _WEEK
        guesses = {"persistence": np.repeat(past[..., -1:], self.steps, axis=-1)}
        if self.gaps != "ignore" and self.every is None and back.max() < window:
            guesses["seasonal_naive"] = past[..., window - 1 - back]
        return {
            n: guess.reshape(len(guess), len(self.output_names)) for n, guess in guesses.items()
        }


class SeriesData(DataSettings):
    """A table with a row for each day; a window of days predicts later ones."""

    ENCODER = SeriesEncoder

    kind: Literal["series"]
    date: str
    """the column that says when; rows are sorted by it"""
    targets: list[str] = Field(default_factory=list)
    """several columns to predict at once, which `target` is a name for; [] for the column target"""
    inputs: Annotated[list[str], Field(min_length=1)]
    """the columns whose last days (or rows) predict the target"""
    window: Count
    """days (or rows) of each input; the greatest of the points where it is swept"""
    horizon: Count
    """days (or rows) from the last input to the first predicted one"""
    steps: Count
    """days (or rows) predicted: 1 is a number, more are a vector"""
    gaps: Gaps
    """days without a row or a value. exclude: no window crosses one | interpolate: inputs lie on a
    line across it | ignore: a row is a step, whatever its date (months, hours, trading days), and
    window, horizon, steps and split count rows"""
    every: Annotated[str, Field(pattern=f"^({PATTERN})$")] | None = Field(
        default=None, exclude_if=lambda every: every is None
    )
    """what is counted in place of days where gaps is not ignore: 1 hour, 15 minutes, 1 week, 1
    month, ...; null for days"""
    transform: Transform
    """log | none"""
    split: TimeSplit
    """by time: the last days (or rows) test, all before the other two train"""

    @model_validator(mode="after")
    def _each_once(self) -> "SeriesData":
        if len(set(self.inputs)) < len(self.inputs):
            raise ValueError(f"data.inputs: {self.inputs} must name each column once")
        if len(self.targets) == 1 or len(set(self.targets)) < len(self.targets):
            raise ValueError(
                f"data.targets: {self.targets} must name two columns or more, each once; for one "
                "column use [] and data.target"
            )
        if self.every is not None and self.gaps == "ignore":
            raise ValueError("data.every: is for gaps exclude and interpolate; use null")
        if self.date in (*self.predicted, *self.inputs):
            raise ValueError(f"data.date: {self.date!r} is also an input or target; take it out")
        return self

    @property
    def predicted(self) -> list[str]:
        """The columns to predict."""
        return self.targets or [self.target]

    @property
    def has_channels(self) -> bool:
        """Whether several columns predict."""
        return len(self.inputs) > 1

    @property
    def task(self) -> Literal["regression", "structured"]:
        """One value is a number, several are a vector."""
        return "regression" if self.steps == 1 and not self.targets else "structured"

    def clean(self, table: Table) -> tuple[Table, dict[str, int]]:
        """Where days are counted, one without a value is as absent as one without a row."""
        values = [*self.predicted, *self.inputs]
        require_columns(table, [self.date, *values])
        return (table if self.gaps == "ignore" else drop_absent(table, values)[0]), {}

    def fit(self, table: Table) -> SeriesEncoder:
        settings = self.model_dump(include=set(SeriesEncoder.model_fields))
        settings |= {"task": self.task, "classes": ()}
        settings |= {"inputs": tuple(self.inputs), "targets": tuple(self.targets)}
        return SeriesEncoder(**settings)

    def build(
        self, table: Table, encoder: SeriesEncoder, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        rows = sort_rows(table, self.date, [*self.predicted, *self.inputs], self.gaps, self.every)
        targets = [encoder.read(rows.table, name) for name in self.predicted]
        assert encoded.times is not None
        predicted: IntArray = (encoded.times - rows.times[0]).astype(np.int64)
        span = rows.present.size
        with in_file(table.path):
            validation, test = self.split.validation_days, self.split.test_days
            earliest = self.window - 1 + self.horizon
            if span < (needed := earliest + self.steps + validation + test):
                raise InputError(
                    f"window {self.window}, horizon {self.horizon}, steps {self.steps}, "
                    f"validation_days {validation} and test_days {test} need {needed} days at "
                    f"least; the series spans {span}"
                )
            pairs = pair_targets(rows, targets, predicted, earliest, self.steps)
            splits = time_splits(pairs.first, span, self.steps, validation, test)
            names = tuple(encoded.row_names[k] for k in pairs.kept)
            known = Encoded(encoded.inputs[pairs.kept], names, encoded.times[pairs.kept])
            groups: IntArray = np.repeat(np.arange(len(self.inputs)), self.window)
            apart: IntArray = np.repeat(np.arange(len(targets)), self.steps)
            dataset = assemble(encoder, known, pairs.targets, splits, groups, (), apart)
        return dataset, {
            "absent days": span - len(rows.names),
            "windows lost to absent days": pairs.lost,
        }


ENTRY = SeriesData
