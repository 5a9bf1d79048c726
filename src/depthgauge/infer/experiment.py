"""The first experiment for a table: its settings, and what to tell a person of them."""

from collections.abc import Mapping
from typing import Any

from depthgauge.errors import InputError
from depthgauge.infer.defaults import settings_content
from depthgauge.infer.find_sequences import find_sequences
from depthgauge.infer.images import infer_images
from depthgauge.infer.inferred import Inferred, Overrides
from depthgauge.infer.sequences import infer_sequences
from depthgauge.infer.series import could_step, infer_series, infer_steps, is_amount
from depthgauge.infer.table import infer_table
from depthgauge.infer.target import LEAST_ROWS
from depthgauge.progress import watched
from depthgauge.settings.load import FILE, parse_settings
from depthgauge.settings.schema import Settings
from depthgauge.tables.table import Format, Table, quote, require_columns


def infer_experiment(
    table: Table,
    name: str,
    path: str,
    written: Format,
    overrides: Overrides,
    network: Mapping[str, Any] | None = None,
) -> tuple[Settings, Inferred]:
    """The settings of the experiment called `name`, and what they come from.

    path: where it finds the table. network: the section of one's own, None for the usual one.
    Raises InputError for a table that no experiment can be made of, and says what to do.
    """
    target, kind = overrides.target, overrides.kind
    asked = {"--date": overrides.date, "--id": overrides.id}
    for flag, column in asked.items():
        if column is not None:
            require_columns(table, [column])
        if column == target:
            raise InputError(f"{flag} {quote(target)}: is the target; name another column")
    require_columns(table, [target])
    _check_inputs(table, overrides)
    if overrides.id is not None and kind not in (None, "sequences"):
        raise InputError(f"--id {quote(overrides.id)}: is of --kind sequences, not {kind}")
    if len(table.columns) == 1:
        raise InputError(
            f"{table.path}: has the column {quote(table.columns[0])} alone; inputs are needed, in "
            "columns separated by , ; | or tabs"
        )
    found = None
    if kind is None and overrides.id is None:
        found = find_sequences(table, target, None, overrides.date, LEAST_ROWS)
    is_sequences = kind == "sequences" or overrides.id is not None or found is not None
    may_be_series = (
        not is_sequences and kind in (None, "series") and overrides.task != "classification"
    )
    if is_sequences:
        inferred = infer_sequences(table, overrides, found)
    elif may_be_series and (date := _time_column(table, overrides)) is not None:
        inferred = infer_series(table, date, target, overrides.inputs)
    else:
        inferred = (infer_images if kind == "images" else infer_table)(table, overrides)
    content = settings_content(name, path, written, inferred, network)
    return parse_settings(content, FILE), inferred


def _check_inputs(table: Table, overrides: Overrides) -> None:
    require_columns(table, overrides.inputs or ())
    if overrides.inputs and overrides.kind == "images":
        raise InputError("--inputs: all columns of images are pixels; use --kind table")
    for flag, name in (
        ("target", overrides.target),
        ("date", overrides.date),
        ("id", overrides.id),
    ):
        # What a series was itself predicts it.
        its_past = flag == "target" and overrides.kind == "series"
        if name in (overrides.inputs or ()) and not its_past and name is not None:
            raise InputError(
                f"--inputs {quote(name)}: is the column of --{flag}; take it out"
                + "; with --kind series its past may predict" * (flag == "target")
            )


def _time_column(table: Table, overrides: Overrides) -> str | None:
    """The column that makes the table a series, or None where it is none."""
    others = [name for name in table.columns if name != overrides.target]
    date = overrides.date
    if date is None:
        looked = watched(others, "new: looks for times", "columns")
        date = next((name for name in looked if infer_steps(table, name)), None)
    if overrides.kind == "series":
        date = date or next((name for name in others if could_step(table, name)), None)
        if date is None:
            raise InputError(
                f"{table.path}: no column has another day such as 2024-01-31 in each row; name the "
                "column of days or times with --date, or use --kind table"
            )
        return date
    is_series = date and infer_steps(table, date) and is_amount(table, overrides.target)
    return date if is_series else None
