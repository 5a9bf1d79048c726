"""Groups of replicates that finished training before the whole point did.

They lie in the work folder, not among DVC's outputs, which DVC deletes before it starts a stage:
that is what lets an interrupted training go on where it stopped.
"""

import io
import shutil
from pathlib import Path

import numpy as np

from depthgauge.axes.axis import Point
from depthgauge.files.atomic import write_file
from depthgauge.training.runs import Runs


class Checkpoints:
    """The finished groups of one training, known by the digest of all that decides its results.

    They lie in the folder of their experiment, recipe and point, with those of other settings.
    """

    def __init__(self, work: Path, experiment: str, recipe: str, point: Point, digest: str) -> None:
        self._point = work / "checkpoints" / experiment / f"{recipe}-{point}"
        self._folder = self._point / digest[:32]

    def save(self, group: Runs) -> None:
        """Keep a finished group."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **group.arrays())
        first, last = group.replicates.min(), group.replicates.max()
        write_file(self._folder / f"{first}-{last}.npz", buffer.getvalue())

    def load(self) -> list[Runs]:
        """The groups kept so far that can be read and share no replicate."""
        groups: list[Runs] = []
        known: set[int] = set()
        for path in sorted(self._folder.glob("*.npz")):
            group = _read(path)
            if group is not None and known.isdisjoint(group.replicates.tolist()):
                groups.append(group)
                known.update(group.replicates.tolist())
        return groups

    def remove(self) -> None:
        """Forget the groups of the point, those of settings given up too: it is all written."""
        shutil.rmtree(self._point, ignore_errors=True)


def _read(path: Path) -> Runs | None:
    """A group, or None where anything is wrong with its file: it is trained again then."""
    try:
        # From memory: numpy leaves the file open where it is no archive.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return Runs.of_arrays({name: file[name] for name in file.files})
    # numpy and zipfile have a dozen kinds of errors for damaged archives.
    except Exception:
        return None
