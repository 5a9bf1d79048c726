"""results/train/RECIPE-POINT: curves, weights, the loss of every test example, provenance.

results/looks/LOOK/RECIPE-POINT holds the same of the replicates that a further look added.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from depthgauge.axes.axis import Point
from depthgauge.files.atomic import json_bytes, write_folder
from depthgauge.files.digests import bytes_digest, content_digest
from depthgauge.files.outputs import StaleError, intact, read_json_output, read_output
from depthgauge.settings.schema import Settings
from depthgauge.statistics.stopping import STOPPINGS, Stopped
from depthgauge.training.runs import Runs, join

FOLDER = Path("results/train")
FURTHER = Path("results/looks")
TEST_LOSSES = "test-losses.safetensors"
PROVENANCE = "provenance.json"
_PROVENANCE_KEYS = {
    **dict.fromkeys(("recipe", "axis", "data_digest", "recipe_digest"), str),
    **dict.fromkeys(("settings", "packages", "digests"), dict),
    "point": int | float | str,
}
_STOPPING_COLUMNS = ["replicate", "finite", *STOPPINGS]


def trained_path(recipe: str, point: Point) -> Path:
    """Where the results of a point lie, from the experiment's folder."""
    return FOLDER / f"{recipe}-{point}"


def parts(settings: Settings) -> list[range]:
    """The replicates that each look added, up to the last that was taken."""
    every = [range(*ends) for ends in pairwise([0, *settings.looks])]
    return [part for part in every if part.stop <= settings.trained]


def part_path(recipe: str, point: Point, part: range) -> Path:
    """Where the replicates that a look added lie, from the experiment's folder."""
    path = trained_path(recipe, point)
    return path if part.start == 0 else FURTHER / str(part.stop) / path.name


def write_runs(
    folder: Path, parts: Sequence[Runs], test_rows: np.ndarray, provenance: Mapping[str, Any]
) -> None:
    """Write the folder in one step; test_rows: (R, n) rows of the pool behind `test_losses`.

    parts: the replicates of each study's recipe, whose weights may be of other shapes.
    provenance.json holds `provenance` and the digest of every other file. Raises InputError if
    the folder cannot be written.
    """
    runs = join([part.without_weights() for part in parts])
    files = {
        "curves.csv": _curves_csv(runs),
        "stopping.csv": _stopping_csv(runs),
        TEST_LOSSES: _save({"row": test_rows.astype(np.int32), **runs.test_losses}),
    }
    for stopping, (study, part) in product(STOPPINGS, enumerate(parts)):
        files[_weights(stopping, study)] = _save(part.weights[stopping])
    digests = {name: bytes_digest(data) for name, data in files.items()}
    files[PROVENANCE] = json_bytes({**provenance, "digests": digests})
    write_folder(folder, files)


def read_provenance(folder: Path) -> dict[str, Any]:
    """What the results in `folder` were made from. Raises InputError if missing or damaged."""
    path = folder / PROVENANCE
    content = read_json_output(path)
    for key, kind in _PROVENANCE_KEYS.items():
        if not isinstance(content.get(key), kind):
            raise StaleError(f"{path}: {key}: is missing")
    return content


def read_curves(folder: Path) -> dict[str, np.ndarray]:
    """curves.csv as {column: (R, E) float64}. Raises InputError if missing or damaged."""
    with _checked(folder, "curves.csv") as data:
        header, table = _csv_table(data)
        if header[:2] != ["replicate", "epoch"]:
            raise ValueError("columns")
        first, last = int(table[0, 0]), int(table[-1, 0])
        shaped = table.reshape(last + 1 - first, -1, len(header))
        if not (shaped[:, :, 0] == np.arange(first, last + 1)[:, None]).all():
            raise ValueError("rows")
        return {name: shaped[:, :, k] for k, name in enumerate(header) if k > 1}


def read_stopped(folder: Path) -> dict[str, Stopped]:
    """Where each replicate stops, by stopping, as training decided it.

    Raises InputError if stopping.csv is missing or damaged.
    """
    with _checked(folder, "stopping.csv") as data:
        header, numbers = _csv_table(data)
        table = numbers.astype(np.int64)
        if header != _STOPPING_COLUMNS or (np.diff(table[:, 0]) != 1).any():
            raise ValueError("columns or rows")
        finite = table[:, 1] == 1
        return {s: Stopped(table[:, 2 + k] - 1, finite) for k, s in enumerate(STOPPINGS)}


def read_test_losses(folder: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Rows of the pool (R, n), and for each stopping their losses (R, n).

    Raises InputError if the file is missing or damaged.
    """
    with _checked(folder, TEST_LOSSES) as data:
        found = load(data)
        return found.pop("row"), found


def read_weights(folder: Path, stopping: str, study: int) -> dict[str, np.ndarray]:
    """The tensors named as in the network's module, all replicates of a study in front.

    Raises InputError if they are missing or damaged.
    """
    with _checked(folder, _weights(stopping, study)) as data:
        return load(data)


def _weights(stopping: str, study: int) -> str:
    return f"weights-{stopping}-{study}.safetensors"


@contextmanager
def _checked(folder: Path, name: str) -> Iterator[bytes]:
    """The contents of a file, which must be the one that was written with provenance.json.

    Whatever goes wrong with them inside is an InputError that says so.
    """
    path = folder / name
    data = read_output(path)
    if bytes_digest(data) != read_provenance(folder)["digests"].get(name):
        raise StaleError(f"{path}: is not the file {PROVENANCE} tells of")
    with intact(path, csv.Error, SafetensorError):
        yield data


def _csv_table(data: bytes) -> tuple[list[str], np.ndarray]:
    header, *lines = csv.reader(io.StringIO(data.decode()))
    return header, np.array(lines, dtype=np.float64).reshape(-1, len(header))


def _curves_csv(runs: Runs) -> bytes:
    # Nine significant digits hold every float32 exactly.
    names = list(runs.curves)
    lines = [",".join(["replicate", "epoch", *names])]
    for index, replicate in enumerate(runs.replicates):
        curves = np.stack([runs.curves[name][index] for name in names], 1)
        for epoch, values in enumerate(curves.tolist(), start=1):
            lines.append(f"{replicate},{epoch}," + ",".join(f"{value:.9g}" for value in values))
    return ("\n".join(lines) + "\n").encode()


def _stopping_csv(runs: Runs) -> bytes:
    """Epochs are counted from 1, as in curves.csv."""
    finite = runs.stopped["last"].finite.astype(int)
    epochs = [runs.stopped[stopping].epochs + 1 for stopping in STOPPINGS]
    lines = [",".join(map(str, row)) for row in zip(runs.replicates, finite, *epochs, strict=True)]
    return ("\n".join([",".join(_STOPPING_COLUMNS), *lines]) + "\n").encode()


def _save(tensors: Mapping[str, np.ndarray]) -> bytes:
    data: bytes = save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    return data


def is_trained(folder: Path) -> bool:
    """Whether training has finished: every file that provenance.json names is there.

    Raises InputError if provenance.json is damaged.
    """
    if not (folder / PROVENANCE).is_file():
        return False
    return all((folder / name).is_file() for name in read_provenance(folder)["digests"])


def trained_digest(folder: Path) -> str:
    """The digest of all files of a trained point, by which its run in MLflow is found."""
    return content_digest(folder, (path for path in folder.rglob("*") if path.is_file()))
