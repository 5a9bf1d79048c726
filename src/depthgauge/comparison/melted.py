"""A row for each value: what was measured is named in one column, its value stands in another.

As a frame that was melted, or what neptune-exporter writes, whose settings are such rows too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from depthgauge.comparison.names import Role, role
from depthgauge.comparison.reduce import Reducer
from depthgauge.comparison.runs import Asked
from depthgauge.errors import InputError

_NAMES = ("metric", "metric_name", "attribute_path", "attribute", "variable")
# Of whatever such a column is called by, the first that are there; those of Neptune by their types.
_VALUES = (
    ("value",),
    ("metric_value",),
    ("float_value", "int_value", "string_value", "bool_value"),
)
_NO_COLUMNS = {"attribute_type", "datetime_value", "string_set_value", "histogram_value"}
# What Neptune watches by itself.
_WATCHED = ("monitoring/", "source_code/", "sys/", "artifacts/")
MOST_NAMES = 500


@dataclass(frozen=True)
class Melted:
    """name: the column that names what is measured; values: those that may hold its value.

    others: the columns that stay.
    """

    name: str
    values: tuple[str, ...]
    others: tuple[str, ...]

    def names_in(self, batch: pa.Table) -> list[str]:
        """What this batch has values of."""
        found = pc.unique(batch.column(self.name)).to_pylist()
        return [name for name in found if name and not name.startswith(_WATCHED)]

    def reducer(self, source: str, measured: Sequence[str], asked: Asked) -> Reducer:
        """Of the batches that `wide` makes. Raises InputError as others, and for too many names."""
        if len(measured) > MOST_NAMES:
            raise InputError(
                f"{source}: column {self.name} names {len(measured)} different things; "
                f"at most {MOST_NAMES} are read"
            )
        twice = sorted({*measured} & {*self.others})
        if twice:
            raise InputError(f"{source}: {twice[0][:60]!r} is a column, and named in {self.name}")
        runs = [name for name in self.others if role(name) is Role.RUN]
        parting = (Role.SETTING, Role.SEED, Role.FOLD)
        key = runs or [name for name in self.others if role(name) in parting]
        found = Reducer(source, [*self.others, *measured], asked, key=key)
        if "metric" in self.name.lower():
            named = {name: Role.METRIC for name in measured if role(name) is Role.SETTING}
            found.roles.update(named)
        return found

    def wide(self, batch: pa.Table, measured: Sequence[str]) -> pa.Table:
        """A column for each name, with nothing in the rows of the others."""
        columns = [batch.column(name) for name in self.others]
        value = pc.coalesce(*(batch.column(name) for name in self.values))
        named = batch.column(self.name)
        nothing = pa.scalar(None, pa.string())
        columns += [pc.if_else(pc.equal(named, name), value, nothing) for name in measured]
        return pa.table(columns, names=[*self.others, *measured])


def melted(names: Sequence[str], asked: Asked) -> Melted | None:
    """How a table of these columns is melted; None where it is none."""
    if {asked.metric, *asked.by} & {*names}:
        return None
    name = next((name for known in _NAMES for name in names if name.lower() == known), None)
    found = ([name for name in names if name.lower() in group] for group in _VALUES)
    values = next((group for group in found if group), None)
    if name is None or values is None:
        return None
    taken = {name, *values}
    others = [each for each in names if each not in taken and each.lower() not in _NO_COLUMNS]
    return Melted(name, tuple(values), tuple(others))
