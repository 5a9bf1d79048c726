"""A table with a row for each step in time: whether it is one, and what predicts what."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.data.every import find_every, parse_every
from depthgauge.data.windows import sort_rows
from depthgauge.errors import InputError
from depthgauge.infer.doubts import code_lines
from depthgauge.infer.inferred import Inferred
from depthgauge.infer.messages import join_first
from depthgauge.infer.sizes import choose_sizes
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.dates import parse_times, read_clock, read_steps, read_times, sort_by_time
from depthgauge.tables.table import Table, lacks_value, quote, read_numbers
from depthgauge.tables.times import DAILY, EVEN, are_even, read_cells

LEAST_ROWS = 100
# Of a series with holes: the rows that follow the one before by a step, and the steps with a row.
_FOLLOW, _PRESENT = 0.9, 0.5


def infer_steps(table: Table, column: str) -> str | None:
    """What the rows step by where a column of days or times has enough of them, each once.

    In whatever order they stand: "days" where there is nearly one row a day, "rows" where the times
    between them are nearly the same, "1 hour" and the like (`data.every`) where most are, else
    None.
    """
    if len(table.lines) < LEAST_ROWS:
        return None
    cells = table.cells[column].str.strip()
    if cells.nunique() < len(cells):
        return None
    reading = read_cells(cells)
    if np.isnat(reading.utc).any():
        return None
    # The days where the clock was read, over a change of it too; of hours those in Greenwich.
    local, utc = np.unique(reading.local), np.unique(reading.utc)
    days = local.astype("datetime64[D]")
    if len(local) == len(cells) and (days == local).all():
        if len(days) >= DAILY * (1 + (days[-1] - days[0]).astype(np.int64)):
            return "days"
        utc = local
    if len(utc) < len(cells):
        return None
    return "rows" if are_even(utc) else _infer_holes(utc)


def _infer_holes(times: npt.NDArray[np.datetime64]) -> str | None:
    every = find_every(times)
    if every is None:
        return None
    places = parse_every(every).places(times)
    is_series = (np.diff(places) == 1).mean() >= _FOLLOW and len(times) >= _PRESENT * places[-1]
    return ("days" if every == "1 day" else every) if is_series else None


def could_step(table: Table, column: str) -> bool:
    """Whether a column has a different time, or a number that rises, in each of enough rows."""
    if len(table.lines) < LEAST_ROWS:
        return False
    cells = table.cells[column].str.strip()
    read = parse_times(cells)
    if read.notna().all():
        return read.nunique() == len(read)
    numbers = parse_numbers(cells, table.decimal)
    if not np.isfinite(numbers).all():
        return False
    rises = np.diff(numbers)
    return bool((rises > 0).all() and rises.max() <= EVEN * np.median(rises))


def is_amount(table: Table, target: str) -> bool:
    """Whether a column is an amount that a series may have, and no class."""
    values = parse_numbers(table.cells[target].str.strip(), table.decimal)
    different = np.unique(values[~np.isnan(values)]).size
    return bool(different > 2 and np.isnan(values).mean() < 0.2)


def infer_series(
    table: Table, date: str, target: str, inputs: Sequence[str] | None = None
) -> Inferred:
    """Window, splits and transform for a series. inputs: the columns whose past predicts.

    Raises InputError as `sort_rows`, `read_steps` and `read_numbers` do, and for a series that is
    too short.
    """
    whole = table = sort_by_time(table, date)
    unit, every = infer_steps(table, date) or "rows", None
    past = [target] if inputs is None else list(dict.fromkeys(inputs))
    columns = list(dict.fromkeys([target, *past]))
    absent = np.any([lacks_value(table, name) for name in columns], axis=0)
    if unit == "rows" and absent.any():
        # An empty cell is a hole, where the times say how many steps it has.
        times = read_clock(table, date, local=False)
        unit = (not np.isnat(times).any() and _infer_holes(times)) or "rows"
    if unit == "rows":
        read_steps(table, date)
        if absent.any():
            raise _empty(table, columns, absent)
        places = np.arange(len(table.lines))
    else:
        every = None if unit == "days" else unit
        rows = sort_rows(table, date, columns, "exclude", every)
        table, places = rows.table, rows.places
    length = int(places[-1]) + 1
    values = read_numbers(table, target, positive=False)
    count = len(values)
    if count < LEAST_ROWS:
        raise InputError(
            f"{table.path}: column {quote(target)}: has {count} values in time; a series needs "
            f"{LEAST_ROWS}; use --kind table"
        )
    window = 56 if count >= 600 else 28 if count >= 250 else 14
    held_out = min(365, round(0.15 * length))
    if unit == "days":
        # Where absent days lie anywhere, this share of the windows would hold none.
        share = (count / length) ** window
    else:
        # Holes of hours are long and few.
        share = float((places[window:] - places[:-window] == window).sum()) / max(
            1, length - window
        )
    gaps = "ignore" if unit == "rows" else "exclude" if share > 0.5 else "interpolate"
    data = {
        "kind": "series",
        "date": date,
        "target": target,
        "inputs": past,
        "window": window,
        "horizon": 1,
        "steps": 1,
        "gaps": gaps,
        **({} if every is None else {"every": every}),
        # Values above 0 that differ by an order of magnitude move in shares, not in steps.
        "transform": "log" if past == [target] and 0 < 10 * values.min() < values.max() else "none",
        "split": {"validation_days": held_out, "test_days": held_out},
    }
    steps = "steps" if every is not None else unit
    what = (
        f"orders {length} rows, each a step from the one before, whatever its date"
        if unit == "rows"
        else f"{'has a day a row,' if every is None else f'steps by {every}:'} {length} {steps}, "
        f"{length - count} of them absent"
    )
    for name in past:
        read_numbers(table, name, positive=False)
    of = "its" if past == [target] else f"of {join_first([quote(name) for name in past])} the"
    messages = [
        f"series: column {quote(date)} {what} (--kind table takes each row by itself)",
        f"target {quote(target)}: {of} last {window} {steps} predict the next one",
        _holes_line(places, steps, gaps) if unit != "rows" else _uneven_line(whole, date),
        *code_lines(table, [target]),
    ]
    if rest := [quote(name) for name in table.columns if name not in (date, target, *past)]:
        names = join_first(rest)
        messages.append(f"not used: {names}; numbers among them may go to data.inputs")
    sizes = choose_sizes(2 * (length - 2 * held_out))
    # Its loss is the mean absolute error.
    return Inferred(data, sizes, ["rmse", "r2"], messages)


def _empty(table: Table, columns: Sequence[str], absent: npt.NDArray[np.bool_]) -> InputError:
    """What to do about an empty cell where a row is a step, whatever its time."""
    row = int(np.flatnonzero(absent)[0])
    return table.error(
        row,
        next(name for name in columns if lacks_value(table, name)[row]),
        "is empty, and the times are in no even steps that say how long the hole is: fill the cell "
        "in, or take the row out, which makes its neighbours follow each other",
    )


def _holes_line(places: npt.NDArray[np.int64], steps: str, gaps: str) -> str:
    """The holes, and what can be done about them."""
    absent = int(places[-1]) + 1 - len(places)
    if not absent:
        return ""
    longest = int(np.diff(places).max()) - 1
    chosen = {"exclude": "no window crosses one", "interpolate": "inputs lie on a line across it"}
    also = ", and data.every is null" if steps == "steps" else ""
    other = next(name for name in chosen if name != gaps)
    return (
        f"holes: {absent:,} {steps} have no row or no value, {longest:,} together in the longest "
        f"hole; data.gaps: {gaps} is chosen ({chosen[gaps]}); {other} ({chosen[other]}) and ignore "
        f"(each row follows the one before, none may be empty{also}) are the others"
    )


def _uneven_line(table: Table, date: str) -> str:
    """That rows are taken as even steps which are none."""
    times = read_times(table, date)
    between = np.diff(times.astype("datetime64[us]" if times.dtype.kind == "M" else np.float64))
    longest, usual = between.max(), np.median(between)
    if longest <= EVEN * usual:
        return ""
    if times.dtype.kind == "M":
        said = [str(pd.Timedelta(step)).removesuffix(" 00:00:00") for step in (longest, usual)]
    else:
        said = [f"{step:g}" for step in (longest, usual)]
    return (
        f"uneven: the longest step is {said[0]}, where most are {said[1]}, and windows cross it: "
        "each row follows the one before (data.gaps: ignore)"
    )
