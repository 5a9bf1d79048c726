"""Whether several rows of an unknown table are an example, and by which columns."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from depthgauge.data.sequences import Members, find_members, find_values, sort_steps
from depthgauge.errors import InputError
from depthgauge.progress import watched
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.dates import parse_times
from depthgauge.tables.table import Table, lacks_value, quote

# Steps as programs count or sample them are even, but for what rounding does to them.
_EVEN = 1.2
_STEP = re.compile(
    r"(?i)(^|[ _.-])"
    r"(step|time|timestamp|t|frame|index|idx|seq|order|pos|position|place|tick|no|nr)"
    r"([ _.-]|$)"
)


@dataclass(frozen=True)
class Sequences:
    """The columns that make a table one of sequences. rows: (n,) where each one's target is."""

    members: Members
    step: str
    rows: npt.NDArray[np.int64]


def find_sequences(
    table: Table, target: str, id_: str | None, step: str | None, least: int
) -> Sequences | None:
    """What makes a table one of `least` sequences or more; None where nothing does.

    An id is a column whose values come again, each with one value of the target alone. A step is
    one of times or of numbers in even steps, each once within an id. Of several ids the one with
    the most values is taken. id_, step: as a person has named them.
    """
    others = [name for name in table.columns if name not in (target, step)]
    ids = [id_] if id_ else _possible_ids(table, target, others, least)
    for name in ids:
        members = find_members(table, name)
        rest = [other for other in others if other != name]
        # A column may count the rows of the whole file: the one that is called so goes first.
        rest.sort(key=lambda other: _STEP.search(other) is None)
        found = next((other for other in rest if _is_step(members, other)), None)
        if step is not None:
            found = step if id_ or _is_sortable(members, step) else None
        if found is not None:
            rows = find_values(members, target, lacks_value(table, target))
            return Sequences(members, found, rows)
    return None


def explain_none(table: Table, target: str, id_: str | None) -> InputError:
    """Why there are none, and what to do."""
    if id_ is not None:
        # Says in which rows the target is not the same.
        find_values(find_members(table, id_), target, lacks_value(table, target))
        return InputError(
            f"{table.path}: no column has a number in even steps or a time in each row, once for "
            f"each {quote(id_)}; name the column of the steps with --date"
        )
    return InputError(
        f"{table.path}: no column is an id, whose values come again with one {quote(target)} each, "
        "beside a column of steps; name them with --id and --date, or use --kind table"
    )


def _possible_ids(table: Table, target: str, names: list[str], least: int) -> list[str]:
    """Columns without an empty cell, by falling numbers of values."""
    if 2 * least > len(table.lines):
        return []
    absent = lacks_value(table, target)
    wanted = pd.factorize(table.cells[target].str.strip())[0]
    filled = np.flatnonzero(~absent)
    found: dict[str, int] = {}
    for name in watched(names, "new: looks for sequences", "columns"):
        cells = table.cells[name].str.strip()
        codes, values = pd.factorize(cells)
        if not least <= len(values) <= len(cells) / 2 or (cells == "").any():
            continue
        first = np.zeros(len(values), dtype=np.int64)
        first[codes[filled[::-1]]] = wanted[filled[::-1]]
        if (wanted[filled] == first[codes[filled]]).all():
            found[name] = len(values)
    return sorted(found, key=lambda name: -found[name])


def _is_sortable(members: Members, column: str) -> bool:
    try:
        sort_steps(members, column)
    except InputError:
        return False
    return True


def _is_step(members: Members, column: str) -> bool:
    cells = members.table.cells[column].str.strip()
    numbers = parse_numbers(cells, members.table.decimal)
    is_number = not np.isnan(numbers).any()
    if not is_number and parse_times(cells).isna().any():
        return False
    if not _is_sortable(members, column):
        return False
    if not is_number:
        return True
    order = sort_steps(members, column)
    within = np.diff(members.numbers[order]) == 0
    between = np.diff(numbers[order])[within]
    if bool(between.size) and between.max() <= _EVEN * between.min():
        return True
    # A frame may be lost.
    return bool(_STEP.search(column)) and bool(np.all(numbers % 1 == 0))
