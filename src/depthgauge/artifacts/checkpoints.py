"""What a training keeps on its way: groups that are finished, and where the others stand.

It lies in the work folder, not among DVC's outputs, which DVC deletes before it starts a stage:
that is what lets an interrupted training go on where it stopped.
"""

import io
import shutil
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np

from depthgauge.axes.axis import Point
from depthgauge.errors import InputError
from depthgauge.files.atomic import write_large_file
from depthgauge.training.runs import Runs
from depthgauge.training.state import State

# How often a group's state is kept, and what that may cost of the time.
EVERY_S, COST = 10.0, 0.05
FINISHED, BEGUN = ".npz", ".begun.npz"
Kept = TypeVar("Kept", Runs, State)


class Checkpoints:
    """What one training keeps, known by the digest of all that decides its results.

    It lies in the folder of its experiment, recipe and point, with that of other settings.
    """

    def __init__(self, work: Path, experiment: str, recipe: str, point: Point, digest: str) -> None:
        self._point = work / "checkpoints" / experiment / f"{recipe}-{point}"
        self._folder = self._point / digest[:32]
        # When the group whose first replicate it is has its state kept next.
        self._due: dict[int, float] = {}

    def save(self, group: Runs) -> None:
        """Keep a finished group, and no longer where it stood. Raises InputError if it cannot."""
        path = self._path(group.replicates, FINISHED)
        _write(path, group.arrays())
        self._path(group.replicates, BEGUN).unlink(missing_ok=True)

    def keep(self, replicates: Sequence[int], state: Callable[[], State]) -> None:
        """Keep where a group stands, if that is due: what fails here must not fail the training."""
        began = time.monotonic()
        if began < self._due.setdefault(replicates[0], began + EVERY_S):
            return
        with suppress(InputError):  # a full disk; what was kept before is still there
            _write(self._path(replicates, BEGUN), state().arrays())
        now = time.monotonic()
        self._due[replicates[0]] = now + max(EVERY_S, (now - began) / COST)

    def load(self) -> list[Runs]:
        """The groups kept so far that can be read and share no replicate."""
        paths = [path for path in self._paths(FINISHED) if not path.name.endswith(BEGUN)]
        return _disjoint(paths, Runs.of_arrays, ())

    def begun(self, done: Collection[int]) -> list[State]:
        """Where other groups stand that can be read and share no replicate; done: the finished."""
        return _disjoint(self._paths(BEGUN), State.of_arrays, done)

    def remove(self) -> None:
        """Forget all of the point, also of settings given up: it is all written."""
        shutil.rmtree(self._point, ignore_errors=True)

    def _path(self, replicates: "Sequence[int] | np.ndarray", ending: str) -> Path:
        return self._folder / f"{min(replicates)}-{max(replicates)}{ending}"

    def _paths(self, ending: str) -> list[Path]:
        return sorted(self._folder.glob(f"[0-9]*{ending}"))


def _write(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    def write(file: BinaryIO) -> None:
        np.savez(file, allow_pickle=False, **arrays)

    write_large_file(path, write)


def _disjoint(
    paths: Sequence[Path],
    of_arrays: Callable[[Mapping[str, np.ndarray]], Kept],
    done: Collection[int],
) -> list[Kept]:
    found, known = [], set(done)
    for path in paths:
        kept = _read(path, of_arrays)
        if kept is not None and known.isdisjoint(kept.replicates.tolist()):
            found.append(kept)
            known.update(kept.replicates.tolist())
    return found


def _read(path: Path, of_arrays: Callable[[Mapping[str, np.ndarray]], Kept]) -> Kept | None:
    """What a file keeps, or None where anything is wrong with it: that is trained again then."""
    try:
        # From memory: numpy leaves the file open where it is no archive.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return of_arrays({name: file[name] for name in file.files})
    # numpy and zipfile have a dozen kinds of errors for damaged archives.
    except Exception:
        return None
