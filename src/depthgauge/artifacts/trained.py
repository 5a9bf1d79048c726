"""All replicates of a point, whichever look trained them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from depthgauge.artifacts.runs import (
    read_curves,
    read_provenance,
    read_stopped,
    read_test_losses,
    read_weights,
    trained_digest,
)
from depthgauge.axes.axis import Point
from depthgauge.statistics.stopping import STOPPINGS, Stopped


def run_name(recipe: str, axis: str, point: Point, first: int) -> str:
    """How a person calls the replicates of a point from one on: `fixed depth 3`."""
    return f"{recipe} {axis} {point}" + (f" from replicate {first}" if first else "")


@dataclass(frozen=True)
class Trained:
    """The folders of a point, a look each; what they hold is joined in the order of replicates.

    Every method raises InputError for a file that is missing or damaged.
    """

    folders: tuple[Path, ...]

    def curves(self) -> dict[str, np.ndarray]:
        """As `read_curves`."""
        return _joined([read_curves(folder) for folder in self.folders])

    def stopped(self) -> dict[str, Stopped]:
        """As `read_stopped`."""
        found = [read_stopped(folder) for folder in self.folders]
        return {
            stopping: Stopped(
                np.concatenate([each[stopping].epochs for each in found]),
                np.concatenate([each[stopping].finite for each in found]),
            )
            for stopping in STOPPINGS
        }

    def test_losses(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """As `read_test_losses`."""
        rows, losses = zip(*map(read_test_losses, self.folders), strict=True)
        return np.concatenate(rows), _joined(losses)

    def weights(self, stopping: str, study: int) -> dict[str, np.ndarray]:
        """As `read_weights`."""
        return _joined([read_weights(folder, stopping, study) for folder in self.folders])

    def digests(self) -> dict[int, str]:
        """The digest of each folder's content, by the first of its replicates."""
        found = ((read_provenance(folder), folder) for folder in self.folders)
        return {told["settings"]["first_replicate"]: trained_digest(path) for told, path in found}

    def packages(self) -> set[tuple[str, str]]:
        """Names and versions of the libraries that trained."""
        told = [read_provenance(folder).get("packages", {}) for folder in self.folders]
        return {pair for packages in told for pair in packages.items()}


def _joined(
    parts: "list[dict[str, np.ndarray]] | tuple[dict[str, np.ndarray], ...]",
) -> "dict[str, np.ndarray]":
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
