"""Raw rows of any kind -> the unscaled inputs that `prepare` would have made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import FloatArray
from depthgauge.data.kinds.series_rows import SeriesRows, series_rows
from depthgauge.data.scaling import as_float32
from depthgauge.errors import InputError
from depthgauge.serving.description import Description, raw_columns
from depthgauge.tables.table import (
    Table,
    read_categories,
    read_number_columns,
    read_numbers,
    require_columns,
    quote,
)

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Inputs:
    """values: (n, F) unscaled, NaN where missing. when: of a series, the first predicted times."""

    values: FloatArray
    when: list[str] | None = None


def raw_inputs(description: Description, table: Table) -> Inputs:
    """The inputs of an example for each row, or for each window of a series.

    Raises InputError naming row and column as `prepare` does, and for a category that the
    network has never seen.
    """
    rows = description["rows"]
    return _OF_KIND[rows["kind"]](rows, table, raw_columns(description))


def _images(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    return Inputs(as_float32(read_number_columns(table, columns)))


def _table(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    inputs: list[npt.NDArray[np.float64]] = []
    for column in rows["numbers"]:
        values = read_numbers(table, column["name"], False, rows["may_miss"])
        inputs += [values, np.isnan(values)] if column["marked"] else [values]
    for column in rows["categories"]:
        as_read = column["as_read"]
        texts = read_categories(table, column["name"], rows["may_miss"] or "" in as_read)
        cells = np.array([as_read.get(text, text) for text in texts], dtype=object)
        missing = cells == ""
        strange = np.flatnonzero(~missing & ~np.isin(cells.astype(str), column["values"]))
        if strange.size:
            row = int(strange[0])
            known = ", ".join(quote(value) for value in column["values"][:8])
            more = " and more" if len(column["values"]) > 8 else ""
            what = f"{quote(str(cells[row]))} is no category of the raw table: {known}{more}"
            raise table.error(row, column["name"], what)
        # As in prepare: a missing value is none of them, so each takes its training mean.
        inputs += [np.where(missing, np.nan, cells == value) for value in column["values"]]
        inputs += [missing] if column["marked"] else []
    return Inputs(np.stack(inputs, axis=1).astype(np.float32))


def _series(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    window = rows["window"]
    require_columns(table, columns)
    series = series_rows(table, rows["date"], rows["columns"], rows["gaps"])
    days = series.days
    values = [series.values(name, rows["transform"]) for name in rows["columns"]]
    span = int((days[-1] - days[0]) / DAY) + 1
    position = ((days - days[0]) / DAY).astype(np.int64)
    present = np.zeros(span, dtype=bool)
    present[position] = True
    sliding = np.lib.stride_tricks.sliding_window_view
    good: npt.NDArray[np.bool_] = np.zeros(0, dtype=bool)
    if span >= window:
        # The rule of core.data.series.windows, but that no day to predict need be there.
        across = rows["gaps"] == "interpolate"
        good = present[window - 1 :] if across else np.all(sliding(present, window), axis=1)
    kept = np.flatnonzero(good)
    if not kept.size:
        unit, joined = ("row", "") if rows["gaps"] == "ignore" else ("day", "consecutive ")
        raise InputError(
            f"{table.path}: has no {window} {unit}s in a row; the network predicts from "
            f"{f'1 {unit}' if window == 1 else f'{window} {joined}{unit}s'}"
        )
    lines = [np.interp(np.arange(span), position, column).astype(np.float32) for column in values]
    cut = sliding(np.stack(lines), window, axis=1)[:, kept].transpose(1, 0, 2)
    first = kept + window - 1 + rows["horizon"]
    return Inputs(cut.reshape(kept.size, -1), _when(series, first, rows["gaps"]))


def _when(series: SeriesRows, steps: npt.NDArray[np.int64], gaps: str) -> list[str]:
    """What the predicted times are called, steps after the first row; beyond the rows too."""
    if gaps != "ignore":
        return list((series.days[0] + steps).astype(str))
    last = len(series.names) - 1
    # Nothing but the rows says how long a step is.
    return [series.names[k] if k <= last else f"{series.names[-1]} + {k - last}" for k in steps]


_OF_KIND: dict[str, Callable[[dict[str, Any], Table, list[str]], Inputs]] = {
    "images": _images,
    "series": _series,
    "table": _table,
}
