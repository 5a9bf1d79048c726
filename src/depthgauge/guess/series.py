"""Whether a table is a daily series, and how much of it predicts the next day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.errors import InputError
from depthgauge.files.raw import Table, dates, numbers, shown
from depthgauge.guess.columns import is_iso

LEAST_DAYS = 100
# Of the days between the first and the last.
_LEAST_SHARE = 0.8


@dataclass(frozen=True)
class SeriesGuess:
    """days: calendar days from the first to the last. absent: those without a row."""

    days: int
    absent: int
    window: int
    held_out: int
    gaps: str
    transform: str


def daily(table: Table, column: str) -> bool:
    """Whether a column of ISO days has one row a day, in whatever order, and enough of them."""
    cells = table.cells[column].str.strip()
    if not is_iso(cells) or cells.nunique() < len(cells) or len(cells) < LEAST_DAYS:
        return False
    days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        return False
    return len(days) >= _LEAST_SHARE * ((days.max() - days.min()).days + 1)


def judged_series(table: Table, date: str, target: str) -> SeriesGuess:
    """Window, splits and transform for a series.

    Raises InputError as `raw.dates` and `raw.numbers` do, and for too few days.
    """
    days = dates(table, date)
    values = numbers(table, target, positive=False)
    span = int((days[-1] - days[0]).astype(np.int64)) + 1
    if len(days) < LEAST_DAYS:
        raise InputError(
            f"{table.path}: column {shown(date)}: has {len(days)} days; a series needs "
            f"{LEAST_DAYS}; use --kind table"
        )
    window = 56 if len(days) >= 600 else 28 if len(days) >= 250 else 14
    held_out = min(365, round(0.15 * span))
    # Where absent days lie anywhere, this share of the windows would hold none.
    whole = (len(days) / span) ** window
    gaps = "exclude" if whole > 0.5 else "interpolate"
    return SeriesGuess(span, span - len(days), window, held_out, gaps, _transform(values))


def _transform(values: npt.NDArray[np.float64]) -> str:
    """Values above 0 that differ by an order of magnitude move in shares, not in steps."""
    return "log" if values.min() > 0 and values.max() > 10 * values.min() else "none"
