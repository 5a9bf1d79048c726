"""Arrays that were read and do not fit each other are told before anything is computed."""

from pathlib import Path

import numpy as np
import pytest

from depthgauge.artifacts.shapes import require_curves, require_test_losses
from depthgauge.errors import InputError
from depthgauge.statistics.stopping import stopped

CURVES = {
    name: np.arange(12.0).reshape(3, 4) for name in ("train_loss", "validation_loss", "test_loss")
}
STOPPED = stopped(CURVES)
ROWS, LOSSES = np.arange(6).reshape(3, 2), {"last": np.zeros((3, 2), np.float32)}


def test_what_fits() -> None:
    require_curves(Path("here"), CURVES, STOPPED, 3)
    require_test_losses(Path("here"), ROWS, LOSSES, 3, 6)


@pytest.mark.parametrize(
    ("changed", "replicates"),
    [
        ({}, 4),
        ({"train_loss": CURVES["train_loss"][:2]}, 3),
        ({"train_loss": CURVES["train_loss"].ravel()}, 3),
        (dict.fromkeys(CURVES, np.zeros((3, 3))), 3),
        (dict.fromkeys(CURVES, np.zeros((3, 0))), 3),
    ],
)
def test_curves_that_do_not_fit(changed: dict[str, np.ndarray], replicates: int) -> None:
    with pytest.raises(InputError, match=r"^here: curves .* run `dvc repro`$"):
        require_curves(Path("here"), CURVES | changed, STOPPED, replicates)


@pytest.mark.parametrize(
    ("rows", "losses"),
    [
        (ROWS[:2], LOSSES),
        (ROWS.ravel(), LOSSES),
        (ROWS + 1, LOSSES),
        (ROWS - 1, LOSSES),
        (ROWS.astype(float), LOSSES),
        (ROWS, {"last": np.zeros((3, 3), np.float32)}),
        (ROWS, {"last": np.zeros((3, 2), np.int8)}),
    ],
)
def test_test_losses_that_do_not_fit(rows: np.ndarray, losses: dict[str, np.ndarray]) -> None:
    with pytest.raises(InputError, match=r"^here: the losses of test examples"):
        require_test_losses(Path("here"), rows, losses, 3, 6)
