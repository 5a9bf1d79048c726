"""What each column of an unknown table is good for."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.data.leakage import find_category_leak, find_number_leak
from depthgauge.data.scaling import is_too_fine
from depthgauge.infer.target import Target, are_numbers_beside
from depthgauge.tables.cells import has_sign, has_thousands, in_brackets, is_missing, parse_numbers
from depthgauge.tables.table import Table, quote
from depthgauge.tables.times import ambiguous_days, read_cells

Role = Literal["number", "category", "left out"]

# A category with more values than this is more likely a name than a kind.
MOST_CATEGORIES = 30
_LARGEST = float(np.finfo(np.float32).max)
_IDENTIFIER = re.compile(
    r"(?i:(^|[ _.-])(id|identifier|uuid|guid|index|key|rowid|no|nr)$|^unnamed|^column 1$)"
    r"|[a-z](ID|Id)$"
)
# Of whole numbers of which most are different, these say as much; a price index is none.
_NEAR = re.compile(
    r"(?i:(^|[ _.-])(id|identifier|uuid|guid|key|rowid|no|nr)$|^(index|unnamed|column 1$))"
    r"|[a-z](ID|Id)$"
)
# Names of something that rows may share, as the orders of a customer do.
_SHARED = re.compile(
    r"(?i:(^|[ _.-])(id|identifier|uuid|guid)([ _.-]|$)"
    r"|(^|[^a-z])(account|case|client|customer|employee|house|invoice|item|member|object|order|parcel"
    r"|passenger|patient|person|product|record|sample|serial|student|subject|ticket|transaction|user)"
    r"[ _.-]*(id|no|nr|num|number|key|code)$)|[a-z](ID|Id)$"
)
_CODE = re.compile(r"0[0-9]+")
# Of the cells of a column of days.
_DATES = 0.95

# Ways to write a number that are not read as one; {} is the decimal mark.
_ODD = (
    (
        has_thousands,
        "has separators between its thousands, or another decimal mark; write it as 1234{}5 to use "
        "the column",
    ),
    (in_brackets, "stands in brackets; write what is below 0 as -1{}2 to use the column"),
    (has_sign, "has a sign beside its number; write the numbers alone to use the column"),
)


@dataclass(frozen=True)
class Column:
    """A column, what it is used as, and why not where it is left out.

    missing: empty cells. groups: whether it may name what several rows belong to.
    """

    name: str
    role: Role
    missing: int = 0
    why: str = ""
    is_date: bool = False
    groups: bool = False


def infer_column(table: Table, name: str, target: Target, date: str | None) -> Column:
    """What a column can be an input as.

    date: a column the person has named as the date, which is no input.
    """
    cells = table.cells[name].str.strip()
    without = is_missing(cells)
    filled = cells[~without]
    missing = int(without.sum())
    leave_out = partial(Column, name, "left out", missing)
    if filled.empty:
        return leave_out("is empty")
    values = filled.nunique()
    if values == 1:
        where = "every row" if not missing else "every row that has one"
        return leave_out(f"is constant: {quote(str(filled.iloc[0]))} in {where}")
    reading = read_cells(filled)
    if reading.is_ambiguous and reading.likely.mean() > _DATES:
        return leave_out(ambiguous_days(reading))
    if reading.likely.mean() > _DATES:
        one_way = (~np.isnat(reading.local)).mean() > _DATES
        return leave_out(
            "holds dates" + ", written in several ways" * (not one_way), is_date=one_way
        )
    if name == date:
        return leave_out("says when each row was")
    # One cell alone spares most columns the look at all.
    digits = str(filled.iloc[0]).isdigit() and filled.str.fullmatch(r"[0-9]+").all()
    if digits and filled.str.fullmatch(_CODE).any():
        # 01067 and 10115 are names that look like numbers: post codes, say.
        return _infer_category(name, cells, target)
    numbers = parse_numbers(cells, table.decimal)
    spelled = ~np.isnan(numbers)
    if (spelled | without).all():
        return _infer_number(name, numbers, missing, target)
    for is_odd, what in _ODD:
        odd = is_odd(cells)
        if (odd & ~spelled).any() and (odd | spelled).sum() > 0.8 * len(filled):
            row = int(np.flatnonzero(odd & ~spelled)[0])
            return leave_out(
                f"row {table.lines[row]}: {quote(cells[row])} {what.format(table.decimal)}"
            )
    among = ~without
    beside = are_numbers_beside(cells[among], numbers[among])
    if (spelled.sum() > 0.8 * len(filled) and values > MOST_CATEGORIES) or beside:
        rows = np.flatnonzero(~spelled & ~without)
        row = int(rows[0])
        many, them = (f"{rows.size} cells such as", "them") if rows.size > 1 else ("the cell", "it")
        return leave_out(
            f"is numbers, but for {many} {quote(cells[row])} in row {table.lines[row]}; mend {them}"
            " to use the column"
        )
    return _infer_category(name, cells, target)


def _infer_number(
    name: str, numbers: npt.NDArray[np.float64], missing: int, target: Target
) -> Column:
    leave_out = partial(Column, name, "left out", missing)
    n, absent = len(numbers), np.isnan(numbers)
    present = numbers[~absent]
    if np.abs(present).max() > _LARGEST:
        return leave_out("has numbers beyond the range of float32")
    things, whole = len(np.unique(present)), bool(np.all(present % 1 == 0))
    counted = present.max() - present.min() + 1 == n
    if whole and things == n and (counted or _IDENTIFIER.search(name)):
        return leave_out("is an identifier: every row has its own number")
    if (_SHARED.search(name) and whole and things > 2) or (
        _NEAR.search(name) and whole and 2 * things >= len(present)
    ):
        what = f"is an identifier by its name, of {things:,} things in {n:,} rows"
        return leave_out(what, groups=2 < things < n and not missing)
    if is_too_fine(np.abs(present).max(), present.std()):
        return leave_out(
            "varies less than float32 can tell at such a size; subtract a constant to use it"
        )
    leak = find_number_leak(numbers, target.values, len(target.classes))
    if leak := leak or (None if missing else _leak(numbers, target)):
        return leave_out(leak)
    return Column(name, "number", missing)


def _infer_category(name: str, cells: "pd.Series[str]", target: Target) -> Column:
    # As a category, "NA" and "?" are values like others: they may well mean something.
    empty = (cells == "").to_numpy(np.bool_)
    filled = cells[~empty]
    n, missing, values = len(cells), int(empty.sum()), filled.nunique()
    leave_out = partial(Column, name, "left out", missing)
    if leak := _leak(cells.to_numpy(dtype=object).astype(str), target):
        return leave_out(leak)
    if values == len(filled) and values > MOST_CATEGORIES:
        spaces = filled.str.contains(r"\s").mean() > 0.5
        what = "is free text" if spaces else "is an identifier"
        return leave_out(f"{what}: every row has its own value")
    most = min(MOST_CATEGORIES, max(2, n // 10))
    if values > most:
        long = filled.str.len().mean() > 30
        return leave_out(
            f"{'is free text: ' if long else ''}has {values:,} different values, too many for "
            f"inputs of their own in {n:,} rows (at most {most})",
            groups=not long and 3 * values <= 2 * len(filled),
        )
    return Column(name, "category", missing)


def _leak(values: npt.NDArray[np.generic], target: Target) -> str | None:
    codes = np.unique(values, return_inverse=True)[1]
    return find_category_leak(codes, target.values, len(target.classes))
