"""The windows of a series and the days that they predict.

A row is a day, or a step whatever its day (gaps: ignore); what is said of days holds for steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import Float32Array, Float64Array, IntArray, Times
from depthgauge.data.every import Every, parse_every
from depthgauge.tables.dates import read_clock, read_days, read_steps, sort_by_time
from depthgauge.tables.table import Table, drop_absent, quote, require_columns

Gaps = Literal["exclude", "interpolate", "ignore"]


@dataclass(frozen=True)
class Rows:
    """The rows of a series in the order of time.

    times: (n,) as in `Dataset`. names: what the rows are called. every, start: the step that is
    counted where it is no day, and the time of the first row.
    """

    table: Table
    times: Times
    names: tuple[str, ...]
    every: Every | None = None
    start: np.datetime64 | None = None

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


def sort_rows(
    table: Table, date: str, columns: Sequence[str], gaps: Gaps, every: str | None = None
) -> Rows:
    """The rows of a series in the order of time; columns: those that it takes values from.

    Where days are counted, or the steps of `every`, one without a value is as absent as one without
    a row. Raises InputError as `dates.read_steps`, `dates.read_days` and `table.drop_absent` do,
    and for a time between two steps.
    """
    require_columns(table, [date, *columns])
    if gaps != "ignore":
        table, _ = drop_absent(table, columns)
    table = sort_by_time(table, date)
    if gaps == "ignore":
        read_steps(table, date)
        names = tuple(table.cells[date].str.strip())
        return Rows(table, np.arange(len(names), dtype=np.int64), names)
    if every is not None:
        return _count_steps(table, date, parse_every(every), every)
    days = read_days(table, date)
    return Rows(table, days, tuple(days.astype(str)))


def _count_steps(table: Table, date: str, every: Every, said: str) -> Rows:
    read_steps(table, date)
    times = read_clock(table, date, every.of_days)
    places = every.places(times)
    cells = table.cells[date].str.strip()
    bad = np.flatnonzero((places < 0) | (np.diff(places, prepend=-1) < 1))
    if bad.size:
        row = int(bad[0])
        what = f"{quote(str(cells[row]))} is no whole number of steps (data.every: {said})"
        before = f"after row {table.lines[row - 1]}" if row else "after the first"
        raise table.error(row, date, f"{what} {before}")
    return Rows(table, places, tuple(cells), every, times[0])


def cut_windows(
    rows: Rows, columns: Sequence[Float64Array], window: int, across: bool
) -> tuple[Float32Array, IntArray]:
    """Every run of `window` consecutive days: (N, C window) and the first day (N,) of each.

    columns: C of (n,). A run is column after column, oldest day first; its day is counted in steps
    after the first row. No run crosses an absent day, or with `across` the values of absent days
    lie on the straight line between their neighbours. Even then the last day must have a row of
    its own: on an absent day before the target, the line would end in the target and tell half
    of the answer.
    """
    present = rows.present
    if present.size < window:
        return np.empty((0, len(columns) * window), dtype=np.float32), np.zeros(0, dtype=np.int64)
    whole = present[window - 1 :] if across else np.all(_slide(present, window), axis=1)
    first = np.flatnonzero(whole)
    calendar = np.arange(present.size)
    # Converted last: a line between two numbers has their digits in float64.
    lines = [np.interp(calendar, rows.places, column).astype(np.float32) for column in columns]
    cut = np.lib.stride_tricks.sliding_window_view(np.stack(lines), window, axis=1)[:, first]
    return cut.transpose(1, 0, 2).reshape(first.size, len(columns) * window), first


def _slide(values: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.bool_]:
    return np.lib.stride_tricks.sliding_window_view(values, length)


@dataclass(frozen=True)
class Pairs:
    """Windows with their targets, ordered by time.

    kept: (N,) those of the windows whose predicted days all have a row. targets: (N, C steps)
    float32, column after column. first: (N,) the first predicted day, steps after the first row.
    lost: windows that would be among them but for absent days in them.
    """

    kept: IntArray
    targets: Float32Array
    first: IntArray
    lost: int


def pair_targets(
    rows: Rows, targets: Sequence[Float64Array], first: IntArray, earliest: int, steps: int
) -> Pairs:
    """The windows that predict known days.

    targets: C of (n,), of the rows. first: (M,) the first predicted day of each window, steps after
    the first row, of which `earliest` is the first that any window can predict.
    """
    present = rows.present
    answers = np.zeros((len(targets), present.size), dtype=np.float32)
    answers[:, rows.places] = np.stack(targets)
    # Of each day that a window may predict first: whether all its predicted days have rows.
    known = np.all(_slide(present, steps)[earliest:], axis=1)
    kept = np.flatnonzero(first < earliest + known.size)
    kept = kept[known[first[kept] - earliest]]
    first = first[kept]
    lost = int(np.count_nonzero(known)) - kept.size
    ahead = answers[:, first[:, None] + np.arange(steps)].transpose(1, 0, 2)
    return Pairs(kept, ahead.reshape(kept.size, len(targets) * steps), first, lost)
