"""What each column of an unknown table is good for."""

import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.data.leakage import find_category_leak, find_number_leak
from depthgauge.data.scaling import is_too_fine
from depthgauge.tables.dates import is_time
from depthgauge.tables.table import (
    Table,
    has_sign,
    has_thousands,
    is_missing,
    parse_numbers,
    quote,
)

Role = Literal["number", "category", "left out"]

# A category with more values than this is more likely a name than a kind.
MOST_CATEGORIES = 30
_LARGEST = float(np.finfo(np.float32).max)
_IDENTIFIER = re.compile(
    r"(?i:(^|[ _.-])(id|identifier|uuid|guid|index|key|rowid|no|nr)$|^unnamed|^column 1$)"
    r"|[a-z](ID|Id)$"
)
# Names of something that rows may share, as the orders of a customer do.
_SHARED = re.compile(r"(?i:(^|[ _.-])(id|identifier|uuid|guid)$)|[a-z](ID|Id)$")
_CODE = re.compile(r"0[0-9]+")
_OTHER_DAY = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}([T ][0-9:.]*)?")


@dataclass(frozen=True)
class Column:
    """A column, what it is used as, and why not where it is left out.

    missing: empty cells. groups: whether it may name what several rows belong to.
    """

    name: str
    role: Role
    why: str = ""
    missing: int = 0
    is_date: bool = field(default=False)
    leaks: bool = field(default=False)
    groups: bool = field(default=False)


def judged(
    table: Table, name: str, target: npt.NDArray[np.generic], classes: int, wanted: str | None
) -> Column:
    """What a column can be an input as.

    target: (N,) numbers (classes = 0) or class numbers. wanted: a column the person has named as
    the date, which is no input.
    """
    cells = table.cells[name].str.strip()
    n = len(cells)
    without = is_missing(cells)
    filled = cells[~without]
    missing = int(without.sum())

    def left_out(why: str, **more: bool) -> Column:
        return Column(name, "left out", why, missing, **more)

    if filled.empty:
        return left_out("is empty")
    values = filled.nunique()
    if values == 1:
        where = "every row" if not missing else "every row that has one"
        return left_out(f"is constant: {quote(str(filled.iloc[0]))} in {where}")
    if _is_dates(filled):
        return left_out("holds dates", is_date=True)
    if name == wanted:
        return left_out("says when each row was")
    numbers = parse_numbers(cells, table.decimal)
    spelled = ~np.isnan(numbers)
    digits = filled.str.fullmatch(r"[0-9]+")
    if digits.all() and filled.str.fullmatch(_CODE).any():
        # 01067 and 10115 are names that look like numbers: post codes, say.
        return _text(name, cells, n, target, classes)
    if (spelled | without).all():
        return _number(name, numbers, missing, target, classes)
    share = spelled.sum() / len(filled)
    thousands = has_thousands(cells) & ~spelled
    if thousands.any() and (thousands | spelled).sum() > 0.8 * len(filled):
        row = int(np.flatnonzero(thousands)[0])
        return left_out(
            f"row {table.lines[row]}: {quote(cells[row])} has separators between its thousands, or "
            "another decimal mark; write it as 1234.5 to use the column"
        )
    signs = has_sign(cells) & ~spelled
    if signs.any() and (signs | spelled).sum() > 0.8 * len(filled):
        row = int(np.flatnonzero(signs)[0])
        return left_out(
            f"row {table.lines[row]}: {quote(cells[row])} has a sign beside its number; write the "
            "numbers alone to use the column"
        )
    if share > 0.8 and values > MOST_CATEGORIES:
        odd = np.flatnonzero(~spelled & ~without)
        row, many = int(odd[0]), f"{odd.size} cells such as" if odd.size > 1 else "the cell"
        return left_out(
            f"is numbers, but for {many} {quote(cells[row])} in row {table.lines[row]}; mend "
            f"{'them' if odd.size > 1 else 'it'} to use the column"
        )
    return _text(name, cells, n, target, classes)


def _number(
    name: str,
    numbers: npt.NDArray[np.float64],
    missing: int,
    target: npt.NDArray[np.generic],
    classes: int,
) -> Column:
    if np.nanmax(np.abs(numbers)) > _LARGEST:
        return Column(name, "left out", "has numbers beyond the range of float32", missing)
    whole = not missing and bool(np.all(numbers % 1 == 0))
    different = len(np.unique(numbers))
    counted = numbers.max() - numbers.min() + 1 == len(numbers) if whole else False
    if whole and different == len(numbers) and (counted or _IDENTIFIER.search(name)):
        return Column(name, "left out", "is an identifier: every row has its own number", missing)
    present = numbers[~np.isnan(numbers)]
    things = len(np.unique(present))
    if _SHARED.search(name) and bool(np.all(present % 1 == 0)) and 2 * things <= len(present):
        what = f"is an identifier by its name, of {things:,} things in {len(numbers):,} rows"
        return Column(name, "left out", what, missing, groups=things > 2 and not missing)
    if is_too_fine(np.abs(present).max(), present.std()):
        what = "varies less than float32 can tell at such a size; subtract a constant to use it"
        return Column(name, "left out", what, missing)
    leak = find_number_leak(numbers, target, classes)
    if leak is None and not missing:
        leak = find_category_leak(np.unique(numbers, return_inverse=True)[1], target, classes)
    if leak is None and missing:
        leak = _missing_leak(np.isnan(numbers), target, classes)
    if leak:
        return Column(name, "left out", leak, missing, leaks=True)
    return Column(name, "number", missing=missing)


def _text(
    name: str,
    cells: "pd.Series[str]",
    n: int,
    target: npt.NDArray[np.generic],
    classes: int,
) -> Column:
    # As a category, "NA" and "?" are values like others: they may well mean something.
    empty = (cells == "").to_numpy(np.bool_)
    filled = cells[~empty]
    missing, values = int(empty.sum()), filled.nunique()
    codes = np.unique(cells.to_numpy(dtype=object).astype(str), return_inverse=True)[1]
    leak = find_category_leak(codes, target, classes)
    if leak is None and missing:
        leak = _missing_leak(empty, target, classes)
    if leak:
        return Column(name, "left out", leak, missing, leaks=True)
    if values == len(filled) and values > MOST_CATEGORIES:
        spaces = filled.str.contains(r"\s").mean() > 0.5
        what = "is free text" if spaces else "is an identifier"
        return Column(name, "left out", f"{what}: every row has its own value", missing)
    if values > min(MOST_CATEGORIES, max(2, n // 10)):
        long = filled.str.len().mean() > 30
        what = "is free text: " if long else ""
        return Column(
            name,
            "left out",
            f"{what}has {values:,} different values, too many for inputs of their own in {n:,} "
            f"rows (at most {min(MOST_CATEGORIES, max(2, n // 10))})",
            missing,
            groups=not long and 3 * values <= 2 * len(filled),
        )
    return Column(name, "category", missing=missing)


def _missing_leak(
    absent: npt.NDArray[np.bool_], target: npt.NDArray[np.generic], classes: int
) -> str | None:
    if not classes or not find_category_leak(absent.astype(np.int64), target, classes):
        return None
    return "is missing exactly where the target has one of its values"


def _is_dates(filled: "pd.Series[str]") -> bool:
    # Where the day and the month cannot be told apart it is a day all the same.
    other = filled.str.fullmatch(_OTHER_DAY).mean() > 0.95
    return bool(other) or is_time(filled)
