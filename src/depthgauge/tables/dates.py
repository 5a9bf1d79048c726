"""Columns of days and times of a raw table: read, checked and sorted by."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from depthgauge.errors import InputError
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.table import Table, quote, read_numbers, require_columns, take_rows
from depthgauge.tables.times import ambiguous_days, read_cells

if TYPE_CHECKING:
    import pandas as pd

_ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00(\.0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"


def parse_times(cells: "pd.Series[str]", local: bool = False) -> "pd.Series[pd.Timestamp]":
    """(N,) times without a zone, NaT for a cell that is none; `times.read_cells` reads them.

    Where the day cannot be told from the month, no cell is a time. local: what the clock showed
    where the cell was written, else the time in Greenwich.
    """
    # Imported here: settings, which know the kinds of data, are read without the second it takes.
    import pandas as pd

    reading = read_cells(cells)
    return pd.Series(reading.local if local else reading.utc, index=cells.index)


def read_days(table: Table, column: str) -> npt.NDArray[np.datetime64]:
    """(N,) datetime64[D] of a column of days, each later than the one before.

    A clock at midnight may stand beside them. Raises InputError with row and column for anything
    else.
    """
    require_columns(table, [column])
    cells = table.cells[column].str.strip()
    days = _parse(table, column, local=True)
    spelled = cells.str.fullmatch(_ISO_DAY).to_numpy(np.bool_)
    if not spelled.any():
        spelled = (days.notna() & (days == days.dt.normalize())).to_numpy(np.bool_)
    # pandas knows a year 0, which no calendar has.
    real = (days.dt.year >= 1).to_numpy(np.bool_)
    after = ~(days.diff() <= np.timedelta64(0)).to_numpy(np.bool_)
    good = spelled & real
    # Where a cell is no day, the rows could not be sorted: their order is no fault.
    bad = np.flatnonzero(~(good & after if good.all() else good))
    if bad.size:
        row = int(bad[0])
        cell, before = str(table.cells[column][row]), table.lines[row - 1]
        if not cells[row]:
            what = "is empty; a day such as 2024-01-31 is needed"
        elif not spelled[row]:
            what = f"{quote(cell)} is no day such as 2024-01-31"
        elif not real[row]:
            what = f"{quote(cell)} is not in the calendar"
        elif days[row] == days[row - 1]:
            what = f"{cells[row]} is already in row {before}; each day may have one row"
        else:
            what = (
                f"{cells[row]} comes after {cells[row - 1]} in row {before}; sort the rows by day"
            )
        raise table.error(row, column, what)
    return days.to_numpy("datetime64[D]")


def read_times(table: Table, column: str) -> npt.NDArray[np.float64] | npt.NDArray[np.datetime64]:
    """(N,) numbers, or the microseconds of days and times, in any order.

    Raises InputError with row and column for a cell that is neither as the others are.
    """
    require_columns(table, [column])
    cells = table.cells[column].str.strip()
    if not np.isnan(parse_numbers(cells[:1], table.decimal))[0]:
        return read_numbers(table, column, positive=False)
    read = _parse(table, column, local=False)
    bad = np.flatnonzero(read.isna().to_numpy(np.bool_))
    if bad.size:
        row = int(bad[0])
        what = "is neither a number nor a day such as 2024-01-31"
        raise table.error(row, column, f"{quote(str(cells[row]))} {what}")
    return read.to_numpy("datetime64[us]")


def read_clock(table: Table, column: str, local: bool) -> npt.NDArray[np.datetime64]:
    """(N,) datetime64[us] of a column of times, NaT for a cell that is none. local: as the clock
    was read where the cell was written.
    """
    return _parse(table, column, local).to_numpy("datetime64[us]")


def read_steps(table: Table, column: str) -> npt.NDArray[np.float64] | npt.NDArray[np.datetime64]:
    """(N,) times as `read_times` has them, each later than the one before.

    Raises InputError as `read_times` does, and with row and column for one that is not later.
    """
    read: npt.NDArray[Any] = read_times(table, column)
    bad = np.flatnonzero(read[1:] <= read[:-1])
    if bad.size:
        row = int(bad[0]) + 1
        cell, before = quote(str(table.cells[column][row])), table.lines[row - 1]
        what = f"{cell} is already in row {before}; each time may have one row"
        raise table.error(row, column, what)
    return read


def sort_by_time(table: Table, column: str) -> Table:
    """The table with its rows sorted by a column of times; as it is where a cell is none."""
    require_columns(table, [column])
    try:
        order = read_times(table, column)
    except InputError:
        # `read_days` and `read_steps` tell of the cell.
        return table
    return take_rows(table, np.argsort(order, kind="stable"))


def _parse(table: Table, column: str, local: bool) -> "pd.Series[pd.Timestamp]":
    import pandas as pd

    cells = table.cells[column]
    reading = read_cells(cells)
    if reading.is_ambiguous:
        raise InputError(f"{table.path}: column {quote(column)}: {ambiguous_days(reading)}")
    return pd.Series(reading.local if local else reading.utc, index=cells.index)
