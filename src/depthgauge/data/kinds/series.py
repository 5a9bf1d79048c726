"""A series: the last `window` values of some columns predict later values of one.

A row is a day, or a step whatever its day (gaps: ignore); what is said of days holds for steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from depthgauge.data.dataset import (
    Dataset,
    Float32Array,
    Float64Array,
    IntArray,
    Splits,
    Times,
)
from depthgauge.data.kinds.kind import DataSettings, Encoded, Encoder, assemble
from depthgauge.errors import InputError
from depthgauge.section import Count, Section
from depthgauge.tables.dates import read_days, read_steps, sort_by_time
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

Gaps = Literal["exclude", "interpolate", "ignore"]
Transform = Literal["log", "none"]


class TimeSplit(Section):
    """The last days are test, those before them validation, the rest train."""

    validation_days: Count = Field(description="those before the last")
    test_days: Count = Field(description="the last")


@dataclass(frozen=True)
class _Rows:
    """The rows of a series in the order of time.

    times: (n,) as in `Dataset`. names: what the rows are called.
    """

    table: Table
    times: Times
    names: tuple[str, ...]

    @property
    def places(self) -> IntArray:
        """(n,) steps after the first row; between them lie the absent days."""
        places: IntArray = (self.times - self.times[0]).astype(np.int64)
        return places

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(span,) whether a day has a row."""
        present = np.zeros(self.places[-1] + 1, dtype=bool)
        present[self.places] = True
        return present


class SeriesEncoder(Encoder):
    """Inputs are column after column, the oldest value first.

    "views lag 3" is the value 3 days before the first predicted day. horizon: days from the last
    input day to the first predicted one. steps: predicted days.
    """

    kind: Literal["series"]
    date: str
    inputs: tuple[str, ...]
    window: int
    horizon: int
    steps: int
    gaps: Gaps
    transform: Transform

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
            return (self.target,)
        return tuple(f"{self.target} {step}" for step in range(1, self.steps + 1))

    @property
    def time_column(self) -> str:
        return self.date

    @property
    def rows_needed(self) -> str:
        unit = "rows" if self.gaps == "ignore" else "days"
        return f"{self.window} {unit} or more" + ", none absent" * (self.gaps == "exclude")

    def count(self, rows: int) -> tuple[int, int]:
        return max(0, rows - self.window), self.window * len(self.inputs)

    def at_shape(self, input_shape: tuple[int, ...]) -> "SeriesEncoder":
        return self.model_copy(update={"window": input_shape[-1]})

    def encode(self, table: Table) -> Encoded:
        """An example for each run of `window` days, also of those that predict unknown days.

        With `exclude` no run crosses an absent day. With `interpolate` absent days lie on the
        straight line between their neighbours, but for the last day, which must have a row: on an
        absent day before the target the line would end in the target and tell half of the answer.
        """
        rows = sort_rows(table, self.date, self.inputs, self.gaps)
        present, places = rows.present, rows.places
        sliding = np.lib.stride_tricks.sliding_window_view
        kept: IntArray = np.zeros(0, dtype=np.int64)
        if present.size >= self.window:
            across = self.gaps == "interpolate"
            last = present[self.window - 1 :]
            kept = np.flatnonzero(last if across else np.all(sliding(present, self.window), axis=1))
        # Converted last: a line between two numbers has their digits in float64.
        lines = [
            np.interp(np.arange(present.size), places, self.read(rows.table, name))
            for name in self.inputs
        ]
        inputs = np.empty((0, len(lines) * self.window), dtype=np.float32)
        if kept.size:
            narrow = np.stack(lines).astype(np.float32)
            cut = sliding(narrow, self.window, axis=1)[:, kept]
            inputs = cut.transpose(1, 0, 2).reshape(kept.size, -1)
        first = kept + self.window - 1 + self.horizon
        return Encoded(inputs, self._names(rows, first), rows.times[0] + first)

    def read(self, table: Table, column: str) -> Float64Array:
        """(n,) a column as a network sees it. Raises InputError naming row and column."""
        values = read_numbers(table, column, self.transform == "log")
        return np.log(values) if self.transform == "log" else values

    def _names(self, rows: _Rows, steps: IntArray) -> tuple[str, ...]:
        """What times are called, steps after the first row; beyond the rows too."""
        if self.gaps != "ignore":
            return tuple((rows.times[0] + steps).astype(str))
        last = len(rows.names) - 1
        # Nothing but the rows says how long a step is.
        return tuple(
            rows.names[k] if k <= last else f"{rows.names[-1]} + {k - last}" for k in steps
        )

    def example(self, table: Table, row_names: Sequence[str]) -> "pd.DataFrame":
        """The rows from the window of the first example to that of the last."""
        rows = sort_rows(table, self.date, self.inputs, self.gaps)
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
        """What a forecaster without a model says of each predicted day: {name: (N, steps)}.

        `persistence`: the last known value. `seasonal_naive`: the last known value of the same
        weekday, where the window holds it and rows have weekdays. Without the target among the
        inputs there is no guess.
        Source: R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd
        ed.), section 5.2.
        """
        if self.target not in self.inputs:
            return {}
        window = dataset.input_shape[-1]
        past = dataset.inputs.reshape(len(dataset.inputs), -1, window)
        past = past[:, self.inputs.index(self.target)]
        ahead = self.horizon + np.arange(self.steps)
        # Days before the first column from the right: 0 is the last input day.
        back = -ahead % _WEEK
        guesses = {"persistence": np.repeat(past[:, -1:], self.steps, axis=1)}
        if self.gaps != "ignore" and back.max() < window:
            guesses["seasonal_naive"] = past[:, window - 1 - back]
        return guesses


