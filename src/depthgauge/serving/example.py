"""A few raw rows that show what a network takes, as pandas would have read them."""

import numpy as np
import pandas as pd

from depthgauge.data.dataset import Prepared
from depthgauge.data.kinds.series_rows import series_rows
from depthgauge.serving.description import Description, raw_columns
from depthgauge.tables.table import Table, is_missing, parse_numbers

ROWS = 3


def example_rows(
    description: Description, table: Table, prepared: Prepared, replicate: int
) -> pd.DataFrame:
    """The first raw rows of the replicate's test split; of a series the days before the first.

    table: the raw table that `prepared`, as the network's point sees it, was made from.
    """
    test = prepared.splits.test[prepared.splits.of_replicate(replicate)]
    names = [prepared.row_names[row] for row in test[:ROWS]]
    rows = description["rows"]
    if rows["kind"] == "series":
        series = series_rows(table, rows["date"], rows["columns"], rows["gaps"])
        table, days = series.table, series.days
        first = days[series.names.index(names[0])]
        last = first - rows["horizon"]
        # Where the first day of the window is absent, the one before it begins the line over it.
        start = int(np.flatnonzero(days <= last - (rows["window"] - 1))[-1])
        chosen = np.arange(start, int(np.flatnonzero(days <= last)[-1]) + 1)
    else:
        place = {str(line): row for row, line in enumerate(table.lines)}
        chosen = np.array([place[name] for name in names])
    return pd.DataFrame(
        {name: _column(table, name, chosen, description) for name in raw_columns(description)}
    )


def _column(table: Table, name: str, chosen: np.ndarray, description: Description) -> object:
    cells, rows = table.cells[name].iloc[chosen].reset_index(drop=True), description["rows"]
    texts = {rows.get("date"), *(column["name"] for column in rows.get("categories", []))}
    if name in texts:
        stripped = cells.str.strip()
        return stripped.where(stripped != "", None)
    values = parse_numbers(cells, table.decimal)
    return np.where(is_missing(cells), np.nan, values)
