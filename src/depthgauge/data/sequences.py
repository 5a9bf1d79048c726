"""Rows that belong to sequences: which to which, in what order, and what holds for a whole one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from depthgauge.data.classes import natural_key
from depthgauge.data.dataset import Float32Array, IntArray
from depthgauge.errors import InputError
from depthgauge.tables.dates import read_times
from depthgauge.tables.table import Table, quote, read_labels, require_columns, take_rows

Cells = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Members:
    """Which sequence each row of a table belongs to.

    table: as it was read. id: the column that says so. names: of the n sequences, in the order a
    person expects, whatever the order of the rows. numbers: (N,) the place of each row's in names.
    """

    table: Table
    id: str
    names: tuple[str, ...]
    numbers: IntArray

    @property
    def lengths(self) -> IntArray:
        """(n,) rows of each sequence."""
        return np.bincount(self.numbers, minlength=len(self.names)).astype(np.int64)

    def error(self, row: int, column: str, what: str) -> InputError:
        """An error at a cell, which names the sequence too."""
        of = f"{self.id} {quote(self.names[self.numbers[row]])}"
        return self.table.error(row, column, f"{what} ({of})")


def find_members(table: Table, id_: str) -> Members:
    """The sequences of a table. Raises InputError naming row and column where an id is empty."""
    # Imported here: settings, which know the kinds of data, are read without the second it takes.
    import pandas as pd

    require_columns(table, [id_])
    codes, uniques = pd.factorize(np.array(read_labels(table, id_), dtype=object))
    found = [str(name) for name in uniques]
    order = sorted(range(len(found)), key=lambda place: natural_key(found[place]))
    numbers = np.argsort(order)[codes].astype(np.int64)
    return Members(table, id_, tuple(found[place] for place in order), numbers)


def sort_steps(members: Members, step: str) -> IntArray:
    """(N,) rows by sequence, then by step.

    Raises InputError with row and column where a step is neither a number nor a time as the others
    are, or is there twice in a sequence.
    """
    steps: npt.NDArray[Any] = read_times(members.table, step)
    order = np.lexsort((steps, members.numbers))
    of, at = members.numbers[order], steps[order]
    twice = np.flatnonzero((of[1:] == of[:-1]) & (at[1:] == at[:-1]))
    if twice.size:
        first, second = sorted((int(order[twice[0]]), int(order[twice[0] + 1])))
        cell = quote(str(members.table.cells[step][second]).strip())
        before = members.table.lines[first]
        what = f"{cell} is already in row {before}; a sequence may have each step once"
        raise members.error(second, step, what)
    return order.astype(np.int64)


def lay_out(inputs: Float32Array, members: Members, order: IntArray, length: int) -> Float32Array:
    """(n, C, length) inputs (N, C) of rows, each sequence from its first step on, then NaN.

    order: of the rows, by sequence and step. Of a longer sequence the last steps are kept.
    """
    lengths = members.lengths
    of = members.numbers[order]
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(order)) - starts[of] - np.maximum(lengths - length, 0)[of]
    kept = place >= 0
    laid = np.full((len(lengths), length, inputs.shape[1]), np.nan, dtype=np.float32)
    laid[of[kept], place[kept]] = inputs[order[kept]]
    return np.ascontiguousarray(laid.transpose(0, 2, 1))


def find_values(members: Members, column: str, empty: npt.NDArray[np.bool_]) -> IntArray:
    """(n,) a row of each sequence in which a column has its value, -1 where none has.

    A value holds for the whole sequence: it stands in each of its rows or in some, and the others
    are empty ((N,) bool). Raises InputError with both rows where two rows say different things.
    """
    cells: Cells = members.table.cells[column].str.strip().to_numpy(dtype=object)
    filled = np.flatnonzero(~empty)
    rows = np.full(len(members.names), -1, dtype=np.int64)
    # From the last to the first: the first one stays.
    rows[members.numbers[filled[::-1]]] = filled[::-1]
    unlike = filled[cells[filled] != cells[rows[members.numbers[filled]]]]
    if unlike.size:
        row = int(unlike[0])
        first = int(rows[members.numbers[row]])
        before = f"{quote(str(cells[first]))} in row {members.table.lines[first]}"
        what = f"is {quote(str(cells[row]))}, and {before}; a sequence has one value there"
        raise members.error(row, column, what)
    return rows


def take_values(members: Members, column: str, empty: npt.NDArray[np.bool_]) -> Table:
    """A table of one column with a row for each sequence: that in which its value stands.

    Raises InputError as `find_values` does, and where a sequence has no value.
    """
    table = members.table
    rows = find_values(members, column, empty)
    if (rows < 0).any():
        first = int(np.flatnonzero(rows[members.numbers] < 0)[0])
        raise members.error(first, column, "is empty in every row of its sequence")
    return take_rows(replace(table, columns=(column,), cells={column: table.cells[column]}), rows)


def take_sequences(members: Members, kept: npt.NDArray[np.bool_]) -> Table:
    """The rows of some sequences, (n,) bool, in the order in which they stand."""
    if kept.all():
        return members.table
    return take_rows(members.table, np.flatnonzero(kept[members.numbers]))


def is_blank(table: Table, column: str) -> npt.NDArray[np.bool_]:
    """(N,) whether a cell holds nothing at all: NA is a name here."""
    return (table.cells[column].str.strip() == "").to_numpy(np.bool_)


def require_length(members: Members, length: int) -> None:
    """Where all were equally long and nothing may be missing, no sequence may be shorter."""
    short = np.flatnonzero(members.lengths < length)
    if short.size:
        row = int(np.flatnonzero(members.numbers == short[0])[0])
        have, are = members.lengths[short[0]], f"{length} steps"
        what = f"has {have} steps in all; the sequences of the raw table have {are} each"
        raise members.error(row, members.id, what)
