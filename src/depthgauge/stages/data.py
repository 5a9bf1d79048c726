"""From the settings and the raw table to prepared data, in memory: for `prepare` and `check`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.data.dataset import SPLIT_NAMES, FloatArray, Prepared
from depthgauge.data.kinds.images import prepare_classes, prepare_denoising
from depthgauge.data.kinds.series import prepare_series
from depthgauge.data.kinds.series_rows import series_rows
from depthgauge.data.kinds.table import SplitRule, prepare_table
from depthgauge.memory import require_memory
from depthgauge.settings.schema import ImagesData, SeriesData, Settings, TableData
from depthgauge.tables.dates import times
from depthgauge.tables.table import (
    Format,
    Table,
    categories,
    in_file,
    labels,
    number_columns,
    numbers,
    read_table,
    require_columns,
    with_value,
)
from depthgauge.training.baselines import (
    Baselines,
    class_baselines,
    image_guesses,
    number_baselines,
    series_guesses,
)
from depthgauge.training.losses.loss import NumberLoss

FLOAT32_BYTES, INT64_BYTES = 4, 8


@dataclass(frozen=True)
class Result:
    """Prepared data with what meta.json tells of them."""

    prepared: Prepared
    raw_digest: str
    dropped: dict[str, int]
    baselines: Baselines


@dataclass(frozen=True)
class _Made:
    """What each kind makes of its table; guesses: naive predictions, unscaled (N, K)."""

    prepared: Prepared
    dropped: dict[str, int]
    guesses: Mapping[str, FloatArray]


def prepare_data(folder: Path, settings: Settings) -> Result:
    """Read the raw table and prepare it. Raises InputError naming file, row, column or key."""
    data = settings.data
    path = folder / data.path
    table = read_table(path, Format(data.separator, data.encoding, data.decimal))
    made = _OF_KIND[data.kind](table, settings)
    with in_file(path):
        loss = settings.recipe.loss
        if isinstance(loss, NumberLoss):
            baselines = number_baselines(made.prepared, loss, made.guesses)
        else:
            baselines = class_baselines(made.prepared)
    return Result(made.prepared, table.digest, made.dropped, baselines)


def _series(table: Table, settings: Settings) -> _Made:
    data = settings.data
    assert isinstance(data, SeriesData)
    require_columns(table, [data.date, data.target, *data.inputs])
    series = series_rows(table, data.date, [data.target, *data.inputs], data.gaps)
    examples = max(0, len(series.days) - data.window)
    require_memory(
        examples * data.window * len(data.inputs) * FLOAT32_BYTES,
        f"params.yaml: data.window: {examples} windows",
    )
    inputs = np.stack([series.values(name, data.transform) for name in data.inputs], axis=1)
    target = series.values(data.target, data.transform)
    with in_file(table.path):
        prepared, dropped = prepare_series(
            series.days,
            inputs,
            data.inputs,
            target,
            data.window,
            data.horizon,
            data.steps,
            data.gaps,
            data.split.validation_days,
            data.split.test_days,
            series.names,
        )
    place = data.inputs.index(data.target) if data.target in data.inputs else None
    return _Made(
        prepared, dropped, series_guesses(prepared, place, data.horizon, data.gaps != "ignore")
    )


def _images(table: Table, settings: Settings) -> _Made:
    data = settings.data
    assert isinstance(data, ImagesData)
    require_columns(table, [data.target])
    pixels = [column for column in table.columns if column != data.target]
    counts = data.split.model_dump()
    rows = sum(counts.values())
    _require_splits_memory(settings, rows, len(pixels))
    cells = number_columns(table, pixels)
    names = [str(line) for line in table.lines]
    classes = labels(table, data.target) if data.task == "classification" else ()
    with in_file(table.path):
        if data.task == "classification":
            prepared = prepare_classes(
                cells,
                pixels,
                classes,
                names,
                counts,
                settings.seed,
                settings.replicates,
                data.scaling,
                data.label_noise,
            )
            guesses = {}
        else:
            prepared = prepare_denoising(
                cells,
                pixels,
                names,
                counts,
                settings.seed,
                settings.replicates,
                data.scaling,
                data.input_noise,
            )
            guesses = image_guesses(prepared)
    return _Made(prepared, {"rows left out": len(table.lines) - rows}, guesses)


def _table(table: Table, settings: Settings) -> _Made:
    data = settings.data
    assert isinstance(data, TableData)
    further = [name for name in (data.reference, data.split.column) if name is not None]
    require_columns(table, [data.target, *data.numbers, *data.categories, *further])
    may_miss = data.missing == "mean"
    without = 0
    if may_miss:
        table, without = with_value(table, [data.target])
    values = number_columns(table, data.numbers, may_miss)
    texts = {name: categories(table, name, may_miss) for name in data.categories}
    classes = data.task == "classification"
    target = labels(table, data.target) if classes else numbers(table, data.target, False)
    reference = None if data.reference is None else numbers(table, data.reference, False)
    counts = {name: getattr(data.split, name) for name in SPLIT_NAMES}
    # Twice as many inputs where each has a mark of its missing cells.
    width = 2 * len(data.numbers) + sum(len(set(cells)) for cells in texts.values())
    require_memory(
        3 * len(table.lines) * width * FLOAT32_BYTES,
        f"params.yaml: data: {len(table.lines)} rows of {width} inputs",
    )
    _require_splits_memory(settings, sum(counts.values()), width)
    by, column = data.split.by, data.split.column
    rule = SplitRule(
        by,
        counts,
        times(table, column) if by == "time" and column is not None else None,
        labels(table, column) if by == "group" and column is not None else None,
    )
    with in_file(table.path):
        prepared = prepare_table(
            values,
            data.numbers,
            texts,
            target,
            reference,
            [str(line) for line in table.lines],
            rule,
            settings.seed,
            settings.replicates,
        )
    used = sum(prepared.splits[name].shape[1] for name in SPLIT_NAMES)
    left_out = {"rows without a target": without, "rows left out": len(table.lines) - used}
    return _Made(prepared, left_out, {})


# The one place that tells the kinds apart.
_OF_KIND: dict[str, Callable[[Table, Settings], _Made]] = {
    "images": _images,
    "series": _series,
    "table": _table,
}


def _require_splits_memory(settings: Settings, rows: int, inputs: int) -> None:
    require_memory(
        settings.replicates * (rows * INT64_BYTES + 2 * inputs * FLOAT32_BYTES),
        f"params.yaml: replicates: the splits of {settings.replicates} replicates",
    )
