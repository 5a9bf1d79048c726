"""Raw rows of any kind -> the unscaled inputs that `prepare` would have made of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from depthgauge.core.data.prepared import FloatArray
from depthgauge.core.data.scaling import as_float32
from depthgauge.core.data.series import transformed
from depthgauge.errors import InputError
from depthgauge.files.raw import Table, categories, dates, number_columns, numbers, shown
from depthgauge.model.described import Description, raw_columns

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Inputs:
    """values: (n, F) unscaled, NaN where missing. days: of a series, the first predicted ones."""

    values: FloatArray
    days: npt.NDArray[np.datetime64] | None = None


def raw_inputs(description: Description, table: Table) -> Inputs:
    """The inputs of an example for each row, or for each window of a series.

    Raises InputError naming row and column as `prepare` does, and for a category that the
    network has never seen.
    """
    rows = description["rows"]
    return _OF_KIND[rows["kind"]](rows, table, raw_columns(description))


def _images(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    return Inputs(as_float32(number_columns(table, columns)))


def _table(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    inputs: list[npt.NDArray[np.float64]] = []
    for column in rows["numbers"]:
        values = numbers(table, column["name"], False, rows["may_miss"])
        inputs += [values, np.isnan(values)] if column["marked"] else [values]
    for column in rows["categories"]:
        cells = np.array(categories(table, column["name"], rows["may_miss"]), dtype=object)
        missing = cells == ""
        strange = np.flatnonzero(~missing & ~np.isin(cells.astype(str), column["values"]))
        if strange.size:
            row = int(strange[0])
            known = ", ".join(shown(value) for value in column["values"][:8])
            more = " and more" if len(column["values"]) > 8 else ""
            what = f"{shown(str(cells[row]))} is no category of the raw table: {known}{more}"
            raise table.error(row, column["name"], what)
        # As in prepare: a missing value is none of them, so each takes its training mean.
        inputs += [np.where(missing, np.nan, cells == value) for value in column["values"]]
        inputs += [missing] if column["marked"] else []
    return Inputs(np.stack(inputs, axis=1).astype(np.float32))


def _series(rows: dict[str, Any], table: Table, columns: list[str]) -> Inputs:
    window, log = rows["window"], rows["transform"] == "log"
    days = dates(table, rows["date"])
    values = np.stack(
        [
            transformed(days, numbers(table, name, log), rows["transform"])
            for name in rows["columns"]
        ]
    )
    span = int((days[-1] - days[0]) / DAY) + 1
    position = ((days - days[0]) / DAY).astype(np.int64)
    present = np.zeros(span, dtype=bool)
    present[position] = True
    sliding = np.lib.stride_tricks.sliding_window_view
    good: npt.NDArray[np.bool_] = np.zeros(0, dtype=bool)
    if span >= window:
        # The rule of core.data.series.windows, but that no day to predict need be there.
        gapless = rows["gaps"] == "exclude"
        good = np.all(sliding(present, window), axis=1) if gapless else present[window - 1 :]
    kept = np.flatnonzero(good)
    if not kept.size:
        raise InputError(
            f"{table.path}: has no {window} days in a row; the network predicts from "
            f"{'1 day' if window == 1 else f'{window} consecutive days'}"
        )
    lines = [np.interp(np.arange(span), position, column).astype(np.float32) for column in values]
    cut = sliding(np.stack(lines), window, axis=1)[:, kept].transpose(1, 0, 2)
    first = days[0] + (kept + window - 1 + rows["horizon"])
    return Inputs(cut.reshape(kept.size, -1), first)


_OF_KIND: dict[str, Callable[[dict[str, Any], Table, list[str]], Inputs]] = {
    "images": _images,
    "series": _series,
    "table": _table,
}
