"""What a network must be told of the raw table, as plain data that goes into a JSON file.

Everything `prepare` learnt from the whole table is written down here, so that predicting needs
neither the table nor the settings.
"""

from typing import Any

from depthgauge.data.dataset import Prepared
from depthgauge.serving.frame import as_read
from depthgauge.settings.schema import ImagesData, SeriesData, Settings, TableData
from depthgauge.tables.table import Table, read_categories, read_number_columns, drop_absent
from depthgauge.tables.table import is_missing as missing

Description = dict[str, Any]


def described(settings: Settings, table: Table, prepared: Prepared) -> Description:
    """How raw rows become inputs and outputs become answers.

    table: the raw table that `prepared`, the data as the network's point sees them, was made from.
    """
    data = settings.data
    if isinstance(data, SeriesData):
        rows = _of_series(data, prepared)
    elif isinstance(data, ImagesData):
        rows = {"kind": "images", "pixels": list(prepared.input_names)}
    else:
        rows = _of_table(data, table)
    return {
        "rows": rows,
        "task": prepared.task,
        "target": data.target,
        "classes": list(prepared.classes),
        "target_shape": list(prepared.target_shape),
        "experiment": settings.experiment,
    }


def raw_columns(description: Description) -> list[str]:
    """The columns of the raw table that a network needs, in the order of its inputs."""
    rows = description["rows"]
    if rows["kind"] == "series":
        return [rows["date"], *rows["columns"]]
    if rows["kind"] == "images":
        return list(rows["pixels"])
    return [column["name"] for column in (*rows["numbers"], *rows["categories"])]


def _of_series(data: SeriesData, prepared: Prepared) -> Description:
    return {
        "kind": "series",
        "date": data.date,
        "columns": list(data.inputs),
        # The point's own, where the axis is window.
        "window": prepared.input_shape[-1],
        "horizon": data.horizon,
        "gaps": data.gaps,
        "transform": data.transform,
    }


def _of_table(data: TableData, table: Table) -> Description:
    may_miss = data.missing == "mean"
    if may_miss:
        # As in prepare: such rows teach nothing, nor do their missing cells count.
        table, _ = drop_absent(table, [data.target])
    # Read with all checks; what is written down is which cells are missing and which values occur.
    read_number_columns(table, data.numbers, may_miss)
    texts = {name: read_categories(table, name, may_miss) for name in data.categories}
    return {
        "kind": "table",
        "may_miss": may_miss,
        "numbers": [
            {"name": name, "marked": bool(missing(table.cells[name]).any())}
            for name in data.numbers
        ],
        "categories": [
            _category(name, sorted(set(cells) - {""}), "" in cells) for name, cells in texts.items()
        ],
    }


def _category(name: str, values: list[str], marked: bool) -> Description:
    return {"name": name, "values": values, "as_read": as_read(values, marked), "marked": marked}
