"""What a person is told of a table: a line each, or none."""

import json
from collections.abc import Sequence

import pandas as pd

from depthgauge.data.leakage import find_extreme_classes
from depthgauge.infer.columns import Column
from depthgauge.infer.sizes import Sizes
from depthgauge.infer.target import Target
from depthgauge.tables.table import Table, quote


def target_line(name: str, target: Target) -> str:
    """What the target was taken for."""
    if target.task == "regression":
        low, high = float(target.values.min()), float(target.values.max())
        return f"target {quote(name)}: a number, {low:g} to {high:g}: regression"
    tally = pd.Series(target.labels).value_counts()
    parts = [f"{quote(str(label))} {count:,}" for label, count in tally.items()]
    note = f" ({target.note})" if target.note else ""
    said = f"{len(tally)} classes: {join_first(parts, 6)}"
    return f"target {quote(name)}: {said}: classification{note}"


def missing_line(columns: Sequence[Column], n: int) -> str:
    """The inputs with missing cells, and how many of n these are."""
    parts = [f"{quote(c.name)} {c.missing:,} ({c.missing / n:.0%})" for c in columns if c.missing]
    what = "their mean is taken and a further input marks them"
    return f"missing: {join_first(parts)}; {what}" if parts else ""


def without_target_line(count: int, n: int) -> str:
    """How many of n rows have no target."""
    have, are = ("row has", "is") if count == 1 else ("rows have", "are")
    return f"{count:,} of {n:,} {have} no target and {are} left out" if count else ""


def duplicates_line(table: Table, names: Sequence[str]) -> str:
    """How many rows are equal to an earlier one in some columns."""
    frame = pd.DataFrame({place: table.cells[name] for place, name in enumerate(names)})
    count = int(frame.duplicated().sum())
    if not count:
        return ""
    return (
        f"duplicates: {count:,} {'row is' if count == 1 else 'rows are'} equal to an earlier one "
        "in all these columns; copies in train and test make a network that memorises look good: "
        "take them out if they are copies"
    )


def imbalance_line(target: Target, examples: str = "rows") -> str:
    """Classes of very different sizes."""
    if target.task == "regression":
        return ""
    most, many, least, few = find_extreme_classes(target.labels)
    if many < 10 * few:
        return ""
    return (
        f"imbalance: class {quote(most)} has {many:,} {examples}, class {quote(least)} {few:,}; "
        "look at the loss, not at the error alone, and compare with the baselines on the page"
    )


def sample_line(sizes: Sizes, there: int, examples: str = "rows") -> str:
    """That not all examples are used, and what that means for the answer."""
    used = sum(sizes.split.values())
    if used >= there:
        return ""
    return (
        f"a sample: each replicate uses {used:,} of {there:,} {examples}, {sizes.train:,} of them "
        "to train, so that it takes minutes; the answer is one for so many, and with more a deeper "
        "network may pay: data.split says how many"
    )


def count_names(names: Sequence[str], one: str, more: str) -> str:
    """How many, and which: 2 numbers ('a', 'b')."""
    which = f" ({join_first([quote(name) for name in names])})" if names else ""
    return f"{len(names)} {one if len(names) == 1 else more}{which}"


def join_first(parts: Sequence[str], most: int = 10) -> str:
    """The first of many parts, and how many more there are."""
    more = f" and {len(parts) - most} more" if len(parts) > most else ""
    return ", ".join(parts[:most]) + more


def shown_value(name: str) -> str:
    """A name as the value of a setting; what a terminal would obey, as JSON and YAML escape it."""
    return name if name.isprintable() else json.dumps(name)
