"""What a person is told of a table, line by line."""

from collections.abc import Sequence

import pandas as pd

from depthgauge.data.leakage import find_extreme_classes
from depthgauge.infer.columns import Column
from depthgauge.infer.target import Target
from depthgauge.tables.table import Table, quote


def left_out(columns: Sequence[Column]) -> list[str]:
    """Comments on the columns that are left out."""
    lines = [f"  {quote(c.name)} {c.why}" for c in columns]
    return ["Left out:", *lines] if lines else []


def target_line(name: str, target: Target) -> str:
    """What the target was taken for."""
    if target.task == "regression":
        low, high = float(target.values.min()), float(target.values.max())
        return f"target {quote(name)}: a number, {low:g} to {high:g}: regression"
    tally = pd.Series(target.labels).value_counts()
    parts = ", ".join(f"{quote(str(k))} {v:,}" for k, v in list(tally.items())[:6])
    more = f" and {len(tally) - 6} more" if len(tally) > 6 else ""
    note = f" ({target.note})" if target.note else ""
    return f"target {quote(name)}: {len(tally)} classes: {parts}{more}: classification{note}"


def missing(columns: Sequence[Column], n: int) -> list[str]:
    """The columns with missing cells, and how many these are."""
    some = [c for c in columns if c.missing and c.role != "left out"]
    parts = [f"{quote(c.name)} {c.missing:,} ({c.missing / n:.0%})" for c in some]
    told = "their mean is taken and a further input marks them"
    return [f"missing: {listed(parts)}; {told}"] if parts else []


def without_target(count: int, n: int) -> list[str]:
    """How many of n rows have no target."""
    if not count:
        return []
    have = "row has" if count == 1 else "rows have"
    return [f"{count:,} of {n:,} {have} no target and {'is' if count == 1 else 'are'} left out"]


def duplicates(table: Table, names: Sequence[str]) -> list[str]:
    """How many rows are equal to an earlier one in some columns."""
    frame = pd.DataFrame({place: table.cells[name] for place, name in enumerate(names)})
    count = int(frame.duplicated().sum())
    if not count:
        return []
    return [
        f"duplicates: {count:,} {'row is' if count == 1 else 'rows are'} equal to an earlier one "
        "in all these columns; copies in "
        "train and test make a network that memorises look good: take them out if they are copies"
    ]


def imbalanced(target: Target) -> list[str]:
    """Classes of very different sizes."""
    if target.task == "regression":
        return []
    most, many, least, few = find_extreme_classes(target.labels)
    if many < 10 * few:
        return []
    return [
        f"imbalance: class {quote(most)} has {many:,} rows, class {quote(least)} {few:,}; look at "
        "the loss, not at the error alone, and compare with the baselines on the page"
    ]


def counted(names: Sequence[str], one: str, more: str | None = None) -> str:
    """How many, and which: 2 numbers ('a', 'b')."""
    word = one if len(names) == 1 else more or f"{one}s"
    return f"{len(names)} {word}" + (f" ({listed([quote(n) for n in names])})" if names else "")


def listed(parts: Sequence[str]) -> str:
    """The first of many parts."""
    more = f" and {len(parts) - 10} more" if len(parts) > 10 else ""
    return ", ".join(parts[:10]) + more
