"""The rows of a raw table as a series: in the order of time, each with the values that it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from depthgauge.data.kinds.series import Days, Gaps, Transform, transformed
from depthgauge.tables.dates import dates, in_time_order, steps
from depthgauge.tables.table import Table, numbers, with_value

Float64Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SeriesRows:
    """table: the rows that count, sorted. days: (n,) what windows are cut by. names: (n,).

    With the gaps `ignore` each row is a step, days are no more than the numbers of the rows, and
    the names are what is written in the column of times.
    """

    table: Table
    days: Days
    names: tuple[str, ...]

    def values(self, column: str, transform: Transform) -> Float64Array:
        """(n,) the column as a network sees it. Raises InputError naming row and column."""
        read = numbers(self.table, column, transform == "log")
        return transformed(self.days, read, transform)


def series_rows(table: Table, date: str, columns: Sequence[str], gaps: Gaps) -> SeriesRows:
    """The rows of a series by its column of times; columns: those that it takes values from.

    Where days are counted, one without a value is as absent as one without a row. Raises
    InputError as `moments.steps`, `moments.dates` and `raw.with_value` do.
    """
    table = in_time_order(table, date)
    if gaps == "ignore":
        steps(table, date)
        days = np.arange(len(table.lines)).astype("datetime64[D]")
        return SeriesRows(table, days, tuple(table.cells[date].str.strip()))
    table, _ = with_value(table, columns)
    days = dates(table, date)
    return SeriesRows(table, days, tuple(days.astype(str)))
