"""data/prepared, which `prepare` writes and later stages read.

The arrays are in dataset.safetensors, each under the name of its field; the names of inputs and
rows in names.json, the encoder in encoder.json, and in meta.json what it all was made from.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from depthgauge.data.dataset import Dataset, Float32Array, Scaling, Splits
from depthgauge.files.atomic import json_bytes, write_folder
from depthgauge.files.digests import bytes_digest, json_digest
from depthgauge.files.outputs import StaleError, intact, read_json_output, read_output, require_same
from depthgauge.section import leaves

if TYPE_CHECKING:
    from depthgauge.data.kinds.kind import Encoder

Meta = dict[str, Any]

PREPARED = Path("data/prepared")
ARRAYS, ENCODER = "dataset.safetensors", "encoder.json"
_NAMES, _META = "names.json", "meta.json"
# Fields of the data set that are arrays, where it has them.
_FIELDS = (
    *("inputs", "targets", "scaling_groups"),
    *("train_targets", "reference", "times", "groups"),
)


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
    names = {"inputs": dataset.input_names, "rows": dataset.row_names}
    files = {ARRAYS: save(_arrays(dataset)), _NAMES: json_bytes(names)}
    files[ENCODER] = json_bytes(encoder.model_dump(mode="json"))
    sizes = dataset.splits.sizes
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
        "digests": {"raw": dict(raw), **{name: bytes_digest(data) for name, data in files.items()}},
    }
    # The digest of everything else in this file: an edit by hand shows.
    meta["digests"][_META] = json_digest(meta)
    write_folder(folder, {**files, _META: json_bytes(meta)})


def read_dataset(folder: Path) -> tuple[Dataset, Meta]:
    """Read what `write_dataset` wrote, after checking every digest.

    Raises InputError for a file that is missing, damaged or from another run than meta.json.
    """
    meta = read_meta(folder)
    names, arrays = (read_whole(folder, meta, name) for name in (_NAMES, ARRAYS))
    with intact(folder / ARRAYS, SafetensorError):
        return _dataset(meta, json.loads(names), load(arrays)), meta


def read_whole(folder: Path, meta: Meta, name: str) -> bytes:
    """The contents of one file. Raises InputError as `read_dataset` does."""
    data = read_output(folder / name)
    if bytes_digest(data) != meta["digests"].get(name):
        raise StaleError(f"{folder / name}: is not the file {_META} tells of")
    return data


def read_meta(folder: Path) -> Meta:
    """The contents of meta.json. Raises InputError when it is missing or damaged."""
    path = folder / _META
    meta: Meta = read_json_output(path)
    with intact(path):
        whole = dict(meta, digests=dict(meta["digests"]))
        right = whole["digests"].pop(_META) == json_digest(whole)
    if not right or json_bytes(meta) != read_output(path):
        raise StaleError(f"{path}: was changed after it was written")
    return meta


def check_settings(folder: Path, meta: Meta, settings: Mapping[str, Any]) -> None:
    """The data must be made from the present settings.

    settings: as given to `write_dataset`. Raises InputError with the first key that differs,
    in alphabetical order.
    """
    then, now = (
        {key: json.dumps(value, sort_keys=True) for key, value in leaves(each)}
        for each in (meta["settings"], settings)
    )
    require_same(folder / _META, then, now)


def _range(values: Float32Array) -> dict[str, float] | None:
    if values.size == 0:
        return None
    return {"least": float(values.min()), "greatest": float(values.max())}


def _arrays(dataset: Dataset) -> dict[str, np.ndarray]:
    found = {name: getattr(dataset, name) for name in _FIELDS}
    found |= {f"splits.{name}": array for name, array in vars(dataset.splits).items()}
    found |= {f"scaling.{name}": array for name, array in vars(dataset.scaling).items()}
    if dataset.times is not None and np.issubdtype(dataset.times.dtype, np.datetime64):
        found["days"] = found.pop("times").astype(np.int64)
    return {k: np.ascontiguousarray(array) for k, array in found.items() if array is not None}


def _dataset(meta: Meta, names: Mapping[str, Any], arrays: dict[str, np.ndarray]) -> Dataset:
    def under(part: str) -> dict[str, Any]:
        return {n.removeprefix(part): a for n, a in arrays.items() if n.startswith(part)}

    if "days" in arrays:
        arrays["times"] = arrays["days"].astype("datetime64[D]")
    return Dataset(
        task=meta["task"],
        input_names=tuple(names["inputs"]),
        row_names=tuple(names["rows"]),
        classes=tuple(meta["classes"]),
        splits=Splits(**under("splits.")),
        scaling=Scaling(**under("scaling.")),
        input_shape=tuple(meta["shapes"]["input"]),
        target_shape=tuple(meta["shapes"]["target"]),
        **{name: arrays.get(name) for name in _FIELDS},  # type: ignore[arg-type]
    )
