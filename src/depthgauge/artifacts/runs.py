"""results/train/RECIPE-POINT: curves, weights, the loss of every test example, provenance."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors.numpy import save

from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_folder
from depthgauge.files.contents import read_json_output, read_output
from depthgauge.files.digests import bytes_digest, content_digest
from depthgauge.statistics.stopping import STOPPINGS, Stopped
from depthgauge.training.runs import Trained

FOLDER = Path("results/train")
_AGAIN = "run `dvc repro`"
_PROVENANCE = "provenance.json"
_STOPPING_COLUMNS = ["replicate", "finite", *STOPPINGS]


def trained_path(recipe: str, point: int) -> Path:
    """Where the results of a point lie, from the experiment's folder."""
    return FOLDER / f"{recipe}-{point}"


def write_trained(
    folder: Path, trained: Trained, test_rows: np.ndarray, provenance: Mapping[str, Any]
) -> None:
    """Write the folder in one step; test_rows: (R, n) rows of the pool behind `test_losses`.

    provenance.json holds `provenance` and the digest of every other file. Raises InputError if
    the folder cannot be written.
    """
    files = {
        "curves.csv": _curves_csv(trained),
        "stopping.csv": _stopping_csv(trained),
        "test-losses.parquet": _test_losses(trained, test_rows),
    }
    for stopping in STOPPINGS:
        tensors = {k: np.ascontiguousarray(v) for k, v in trained.weights[stopping].items()}
        files[f"weights-{stopping}.safetensors"] = save(tensors)
    digests = {name: bytes_digest(data) for name, data in files.items()}
    files[_PROVENANCE] = json_bytes({**provenance, "digests": digests})
    write_folder(folder, files)


def read_provenance(folder: Path) -> dict[str, Any]:
    """What the results in `folder` were made from. Raises InputError if missing or damaged."""
    path = folder / _PROVENANCE
    content = read_json_output(path)
    for key in ("settings", "digests"):
        if not isinstance(content.get(key), dict):
            raise InputError(f"{path}: {key}: is missing; {_AGAIN}")
    return content


def read_curves(folder: Path) -> dict[str, np.ndarray]:
    """curves.csv as {column: (R, E) float64}. Raises InputError if missing or damaged."""
    path = folder / "curves.csv"
    data = _checked(folder, path.name)
    try:
        header, *lines = list(csv.reader(io.StringIO(data.decode())))
        table = np.array(lines, dtype=np.float64)
        if header[:2] != ["replicate", "epoch"]:
            raise ValueError("columns")
        replicates = int(table[-1, 0]) + 1
        shaped = table.reshape(replicates, -1, len(header))
        expected = np.broadcast_to(np.arange(replicates)[:, None], shaped.shape[:2])
        if not np.array_equal(shaped[:, :, 0], expected):
            raise ValueError("rows")
    except (ValueError, IndexError, csv.Error):
        raise InputError(f"{path}: is damaged; {_AGAIN}") from None
    return {name: shaped[:, :, k] for k, name in enumerate(header) if k > 1}


def read_stopped(folder: Path) -> dict[str, Stopped]:
    """Where each replicate stops, by stopping, as training decided it.

    Raises InputError if stopping.csv is missing or damaged.
    """
    path = folder / "stopping.csv"
    data = _checked(folder, path.name)
    try:
        header, *lines = list(csv.reader(io.StringIO(data.decode())))
        if header != _STOPPING_COLUMNS:
            raise ValueError("columns")
        table = np.array(lines, dtype=np.int64).reshape(-1, len(header))
        if not np.array_equal(table[:, 0], np.arange(len(table))) or table.min() < 0:
            raise ValueError("rows")
        finite = table[:, 1] == 1
        return {s: Stopped(table[:, 2 + k] - 1, finite) for k, s in enumerate(STOPPINGS)}
    except (ValueError, IndexError, csv.Error):
        raise InputError(f"{path}: is damaged; {_AGAIN}") from None


def read_test_losses(folder: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Rows of the pool (R, n), and for each stopping their losses (R, n).

    Raises InputError if the file is missing or damaged.
    """
    path = folder / "test-losses.parquet"
    data = _checked(folder, path.name)
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        columns = {name: table[name].to_numpy() for name in ("replicate", "row", *STOPPINGS)}
        replicates = int(columns["replicate"][-1]) + 1
        shaped = {name: values.reshape(replicates, -1) for name, values in columns.items()}
    except (pa.ArrowException, OSError, LookupError, ValueError):
        raise InputError(f"{path}: is damaged; {_AGAIN}") from None
    return shaped["row"], {stopping: shaped[stopping] for stopping in STOPPINGS}


def _checked(folder: Path, name: str) -> bytes:
    """The contents of a file, which must be the one that was written with provenance.json."""
    data = read_output(folder / name)
    if bytes_digest(data) != read_provenance(folder)["digests"].get(name):
        raise InputError(f"{folder / name}: is not the file {_PROVENANCE} tells of; {_AGAIN}")
    return data


def _curves_csv(trained: Trained) -> bytes:
    # Nine significant digits hold every float32 exactly.
    names = list(trained.curves)
    lines = [",".join(["replicate", "epoch", *names])]
    for index, replicate in enumerate(trained.replicates):
        curves = np.stack([trained.curves[name][index] for name in names], 1)
        for epoch, values in enumerate(curves.tolist(), start=1):
            lines.append(f"{replicate},{epoch}," + ",".join(f"{value:.9g}" for value in values))
    return ("\n".join(lines) + "\n").encode()


def _stopping_csv(trained: Trained) -> bytes:
    """Epochs are counted from 1, as in curves.csv."""
    finite = trained.stopped["last"].finite.astype(int)
    epochs = [trained.stopped[stopping].epochs + 1 for stopping in STOPPINGS]
    lines = [
        ",".join(map(str, row)) for row in zip(trained.replicates, finite, *epochs, strict=True)
    ]
    return ("\n".join([",".join(_STOPPING_COLUMNS), *lines]) + "\n").encode()


def _test_losses(trained: Trained, test_rows: np.ndarray) -> bytes:
    replicates, count = test_rows.shape
    table = pa.table(
        {
            "replicate": np.repeat(np.arange(replicates, dtype=np.int32), count),
            "row": test_rows.astype(np.int32).ravel(),
            **{s: np.ascontiguousarray(trained.test_losses[s]).ravel() for s in STOPPINGS},
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    data: bytes = sink.getvalue().to_pybytes()
    return data


def is_trained(folder: Path) -> bool:
    """Whether training has finished: every file that provenance.json names is there.

    Raises InputError if provenance.json is damaged.
    """
    if not (folder / _PROVENANCE).is_file():
        return False
    return all((folder / name).is_file() for name in read_provenance(folder)["digests"])


def trained_digest(folder: Path) -> str:
    """The digest of all files of a trained point, by which its run in MLflow is found."""
    return content_digest(folder, (path for path in folder.rglob("*") if path.is_file()))
