"""A long table: several rows are an example, and its steps predict the target."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from depthgauge.data.sequences import find_members, sort_steps
from depthgauge.errors import InputError
from depthgauge.infer.columns import Column, infer_column
from depthgauge.infer.doubts import case_line, code_lines, few_line
from depthgauge.infer.find_sequences import Sequences, explain_none, find_sequences
from depthgauge.infer.inferred import Inferred, Overrides
from depthgauge.infer.messages import (
    count_names,
    imbalance_line,
    missing_line,
    sample_line,
    shown_value,
    target_line,
)
from depthgauge.infer.sizes import choose_sizes
from depthgauge.infer.target import LEAST_ROWS, Target, choose_metrics, infer_target
from depthgauge.tables.table import Table, quote, take_rows


def infer_sequences(table: Table, overrides: Overrides, found: Sequences | None) -> Inferred:
    """Channels, splits and sizes. found: what makes the table one of sequences, if anything does.

    Raises InputError for a table that has none, or too few, and as `infer_target` does.
    """
    named = overrides.target
    found = found or find_sequences(table, named, overrides.id, overrides.date, 2)
    if found is None:
        raise explain_none(table, named, overrides.id)
    members, rows = found.members, found.rows
    sort_steps(members, found.step)
    have, n = rows >= 0, len(rows)
    count = int(have.sum())
    if count < LEAST_ROWS:
        what = f"has {count} sequences with a target, by column {quote(members.id)}"
        raise InputError(
            f"{table.path}: {what}; {LEAST_ROWS} are needed to train, to validate and to test"
        )
    of_each, whole = (
        take_rows(table, rows[have]),
        take_rows(table, np.flatnonzero(have[members.numbers])),
    )
    target = infer_target(of_each, named, overrides.task, "sequence")
    inputs = overrides.choose(
        [name for name in table.columns if name not in (named, members.id, found.step)]
    )
    columns = _infer_channels(whole, of_each, members.id, inputs, target)
    used = [column for column in columns if column.role != "left out"]
    reasons = [f"{quote(c.name)} {c.why}" for c in columns if c.role == "left out"]
    if not used:
        why = "; ".join(reasons[:4]) or "there is none beside the id, the step and the target"
        raise InputError(f"{table.path}: no column is left as a channel: {why}")
    channels = [column.name for column in used if column.role == "number"]
    categories = [column.name for column in used if column.role == "category"]
    sizes = choose_sizes(count)
    data = {
        "kind": "sequences",
        "target": named,
        "group": None,
        "task": target.task,
        "targets": [],
        "id": members.id,
        "step": found.step,
        "channels": channels,
        "categories": categories,
        "length": None,
        "missing": "mean" if count < n or any(c.missing for c in used) else "refuse",
        "split": {"by": "stratified" if target.classes else "rows", **sizes.split},
    }
    messages = [
        _sequences_line(found, len(channels)),
        target_line(named, target),
        f"inputs: {count_names(channels, 'channel', 'channels')}; "
        f"{count_names(categories, 'category', 'categories')}",
        *(f"left out: {reason}" for reason in reasons),
        f"{n - count:,} of {n:,} sequences have no target and are left out" * (count < n),
        missing_line(used, len(whole.lines)),
        imbalance_line(target, "sequences"),
        _groups_line(columns),
        case_line(named, target.labels),
        *code_lines(whole, channels),
        few_line(count, sizes.train, "sequences"),
        sample_line(sizes, count, "sequences"),
    ]
    left_out = ["Left out:", *(f"  {reason}" for reason in reasons)] if reasons else []
    return Inferred(data, sizes, choose_metrics(target), messages, {"data.channels": left_out})


def _infer_channels(
    whole: Table, of_each: Table, id_: str, names: Sequence[str], target: Target
) -> list[Column]:
    """What each column can be; whole, of_each: all rows, and one of each sequence."""
    numbers = find_members(whole, id_).numbers
    # A row of each sequence, in the order of the ids.
    first = np.unique(numbers, return_index=True)[1]
    # Of what changes along a sequence, no single row gives the target away.
    nothing = Target("regression", np.zeros(len(numbers)), (), (), "")
    columns = []
    for name in names:
        cells = whole.cells[name].str.strip().to_numpy(dtype=object)
        if (cells != cells[first][numbers]).any():
            columns.append(infer_column(whole, name, nothing, None))
            continue
        # What holds for whole sequences is judged by them.
        column = infer_column(of_each, name, target, None)
        if column.role == "category" or column.groups:
            why = "is the same in all rows of each sequence; put it into data.categories to use it"
            shared = 2 < len(set(cells)) <= 2 * len(first) / 3
            column = replace(column, role="left out", why=why, groups=shared)
        columns.append(column)
    return columns


def _sequences_line(found: Sequences, channels: int) -> str:
    lengths = found.members.lengths
    low, high = int(lengths.min()), int(lengths.max())
    steps = f"{low} to {high}" if low < high else str(high)
    return (
        f"sequences: column {quote(found.members.id)} names {len(lengths):,} sequences of {steps} "
        f"steps, ordered by {quote(found.step)}, of {channels} channel{'s' * (channels != 1)} "
        "(--kind table takes each row by itself)"
    )


def _groups_line(columns: Sequence[Column]) -> str:
    """A column that may say which sequences belong together."""
    group = next((c.name for c in columns if c.groups), None)
    if group is None:
        return ""
    return (
        f"groups: do sequences with the same {quote(group)} belong together, as those of one "
        f"person do? Then put data.group: {shown_value(group)}, the unit of what is said of new "
        "groups, and `grouped` into recipes, which tests on groups that it never saw"
    )
