"""What looks odd in a table and is taken as it is: a line that asks, each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.infer.messages import join_first
from depthgauge.progress import watched
from depthgauge.tables.cells import is_missing, parse_numbers
from depthgauge.tables.table import Table, quote
from depthgauge.tables.times import read_cells

# Fewer training rows than this say little of any depth.
FEW_ROWS = 100
# A column of fewer values holds classes, of which -1 may well be one.
_LEAST_VALUES = 10
_LEAST_ROWS = 3
# Row 1 is compared with so many columns.
_MOST_COLUMNS = 50
# Of the columns of numbers: those in whose range the cell of row 1 lies.
_INSIDE = 0.75


def few_line(count: int, training: int, examples: str = "rows") -> str:
    """That little can be told from so few examples."""
    if training >= FEW_ROWS:
        return ""
    return (
        f"few: {count:,} {examples}, of which {training:,} train: little can be told from so few; "
        "expect wide intervals and a `cannot tell`"
    )


def code_lines(table: Table, names: Iterable[str]) -> Iterator[str]:
    """Numbers far from all others that come again and again, as -200 for what was not measured."""
    for name in watched(list(names), "new: looks for codes", "columns"):
        values = parse_numbers(table.cells[name].str.strip(), table.decimal)
        values = values[np.isfinite(values)]
        for code, count, low, high in _find_codes(values):
            yield (
                f"a code? {quote(name)} is {code:g} in {count:,} of {len(table.lines):,} rows, "
                f"apart from its other values ({low:g} to {high:g}); it is taken as that number: "
                "where it stands for a missing value, empty these cells"
            )


def _find_codes(values: npt.NDArray[np.float64]) -> list[tuple[float, int, float, float]]:
    """Codes, the rows that have each, and the range of what is none."""
    different, counts = np.unique(values, return_counts=True)
    codes = list[tuple[float, int]]()
    # At both ends there may be several, as -8 and -9 are.
    while different.size > _LEAST_VALUES and len(codes) < 4:
        if _is_code(different, int(counts[0]), float(np.median(counts))):
            codes.append((float(different[0]), int(counts[0])))
            different, counts = different[1:], counts[1:]
        elif _is_code(-different[::-1], int(counts[-1]), float(np.median(counts))):
            codes.append((float(different[-1]), int(counts[-1])))
            different, counts = different[:-1], counts[:-1]
        else:
            break
    return [(*code, float(different[0]), float(different[-1])) for code in codes]


def _is_code(different: npt.NDArray[np.float64], count: int, usual: float) -> bool:
    """Whether the least of some values, each once, is one.

    count: the rows that have it. usual: those that have another value.
    """
    code, rest = float(different[0]), different[1:]
    if count < _LEAST_ROWS:
        return False
    # Without the others' own outliers.
    low, high = np.quantile(rest, (0.01, 0.99))
    apart, width = float(rest[0]) - code, max(float(high - low), 1e-300)
    nines = set(f"{abs(code):g}".replace(".", "")) == {"9"}
    # Of numbers that else are never below 0, what is: -1, -200.
    sign = code < 0 <= float(rest[0]) and (code.is_integer() or nines)
    step = float(np.median(np.diff(rest)))
    return (
        apart > width
        or (nines and apart > max(0.2 * width, 5 * step))
        or (sign and (apart > 2 * step or count > 3 * usual))
    )


def case_line(name: str, labels: Sequence[str], what: str = "classes") -> str:
    """Values that differ in capitals and spaces alone."""
    alike = defaultdict[str, list[str]](list)
    for label in dict.fromkeys(labels):
        alike["".join(label.casefold().split())].append(label)
    groups = [same for same in alike.values() if len(same) > 1]
    if not groups:
        return ""
    said = "; ".join(", ".join(map(quote, same)) for same in groups[:3])
    more = f" and {len(groups) - 3} more" if len(groups) > 3 else ""
    return (
        f"one or several? {what} of {quote(name)} differ in capitals or spaces alone "
        f"({said}{more}); they are taken as different: where they are the same, write them in one "
        "way"
    )


def header_line(table: Table) -> str:
    """That row 1 looks like data, where it does: a number above each column of numbers."""
    names = [name for name in table.columns[:_MOST_COLUMNS] if not is_missing_name(name)]
    inside, outside, heads = 0, 0, list[float]()
    for name in names:
        cells = table.cells[name].str.strip()
        filled = cells[~is_missing(cells)]
        numbers = parse_numbers(filled, table.decimal)
        head = float(parse_numbers(_column(name), table.decimal)[0])
        numeric = len(filled) > 0 and float(np.isfinite(numbers).mean()) > 0.9
        if numeric and np.isnan(head):
            return ""
        if numeric:
            heads.append(head)
            known = numbers[np.isfinite(numbers)]
            within = known.min() <= head <= known.max()
            inside, outside = inside + within, outside + (not within)
        elif (filled == name).any() or _are_times(filled, name):
            inside += 1
        elif filled.nunique() <= len(filled) / 2:
            # A name, as it stands above values that come again.
            return ""
    steps = np.diff(heads)
    counted = steps.size > 1 and steps[0] > 0 and np.allclose(steps, steps[0])
    if counted or inside == 0 or inside < _INSIDE * (inside + outside):
        return ""
    shown = join_first([quote(name) for name in table.columns], 4)
    return (
        f"no header? row 1 ({shown}) looks like data, and is taken for the names of the columns: "
        "if it is data, put a line of names above it"
    )


def is_missing_name(name: str) -> bool:
    """Whether a name says nothing of what row 1 holds: that of a column without one, a mark."""
    return name.startswith("column ") or bool(is_missing(_column(name))[0])


def _column(cell: str) -> "pd.Series[str]":
    return pd.Series([cell], dtype=str)


def _are_times(cells: "pd.Series[str]", name: str) -> bool:
    return bool(read_cells(_column(name)).likely[0]) and bool(read_cells(cells).likely.mean() > 0.9)
