"""A table with a row for each step in time: whether it is one, and what predicts what."""

from typing import Literal

import numpy as np

from depthgauge.errors import InputError
from depthgauge.infer.inferred import Inferred
from depthgauge.infer.messages import join_first
from depthgauge.infer.sizes import choose_sizes
from depthgauge.tables.dates import parse_times, read_days, read_steps, sort_by_time
from depthgauge.tables.table import Table, drop_absent, parse_numbers, quote, read_numbers
from depthgauge.tables.times import DAILY, EVEN, are_even, read_cells

LEAST_ROWS = 100
Steps = Literal["days", "rows"]


def infer_steps(table: Table, column: str) -> Steps | None:
    """What the rows step by where a column of days or times has enough of them, each once.

    In whatever order they stand: days where there is nearly one row a day, rows where the times
    between them are nearly the same, else None.
    """
    cells = table.cells[column].str.strip()
    if cells.nunique() < len(cells) or len(cells) < LEAST_ROWS:
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
    return "rows" if len(utc) == len(cells) and are_even(utc) else None


def could_step(table: Table, column: str) -> bool:
    """Whether a column has a different time, or a number that rises, in each of enough rows."""
    if len(table.lines) < LEAST_ROWS:
        return False
    cells = table.cells[column].str.strip()
    read = parse_times(cells)
    if read.notna().all():
        return read.nunique() == len(read)
    rises = np.diff(parse_numbers(cells, table.decimal))
    return bool((rises > 0).all() and rises.max() <= EVEN * np.median(rises))


def is_amount(table: Table, target: str) -> bool:
    """Whether a column is an amount that a series may have, and no class."""
    values = parse_numbers(table.cells[target].str.strip(), table.decimal)
    different = np.unique(values[~np.isnan(values)]).size
    return bool(different > 2 and np.isnan(values).mean() < 0.2)


def infer_series(table: Table, date: str, target: str) -> Inferred:
    """Window, splits and transform for a series.

    Raises InputError as `read_days`, `read_steps` and `read_numbers` do, and for a series that is
    too short.
    """
    table = sort_by_time(table, date)
    unit = infer_steps(table, date) or "rows"
    if unit == "days":
        table, _ = drop_absent(table, [target])
        days = read_days(table, date)
        length = int((days[-1] - days[0]).astype(np.int64)) + 1
    else:
        read_steps(table, date)
        length = len(table.lines)
    values = read_numbers(table, target, positive=False)
    count = len(values)
    if count < LEAST_ROWS:
        raise InputError(
            f"{table.path}: column {quote(target)}: has {count} values in time; a series needs "
            f"{LEAST_ROWS}; use --kind table"
        )
    window = 56 if count >= 600 else 28 if count >= 250 else 14
    held_out = min(365, round(0.15 * length))
    # Where absent days lie anywhere, this share of the windows would hold none.
    whole = (count / length) ** window
    data = {
        "kind": "series",
        "date": date,
        "target": target,
        "inputs": [target],
        "window": window,
        "horizon": 1,
        "steps": 1,
        "gaps": "ignore" if unit == "rows" else "exclude" if whole > 0.5 else "interpolate",
        # Values above 0 that differ by an order of magnitude move in shares, not in steps.
        "transform": "log" if 0 < 10 * values.min() < values.max() else "none",
        "split": {"validation_days": held_out, "test_days": held_out},
    }
    what = (
        f"has a day a row, {length} days, {length - count} of them absent"
        if unit == "days"
        else f"orders {length} rows, each a step from the one before, whatever its date"
    )
    messages = [
        f"series: column {quote(date)} {what} (--kind table takes each row by itself)",
        f"target {quote(target)}: its last {window} {unit} predict the next one",
    ]
    if rest := [quote(name) for name in table.columns if name not in (date, target)]:
        names = join_first(rest)
        messages.append(f"not used: {names}; numbers among them may go to data.inputs")
    sizes = choose_sizes(2 * (length - 2 * held_out))
    # Its loss is the mean absolute error.
    return Inferred(data, sizes, ["rmse", "r2"], messages)
