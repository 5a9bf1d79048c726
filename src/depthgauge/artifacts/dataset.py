"""The folder `prepare` writes and later stages read: Parquet files, encoder.json, meta.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from depthgauge.data.dataset import (
    SPLIT_NAMES,
    Dataset,
    Float32Array,
    IntArray,
    Scaling,
    Splits,
)
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_folder
from depthgauge.files.contents import read_output
from depthgauge.files.digests import bytes_digest, json_digest

if TYPE_CHECKING:
    from depthgauge.data.kinds.kind import Encoder

Meta = dict[str, Any]

PREPARED = Path("data/prepared")

_META, ENCODER = "meta.json", "encoder.json"
_TABLES = ("pool.parquet", "splits.parquet", "scaling.parquet")
_AGAIN = "run `dvc repro`"
# As prefixes they keep a raw column called "row" apart from the pool's own.
_INPUT, _TARGET, _REFERENCE = "input", "target", "reference"
_TIME = "time"
# In the column of scaling groups: targets have none.
_NO_GROUP = -1


def write_dataset(
    folder: Path,
    dataset: Dataset,
    encoder: "Encoder",
    raw: Mapping[str, str],
    dropped: Mapping[str, int],
    settings: Mapping[str, Any],
) -> None:
    """Write the folder in one step, the same bytes for the same arguments.

    raw: digest of each raw file under its name. dropped: what was left out, with counts.
    settings: all settings that the data were made from. Raises InputError if the folder cannot
    be written.
    """
    tables = {
        "pool.parquet": _pool_table(dataset),
        "splits.parquet": _splits_table(dataset.splits, dataset.train_targets),
        "scaling.parquet": _scaling_table(dataset.scaling, dataset.scaling_groups),
    }
    files = {name: _parquet(table) for name, table in tables.items()}
    files[ENCODER] = json_bytes(encoder.model_dump(mode="json"))
    sizes = {name: dataset.splits[name].shape[1] for name in SPLIT_NAMES}
    rows = len(dataset.row_names)
    meta: Meta = {
        "task": dataset.task,
        "classes": list(dataset.classes),
        "shapes": {
            "rows": rows,
            "inputs": dataset.inputs.shape[1],
            "outputs": dataset.outputs,
            "splits": dataset.splits.train.shape[0],
            "input": list(dataset.input_shape),
            "target": list(dataset.target_shape),
        },
        "counts": sizes | {"unused": rows - sum(sizes.values())},
        "dropped": dict(dropped),
        "scaling": {
            name: _range(getattr(dataset.scaling, name))
            for name in ("input_centre", "input_scale", "target_centre", "target_scale")
        },
        "settings": settings,
        "digests": {
            "raw": dict(raw),
            **{name: bytes_digest(data) for name, data in files.items()},
        },
    }
    # The digest of everything else in this file: an edit by hand shows.
    meta["digests"][_META] = json_digest(meta)
    write_folder(folder, {**files, _META: json_bytes(meta)})


def read_dataset(folder: Path) -> tuple[Dataset, Meta]:
    """Read what `write_dataset` wrote, after checking every digest.

    Raises InputError for a file that is missing, damaged or from another run than meta.json.
    """
    meta = read_meta(folder)
    tables: list[pa.Table] = []
    for name in _TABLES:
        data = read_whole(folder, meta, name)
        try:
            tables.append(pq.ParquetFile(pa.BufferReader(data)).read())
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{folder / name}: is damaged: {error}; {_AGAIN}") from error
    pool, splits, scaling = tables
    try:
        return _dataset(meta, pool, splits, scaling), meta
    except (pa.ArrowException, LookupError, ValueError) as error:
        raise InputError(f"{folder}: was written by another version; {_AGAIN}") from error


def read_whole(folder: Path, meta: Meta, name: str) -> bytes:
    """The contents of one file. Raises InputError as `read_dataset` does."""
    data = read_output(folder / name)
    if bytes_digest(data) != meta["digests"].get(name):
        raise InputError(f"{folder / name}: is not the file {_META} tells of; {_AGAIN}")
    return data


def read_meta(folder: Path) -> Meta:
    """The contents of meta.json. Raises InputError when it is missing or damaged."""
    path = folder / _META
    data = read_output(path)
    try:
        meta: Meta = json.loads(data)
        whole = dict(meta, digests=dict(meta["digests"]))
        right = whole["digests"].pop(_META) == json_digest(whole) and json_bytes(meta) == data
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: is damaged; {_AGAIN}") from error
    if not right:
        raise InputError(f"{path}: was changed after it was written; {_AGAIN}")
    return meta


def check_settings(folder: Path, meta: Meta, settings: Mapping[str, Any]) -> None:
    """The data must be made from the present settings.

    settings: as given to `write_dataset`. Raises InputError with the first key that differs,
    in alphabetical order.
    """
    then, now = _flat(meta["settings"], ""), _flat(settings, "")
    for key in sorted(then.keys() | now.keys()):
        if then.get(key) != now.get(key):
            raise InputError(
                f"{folder / _META}: {key}: made with {then.get(key, 'nothing')}, "
                f"now {now.get(key, 'nothing')}; {_AGAIN}"
            )


def _flat(value: Any, key: str) -> dict[str, str]:
    if isinstance(value, Mapping) and value:
        inner = (_flat(part, f"{key}.{name}" if key else str(name)) for name, part in value.items())
        return {name: text for part in inner for name, text in part.items()}
    return {key: json.dumps(value, sort_keys=True)}


def _range(values: Float32Array) -> dict[str, float] | None:
    if values.size == 0:
        return None
    return {"least": float(values.min()), "greatest": float(values.max())}


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _pool_table(dataset: Dataset) -> pa.Table:
    targets = dataset.targets.reshape(len(dataset.row_names), -1)
    reference, times = dataset.reference, dataset.times
    return pa.table(
        {
            "row": pa.array(dataset.row_names, pa.string()),
            **({} if times is None else {_TIME: pa.array(times)}),
            **{
                f"{_INPUT}:{name}": np.ascontiguousarray(column)
                for name, column in zip(dataset.input_names, dataset.inputs.T, strict=True)
            },
            **_columns(_TARGET, targets),
            **({} if reference is None else _columns(_REFERENCE, reference)),
        }
    )


def _columns(part: str, values: Float32Array | IntArray) -> dict[str, Float32Array | IntArray]:
    return {f"{part}:{k}": np.ascontiguousarray(column) for k, column in enumerate(values.T)}


def _splits_table(splits: Splits, train_targets: IntArray | None) -> pa.Table:
    """One line for each (replicate, split, row), in that order.

    With noisy labels, `class` holds those of the training rows, and nothing elsewhere.
    """
    rows = np.concatenate([splits[name] for name in SPLIT_NAMES], axis=1)
    codes = np.repeat(np.arange(len(SPLIT_NAMES)), [splits[n].shape[1] for n in SPLIT_NAMES])
    count, width = rows.shape
    table = pa.table(
        {
            "replicate": np.repeat(np.arange(count, dtype=np.int32), width),
            "row": rows.ravel(),
            "split": pa.DictionaryArray.from_arrays(
                np.tile(codes, count).astype(np.int8), list(SPLIT_NAMES)
            ),
        }
    )
    if train_targets is None:
        return table
    cells = np.zeros((count, width), dtype=np.int64)
    cells[:, : train_targets.shape[1]] = train_targets
    return table.append_column("class", pa.array(cells.ravel(), mask=np.tile(codes != 0, count)))


def _scaling_table(scaling: Scaling, groups: IntArray) -> pa.Table:
    """One line for each (replicate, column), inputs before targets."""
    centre = np.concatenate([scaling.input_centre, scaling.target_centre], axis=1)
    scale = np.concatenate([scaling.input_scale, scaling.target_scale], axis=1)
    count, width = centre.shape
    targets = scaling.target_centre.shape[1]
    group = np.concatenate([groups, np.full(targets, _NO_GROUP, dtype=np.int64)])
    part = [_INPUT] * scaling.input_centre.shape[1] + [_TARGET] * targets
    return pa.table(
        {
            "replicate": np.repeat(np.arange(count, dtype=np.int32), width),
            "part": pa.array(part * count, pa.string()),
            "group": np.tile(group, count),
            "centre": centre.ravel(),
            "scale": scale.ravel(),
        }
    )


def _dataset(meta: Meta, pool: pa.Table, splits: pa.Table, scaling: pa.Table) -> Dataset:
    count = meta["shapes"]["splits"]
    # Prefixes tell the parts apart, whatever a raw column is called: "input:target:0" is an input.
    names = {
        part: [name for name in pool.column_names if name.startswith(f"{part}:")]
        for part in (_INPUT, _TARGET, _REFERENCE)
    }

    def matrix(part: str) -> Any:
        return np.stack([pool[name].to_numpy() for name in names[part]], axis=1)

    is_class = meta["task"] == "classification"
    row = splits["row"].to_numpy()
    split = splits["split"].cast(pa.string()).to_numpy()
    is_input = scaling["part"].to_numpy() == _INPUT
    train_targets = None
    if "class" in splits.column_names:
        noisy = splits["class"].drop_null().to_numpy()
        train_targets = noisy.reshape(count, -1)

    def unpacked(name: str, part: np.ndarray[Any, Any]) -> Float32Array:
        cells: Float32Array = scaling[name].to_numpy()[part].reshape(count, -1)
        return cells

    return Dataset(
        task=meta["task"],
        inputs=matrix(_INPUT),
        targets=matrix(_TARGET)[:, 0] if is_class else matrix(_TARGET),
        input_names=tuple(name.removeprefix(f"{_INPUT}:") for name in names[_INPUT]),
        row_names=tuple(pool["row"].to_pylist()),
        classes=tuple(meta["classes"]),
        splits=Splits(**{name: row[split == name].reshape(count, -1) for name in SPLIT_NAMES}),
        scaling=Scaling(
            input_centre=unpacked("centre", is_input),
            input_scale=unpacked("scale", is_input),
            target_centre=unpacked("centre", ~is_input),
            target_scale=unpacked("scale", ~is_input),
        ),
        scaling_groups=scaling["group"].to_numpy()[is_input].reshape(count, -1)[0],
        train_targets=train_targets,
        reference=matrix(_REFERENCE) if names[_REFERENCE] else None,
        input_shape=tuple(meta["shapes"]["input"]),
        target_shape=tuple(meta["shapes"]["target"]),
        times=pool[_TIME].to_numpy() if _TIME in pool.column_names else None,
    )
