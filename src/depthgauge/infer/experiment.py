"""A first experiment for a table: the settings of its data, and what to tell of it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from depthgauge.errors import InputError
from depthgauge.infer.columns import judged
from depthgauge.infer.messages import (
    counted,
    duplicates,
    imbalanced,
    left_out,
    listed,
    missing,
    target_line,
    without_target,
)
from depthgauge.infer.series import could_step, judged_series, stepping
from depthgauge.infer.sizes import Sizes, sizes, whole_times
from depthgauge.infer.target import TableTask, judged_target
from depthgauge.tables.dates import read_times
from depthgauge.tables.table import (
    Format,
    Table,
    drop_absent,
    parse_numbers,
    quote,
    require_columns,
)

Kind = Literal["table", "series", "images"]
# (key, value, comment): a section of params.yaml in its order.
Section = list[tuple[str, Any, str]]


@dataclass(frozen=True)
class Wishes:
    """What the person says of the table; None: to be guessed."""

    target: str
    kind: Kind | None
    task: TableTask | None
    date: str | None


@dataclass(frozen=True)
class Guess:
    """An experiment. data: the section of that name. above: comments above its keys. others: values
    of other sections, under dotted keys. told: lines for the person."""

    data: Section
    above: dict[str, list[str]]
    others: dict[str, Any]
    told: list[str]


def guessed(table: Table, path: str, written: Format, wishes: Wishes) -> Guess:
    """The first experiment. path: where the experiment finds the table.

    Raises InputError for a table that no experiment can be made of, and says what to do.
    """
    require_columns(table, [wishes.target, *([wishes.date] if wishes.date else [])])
    if wishes.date == wishes.target:
        raise InputError(f"--date {quote(wishes.date)}: is the target; name another column")
    if len(table.columns) == 1:
        raise InputError(
            f"{table.path}: has the column {quote(table.columns[0])} alone; inputs are needed, in "
            "columns separated by , ; | or tabs"
        )
    kind = wishes.kind
    date = wishes.date if kind == "series" or not wishes.kind else None
    if kind in (None, "series") and wishes.task != "classification":
        others = [name for name in table.columns if name != wishes.target]
        date = date or next((name for name in others if stepping(table, name)), None)
        if kind == "series":
            date = date or next((name for name in others if could_step(table, name)), None)
        if kind == "series" and date is None:
            raise InputError(
                f"{table.path}: no column has another day such as 2024-01-31 in each row; name the "
                "column of days or times with --date, or use --kind table"
            )
        if date is not None and (
            kind == "series" or (stepping(table, date) and _varies(table, wishes.target))
        ):
            return _series(table, path, written, date, wishes.target)
    if kind == "images":
        return _images(table, path, written, wishes)
    return _table(table, path, written, wishes)


def _table(table: Table, path: str, written: Format, wishes: Wishes) -> Guess:
    rows = len(table.lines)
    table, without = drop_absent(table, [wishes.target])
    target = judged_target(table, wishes.target, wishes.task)
    columns = [
        judged(table, name, target.values, len(target.classes), wishes.date)
        for name in table.columns
        if name != wishes.target
    ]
    names = {role: [c.name for c in columns if c.role == role] for role in ("number", "category")}
    if not any(names.values()):
        reasons = "; ".join(f"{quote(c.name)} {c.why}" for c in columns[:4])
        steps = next((c.name for c in columns if could_step(table, c.name)), None)
        cure = ""
        if steps is not None and target.task == "regression":
            cure = f"; --kind series --date {quote(steps)} takes a row as a step in time"
        raise InputError(f"{table.path}: no column is left as an input: {reasons}{cure}")
    size = sizes(len(table.lines))
    by = "rows" if target.task == "regression" else "stratified"
    counts = (size.train, size.validation, size.test)
    if wishes.date is not None:
        by, counts = "time", whole_times(read_times(table, wishes.date), size)
    out = [c for c in columns if c.role == "left out"]
    some_missing = without > 0 or any(c.missing for c in columns if c.role != "left out")
    split: Section = [
        ("by", by, "rows: at random | stratified: at random within each class | time | group"),
        ("column", wishes.date, "time: the last rows by it test | group: its rows stay together"),
        ("train", counts[0], ""),
        ("validation", counts[1], ""),
        ("test", counts[2], ""),
    ]
    is_class = target.task == "classification"
    data = [
        ("kind", "table", "table: a row an example | series: rows in time | images"),
        *_file(path, written),
        ("target", wishes.target, "the column to predict"),
        ("task", target.task, "regression: a number | classification: a class"),
        ("numbers", names["number"], ""),
        ("categories", names["category"], ""),
        ("missing", "mean" if some_missing else "refuse", ""),
        ("reference", None, "a column with the best possible prediction, where it is known"),
        ("split", split, "examples, drawn anew for each replicate"),
    ]
    if by == "time":
        data[-1] = ("split", split, "by time: the same for each replicate")
    above = {
        "numbers": [
            *left_out(out),
            "Columns used as numbers, and columns with one 0/1 input for each of their values. A",
            "code that is written in digits belongs into categories.",
        ],
        "missing": [
            "mean: a missing cell takes the training mean, a further 0/1 input marks it, and a row",
            "without a target is left out | refuse: an empty cell is an error.",
        ],
    }
    others = _others(size) | {
        "recipe.loss": "cross_entropy" if is_class else "mse",
        "threshold.memorised": 0.01 if is_class else 0.1,
        "threshold.block": 1,
    }
    told = [
        target_line(wishes.target, target),
        f"inputs: {counted(names['number'], 'number')}; "
        f"{counted(names['category'], 'category', 'categories')}",
        *(f"left out: {quote(c.name)} {c.why}" for c in out),
        *without_target(without, rows),
        *missing(columns, len(table.lines)),
        *duplicates(table, [*names["number"], *names["category"], wishes.target]),
        *imbalanced(target),
    ]
    dated = [c.name for c in columns if c.is_date]
    if dated and wishes.date is None:
        series = could_step(table, dated[0]) and target.task == "regression"
        told.append(
            f"dates: where the rows are events in time, --date {dated[0]!r} tests on the last ones"
            + (", and --kind series predicts the next one from those before" if series else "")
        )
    shared = [c.name for c in columns if c.groups]
    if shared and wishes.date is None:
        told.append(
            f"groups: where rows with the same {quote(shared[0])} belong together, split.by: group "
            f"with split.column: {shared[0]} keeps them out of train and test at once"
        )
    used = sum(counts)
    if used < len(table.lines):
        told.append(
            f"{used:,} of {len(table.lines):,} rows are used, so that it takes minutes; data.split "
            "says how many"
        )
    return Guess(data, above, others, told)


def _series(table: Table, path: str, written: Format, date: str, target: str) -> Guess:
    series = judged_series(table, date, target)
    unit = series.unit
    data: Section = [
        ("kind", "series", "series: rows in time | table: a row an example | images"),
        *_file(path, written),
        ("date", date, "the column that says when; rows are sorted by it"),
        ("target", target, "the column to predict"),
        ("inputs", [target], f"columns whose last {unit} predict it"),
        ("window", series.window, f"{unit} of each input"),
        ("horizon", 1, f"{unit} from the last input to the first predicted one"),
        ("steps", 1, f"{unit} predicted: 1 is a number, more are a vector"),
        ("gaps", series.gaps, "exclude | interpolate | ignore"),
        ("transform", series.transform, "log | none"),
        (
            "split",
            [("validation_days", series.held_out, ""), ("test_days", series.held_out, "the last")],
            "by time; all before train" + (", counted in rows" if unit == "rows" else ""),
        ),
    ]
    above = {
        "gaps": [
            "Days without a row, or without a value. exclude: no window crosses one | interpolate:",
            "inputs lie on a line across it | ignore: a row is a step, whatever its date (months,",
            "hours, trading days): window, horizon, steps and split count rows.",
        ]
    }
    size = sizes(2 * (series.length - 2 * series.held_out))
    others = _others(size) | {
        "recipe.loss": "mae",
        "recipe.optimizer.learning_rate": 0.001,
        "threshold.memorised": 0.1,
        "threshold.block": 14,
    }
    what = (
        f"has a day a row, {series.length} days, {series.absent} of them absent"
        if unit == "days"
        else f"orders {series.length} rows, each a step from the one before, whatever its date"
    )
    told = [
        f"series: column {quote(date)} {what} (--kind table takes each row by itself)",
        f"target {quote(target)}: its last {series.window} {unit} predict the next one",
    ]
    rest = [name for name in table.columns if name not in (date, target)]
    if rest:
        names = listed([quote(name) for name in rest])
        told.append(f"not used: {names}; numbers among them may go to data.inputs")
    return Guess(data, above, others, told)


def _varies(table: Table, target: str) -> bool:
    """Whether a column is an amount that a series may have, and no class."""
    numbers = parse_numbers(table.cells[target].str.strip(), table.decimal)
    different = np.unique(numbers[~np.isnan(numbers)]).size
    return bool(different > 2 and np.isnan(numbers).mean() < 0.2)


def _images(table: Table, path: str, written: Format, wishes: Wishes) -> Guess:
    target = judged_target(table, wishes.target, wishes.task or "classification")
    if target.task != "classification":
        raise InputError("--task regression: images have classes; use --kind table for numbers")
    size = sizes(len(table.lines))
    data: Section = [
        ("kind", "images", "images: a row an image | table: a row an example | series"),
        *_file(path, written),
        ("target", wishes.target, "the column that holds the class; all others are pixels"),
        ("task", "classification", "classification | structured: the image, from a noisy one"),
        ("scaling", "all", "centre and scale by training pixels: all together, or each"),
        ("label_noise", 0.0, "share of training labels replaced by another class"),
        ("input_noise", 0.0, "structured: deviation of the noise, in that of the pixels"),
        (
            "split",
            [
                ("train", size.train, ""),
                ("validation", size.validation, ""),
                ("test", size.test, ""),
            ],
            "examples, drawn anew for each replicate",
        ),
    ]
    others = _others(size) | {
        "recipe.loss": "cross_entropy",
        "threshold.memorised": 0.01,
        "threshold.block": 1,
    }
    told = [
        target_line(wishes.target, target),
        f"inputs: {len(table.columns) - 1} pixels",
        *imbalanced(target),
    ]
    return Guess(data, {}, others, told)


def _file(path: str, written: Format) -> Section:
    return [
        ("path", path, "CSV, or Parquet, which needs none of the next three"),
        ("separator", written.separator, "between the cells of a line"),
        ("encoding", written.encoding, ""),
        ("decimal", written.decimal, "the decimal mark of numbers: . | ,"),
    ]


def _others(size: Sizes) -> dict[str, Any]:
    return {
        "seed": 0,
        "replicates": size.replicates,
        "axis": "depth",
        "points": list(range(7)),
        "recipes": ["fixed"],
        "recipe.network.width": 64,
        "recipe.optimizer.learning_rate": 0.003,
        "recipe.batch_size": size.batch_size,
        "recipe.epochs": size.epochs,
    }
