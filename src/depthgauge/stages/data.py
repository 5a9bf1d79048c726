"""From the settings and the raw table to prepared data, in memory: for `prepare` and `check`."""

from dataclasses import dataclass
from pathlib import Path

from depthgauge.core.data.baselines import Baselines, class_baselines, series_baselines
from depthgauge.core.data.images import prepare_images
from depthgauge.core.data.prepared import Prepared
from depthgauge.core.data.series import prepare_series
from depthgauge.errors import InputError
from depthgauge.files.raw import (
    dates,
    in_file,
    labels,
    number_columns,
    numbers,
    read_table,
    require_columns,
)
from depthgauge.settings.schema import ImagesData, SeriesData, Settings
from depthgauge.stages.memory import require_memory

FLOAT32_BYTES, INT64_BYTES = 4, 8


@dataclass(frozen=True)
class Result:
    """Prepared data with what meta.json tells of them."""

    prepared: Prepared
    raw_digest: str
    dropped: dict[str, int]
    baselines: Baselines


def prepare_data(folder: Path, settings: Settings) -> Result:
    """Read the raw table and prepare it. Raises InputError naming file, row, column or key."""
    if isinstance(settings.data, SeriesData):
        return _series(folder / settings.data.path, settings.data, settings)
    return _images(folder / settings.data.path, settings.data, settings)


def _series(path: Path, data: SeriesData, settings: Settings) -> Result:
    table = read_table(path)
    require_columns(table, [data.date, data.value])
    days = dates(table, data.date)
    values = numbers(table, data.value, positive=data.transform == "log")
    loss = settings.recipe.loss
    if loss == "cross_entropy":
        raise InputError("params.yaml: recipe.loss: cross_entropy needs classes; use mae or mse")
    examples = max(0, len(days) - data.window)
    require_memory(
        examples * data.window * FLOAT32_BYTES, f"params.yaml: data.window: {examples} windows"
    )
    with in_file(path):
        prepared, dropped = prepare_series(
            days,
            values,
            data.window,
            data.gaps,
            data.transform,
            data.split.validation_days,
            data.split.test_days,
        )
        return Result(prepared, table.digest, dropped, series_baselines(prepared, loss))


def _images(path: Path, data: ImagesData, settings: Settings) -> Result:
    table = read_table(path)
    require_columns(table, [data.target])
    pixels = [column for column in table.columns if column != data.target]
    counts = data.split.model_dump()
    rows = sum(counts.values())
    require_memory(
        settings.replicates * (rows * INT64_BYTES + 2 * len(pixels) * FLOAT32_BYTES),
        f"params.yaml: replicates: the splits of {settings.replicates} replicates",
    )
    with in_file(path):
        prepared = prepare_images(
            number_columns(table, pixels),
            pixels,
            labels(table, data.target),
            [str(line) for line in table.lines],
            counts,
            settings.seed,
            settings.replicates,
            data.scaling,
        )
    unused = len(table.lines) - rows
    return Result(prepared, table.digest, {"rows left out": unused}, class_baselines(prepared))
