"""Days and times of a raw table, in the ways in which people write them."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from depthgauge.errors import InputError
from depthgauge.tables.table import (
    Table,
    parse_numbers,
    quote,
    read_numbers,
    require_columns,
    take_rows,
)

if TYPE_CHECKING:
    import pandas as pd

_ISO = r"[0-9]{4}-[0-9]{2}(-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?)?"
_ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00(\.0+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_ZONE = re.compile(r"(:[0-9.]+) ?(Z|[+-][0-9]{2}:?[0-9]{2})$")
# Numbers but for those of 8 digits, and words without a digit: most columns of most tables.
_NO_TIME = re.compile(r"(?![0-9]{8}$)[+-]?[0-9]*[.,]?[0-9]*([eE][+-]?[0-9]+)?|[^0-9]*")
_DAYS = (
    *("%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"),
    *("%b %d %Y", "%b-%d-%Y", "%b %d, %Y", "%B %d, %Y", "%b %Y", "%b-%Y", "%b-%y", "%B %Y"),
)
_HEAD = 100
_CLOCKS = ("", " %H:%M", " %H:%M:%S")


def parse_times(cells: "pd.Series[str]", local: bool = False) -> "pd.Series[pd.Timestamp]":
    """(N,) times without a zone, NaT for a cell that is none.

    All cells must be written in one way: as in 2024-01-31, 2024-01 or 2024-01-31 12:00, with a
    zone or without, or as in 31.1.2024, 31/1/2024, 1/31/2024, 20240131, Jan 31 2024. Where both
    the day and the month may stand first, no cell is a time. local: what the clock showed where
    the cell was written, else the time in Greenwich.
    """
    # Imported here: settings, which know the kinds of data, are read without the second it takes.
    import pandas as pd

    cells = cells.str.strip()
    if local:
        cells = cells.str.replace(_ZONE, r"\1", regex=True)
    iso = cells.str.fullmatch(_ISO).to_numpy(np.bool_)
    if iso.mean() > 0.5:
        parsed = pd.to_datetime(cells.where(iso), format="ISO8601", errors="coerce", utc=True)
        return parsed.dt.tz_localize(None)
    nothing = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    head = cells.iloc[:_HEAD]
    likely = head[~head.str.fullmatch(_NO_TIME)]
    if len(likely) <= len(head) / 2:
        return nothing
    first, most = likely.iloc[0], 0.5
    fits: list[pd.Series[pd.Timestamp]] = []
    for written in (day + clock for day in _DAYS for clock in _CLOCKS):
        # One cell alone rules most of them out.
        if pd.isna(pd.to_datetime(first, format=written, errors="coerce")):
            continue
        parsed = pd.to_datetime(cells, format=written, errors="coerce")
        share = float(parsed.notna().mean())
        if share > most:
            most, fits = share, []
        if share == most:
            fits.append(parsed)
    unlike = any(not fits[0].equals(other) for other in fits[1:])
    return nothing if unlike or not fits else fits[0]


def read_days(table: Table, column: str) -> npt.NDArray[np.datetime64]:
    """(N,) datetime64[D] of a column of days, each later than the one before.

    A clock at midnight may stand beside them. Raises InputError with row and column for anything
    else.
    """
    require_columns(table, [column])
    cells = table.cells[column].str.strip()
    days = parse_times(cells, local=True)
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
    read = parse_times(cells)
    bad = np.flatnonzero(read.isna().to_numpy(np.bool_))
    if bad.size:
        row = int(bad[0])
        what = "is neither a number nor a day such as 2024-01-31"
        raise table.error(row, column, f"{quote(str(cells[row]))} {what}")
    return read.to_numpy("datetime64[us]")


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


def is_time(cells: "pd.Series[str]") -> bool:
    """Whether nearly all of the cells are days or times, written in one way."""
    return bool(parse_times(cells).notna().mean() > 0.95)