class SeriesData(DataSettings):
    """A table with a row for each day; a window of days predicts later ones."""

    ENCODER = SeriesEncoder

    kind: Literal["series"]
    date: str = Field(description="the column that says when; rows are sorted by it")
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
    gaps: Gaps = Field(
        description="days without a row or a value. exclude: no window crosses one | "
        "interpolate: inputs lie on a line across it | ignore: a row is a step, "
        "whatever its date (months, hours, trading days), and window, horizon, "
        "steps and split count rows"
    )
    transform: Transform = Field(description="log | none")
    split: TimeSplit = Field(
        description="by time: the last days (or rows) test, all before the other two train"
    )

    @model_validator(mode="after")
    def _each_once(self) -> "SeriesData":
        if len(set(self.inputs)) < len(self.inputs):
            raise ValueError(f"data.inputs: {self.inputs} must name each column once")
        return self

    @property
    def task(self) -> Literal["regression", "structured"]:
        """One predicted day is a number, several are a vector."""
        return "regression" if self.steps == 1 else "structured"

    def clean(self, table: Table) -> tuple[Table, dict[str, int]]:
        """Where days are counted, one without a value is as absent as one without a row."""
        values = [self.target, *self.inputs]
        require_columns(table, [self.date, *values])
        return (table if self.gaps == "ignore" else drop_absent(table, values)[0]), {}

    def fit(self, table: Table) -> SeriesEncoder:
        return SeriesEncoder(
            kind="series",
            task=self.task,
            target=self.target,
            classes=(),
            date=self.date,
            inputs=tuple(self.inputs),
            window=self.window,
            horizon=self.horizon,
            steps=self.steps,
            gaps=self.gaps,
            transform=self.transform,
        )

    def build(
        self, table: Table, encoder: SeriesEncoder, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        rows = sort_rows(table, self.date, [self.target, *self.inputs], self.gaps)
        present, steps = rows.present, self.steps
        answers = np.zeros(present.size, dtype=np.float32)
        answers[rows.places] = encoder.read(rows.table, self.target)
        with in_file(table.path):
            self._require_length(present.size)
            # From each day on that a window may predict: whether all its predicted days have rows.
            earliest = self.window + self.horizon - 1
            sliding = np.lib.stride_tricks.sliding_window_view
            known = np.all(sliding(present, steps)[earliest:], axis=1)
            assert encoded.times is not None
            first = (encoded.times - rows.times[0]).astype(np.int64)
            keep = np.flatnonzero(first < earliest + known.size)
            keep = keep[known[first[keep] - earliest]]
            first = first[keep]
            splits = time_splits(
                first, present.size, steps, self.split.validation_days, self.split.test_days
            )
            columns: IntArray = np.arange(len(self.inputs), dtype=np.int64)
            dataset = assemble(
                encoder,
                Encoded(
                    encoded.inputs[keep],
                    tuple(encoded.row_names[k] for k in keep),
                    encoded.times[keep],
                ),
                sliding(answers, steps)[first],
                splits,
                np.repeat(columns, self.window),
            )
        return dataset, {
            "absent days": present.size - len(rows.names),
            "windows lost to absent days": int(np.count_nonzero(known)) - keep.size,
        }

    def _require_length(self, span: int) -> None:
        validation, test = self.split.validation_days, self.split.test_days
        needed = self.window + self.horizon - 1 + self.steps + validation + test
        if span < needed:
            raise InputError(
                f"window {self.window}, horizon {self.horizon}, steps {self.steps}, "
                f"validation_days {validation} and test_days {test} need {needed} days at least; "
                f"the series spans {span}"
            )


def sort_rows(table: Table, date: str, columns: Sequence[str], gaps: Gaps) -> _Rows:
    """The rows of a series in the order of time; columns: those that it takes values from.

    Where days are counted, one without a value is as absent as one without a row. Raises
    InputError as `dates.read_steps`, `dates.read_days` and `table.drop_absent` do.
    """
    require_columns(table, [date, *columns])
    if gaps != "ignore":
        table, _ = drop_absent(table, columns)
    table = sort_by_time(table, date)
    if gaps == "ignore":
        read_steps(table, date)
        names = tuple(table.cells[date].str.strip())
        return _Rows(table, np.arange(len(names), dtype=np.int64), names)
    days = read_days(table, date)
    return _Rows(table, days, tuple(days.astype(str)))


def time_splits(
    first: IntArray, span: int, steps: int, validation_days: int, test_days: int
) -> Splits:
    """One fixed split by time, (1, n) each: an example belongs to the period of its target days.

    first: (N,) the first of the `steps` days that each example predicts, from 0. The last
    `test_days` of the `span` calendar days are test, the `validation_days` before them
    validation, all earlier ones train. An example that predicts days of two periods is in no
    split. Inputs may reach back into the earlier period: at prediction time the past is known,
    whoever it was used for.

    Raises InputError when a split would be empty, with the number of days that are needed.
    """
    for name, count in (("validation_days", validation_days), ("test_days", test_days)):
        if count < steps:
            many = "1 day" if steps == 1 else f"the {steps} days that a window predicts,"
            raise InputError(f"{name}: {count} is too few; use {many} or more")
    if validation_days + test_days >= span:
        raise InputError(
            f"validation_days + test_days: {validation_days + test_days} days leave none of "
            f"the {span} days of the series for training"
        )
    first_test = span - test_days
    first_validation = first_test - validation_days
    last = first + steps - 1
    splits = {
        "train": last < first_validation,
        "validation": (first >= first_validation) & (last < first_test),
        "test": first >= first_test,
    }
    for name, members in splits.items():
        if not members.any():
            raise InputError(
                f"{name}: no window of consecutive days predicts a day of this period; make the "
                "window or the other periods shorter, or set gaps to interpolate"
            )
    return Splits(**{name: np.flatnonzero(members)[None, :] for name, members in splits.items()})


ENTRY = SeriesData
