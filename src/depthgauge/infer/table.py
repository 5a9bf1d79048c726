"""A table with a row for each example."""

from collections.abc import Iterator, Sequence

import numpy as np

from depthgauge.errors import InputError
from depthgauge.infer.columns import Column, infer_column
from depthgauge.infer.doubts import case_line, code_lines, few_line
from depthgauge.infer.inferred import Inferred, Overrides
from depthgauge.infer.messages import (
    count_names,
    duplicates_line,
    imbalance_line,
    missing_line,
    sample_line,
    shown_value,
    target_line,
    without_target_line,
)
from depthgauge.infer.series import could_step
from depthgauge.infer.sizes import choose_sizes, split_between_times
from depthgauge.infer.target import Target, choose_metrics, infer_target
from depthgauge.progress import Progress
from depthgauge.tables.cells import is_missing, parse_numbers
from depthgauge.tables.dates import read_times
from depthgauge.tables.table import Table, drop_absent, quote


def infer_table(table: Table, overrides: Overrides) -> Inferred:
    """Inputs, task and split. Raises InputError for a table that no network can learn from."""
    rows = len(table.lines)
    table, without = drop_absent(table, [overrides.target])
    target = infer_target(table, overrides.target, overrides.task)
    names = overrides.choose([name for name in table.columns if name != overrides.target])
    # The first brings the imports, which say nothing of the others' pace.
    columns = [infer_column(table, name, target, overrides.date) for name in names[:1]]
    with Progress("new: looks at the columns", len(names), "columns") as progress:
        progress.skip(len(columns))
        for name in names[1:]:
            columns.append(infer_column(table, name, target, overrides.date))
            progress.advance(1)
    columns, forced = _as_named(table, columns) if overrides.inputs else (columns, [])
    used = [column for column in columns if column.role != "left out"]
    if not used:
        raise _no_input(table, target, columns)
    numbers = [column.name for column in used if column.role == "number"]
    categories = [column.name for column in used if column.role == "category"]
    reasons = [f"{quote(c.name)} {c.why}" for c in columns if c.role == "left out"]
    sizes, by = choose_sizes(len(table.lines)), "stratified" if target.classes else "rows"
    if overrides.date is not None:
        by, sizes = "time", split_between_times(read_times(table, overrides.date), sizes)
    data = {
        "kind": "table",
        "target": overrides.target,
        "group": None,
        "task": target.task,
        "numbers": numbers,
        "categories": categories,
        "missing": "mean" if without or any(c.missing for c in used) else "refuse",
        "reference": None,
        "split": {"by": by, "column": overrides.date, **sizes.split},
    }
    messages = [
        target_line(overrides.target, target),
        f"inputs: {count_names(numbers, 'number', 'numbers')}; "
        f"{count_names(categories, 'category', 'categories')}",
        *forced,
        *(f"left out: {reason}" for reason in reasons),
        without_target_line(without, rows),
        missing_line(used, len(table.lines)),
        duplicates_line(table, [*numbers, *categories, overrides.target]),
        imbalance_line(target),
        case_line(overrides.target, target.labels),
        *(case_line(name, _labels(table, name), "values") for name in categories),
        *code_lines(table, [*numbers, *([] if target.classes else [overrides.target])]),
        *([] if overrides.date is not None else _split_lines(table, target, columns)),
    ]
    messages += [few_line(len(table.lines), sizes.train), sample_line(sizes, len(table.lines))]
    left_out = ["Left out:", *(f"  {reason}" for reason in reasons)] if reasons else []
    return Inferred(data, sizes, choose_metrics(target), messages, {"data.numbers": left_out})


def _as_named(table: Table, columns: Sequence[Column]) -> tuple[list[Column], list[str]]:
    """The columns, with those of numbers among the inputs that a person has named, and why not."""
    kept, lines = [], []
    for column in columns:
        cells = table.cells[column.name].str.strip()
        numbers = parse_numbers(cells[~is_missing(cells)], table.decimal)
        is_input = len(set(numbers)) > 1 and not np.isnan(numbers).any()
        if column.role == "left out" and is_input and not column.is_date:
            lines.append(f"{quote(column.name)} is taken as you say, though it {column.why}")
            column = Column(column.name, "number", column.missing)
        kept.append(column)
    return kept, lines


def _labels(table: Table, name: str) -> list[str]:
    return [label for label in table.cells[name].str.strip().unique() if label]


def _no_input(table: Table, target: Target, columns: Sequence[Column]) -> InputError:
    reasons = "; ".join(f"{quote(c.name)} {c.why}" for c in columns[:4])
    steps = next((c.name for c in columns if could_step(table, c.name)), None)
    cure = ""
    if steps is not None and target.task == "regression":
        cure = f"; --kind series --date {quote(steps)} takes a row as a step in time"
    return InputError(f"{table.path}: no column is left as an input: {reasons}{cure}")


def _split_lines(table: Table, target: Target, columns: Sequence[Column]) -> Iterator[str]:
    """Other splits that the columns allow."""
    if date := next((c.name for c in columns if c.is_date), None):
        series = target.task == "regression" and could_step(table, date)
        yield (
            f"dates: where the rows are events in time, --date {date!r} tests on the last ones"
            + (", and --kind series predicts the next one from those before" if series else "")
        )
    if group := next((c.name for c in columns if c.groups), None):
        yield (
            f"groups: do rows with the same {quote(group)} belong together, as those of one person "
            f"do? Then put data.group: {shown_value(group)}, the unit of what is said of new "
            "groups, and `grouped` into recipes, which tests on groups that it never saw"
        )
