"""What a judgement needs: the losses of one view and the rules to judge them by."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """The settings of the judgement; all come from params.yaml.

    margin: least relative rise that counts (0.01 = 1 % of the best point's expected loss).
    alpha: chance of a false alarm allowed to one view, all pairs of points together.
    diverged_share: a point with a larger share of diverged replicates is `diverged`.
    resamples: bootstrap resamples behind `for_new_data`.
    stability_resamples: bootstrap resamples behind `stability`.
    memorised: level of the memorised quantity at which the training set counts as memorised.
    block: consecutive rows resampled together; 1 = independent rows, more for a series.

    Raises ValueError for a value outside its range.
    """

    margin: float
    alpha: float
    diverged_share: float
    resamples: int
    stability_resamples: int
    memorised: float
    block: int

    def __post_init__(self) -> None:
        if not (np.isfinite(self.margin) and self.margin >= 0):
            raise ValueError(f"margin {self.margin}: must be finite and at least 0")
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha {self.alpha}: must lie between 0 and 1")
        if not 0 <= self.diverged_share <= 1:
            raise ValueError(f"diverged_share {self.diverged_share}: must lie in 0..1")
        # Two, since the bootstrap needs a standard deviation.
        if self.resamples < 2:
            raise ValueError(f"resamples {self.resamples}: must be at least 2")
        if self.stability_resamples < 1:
            raise ValueError(f"stability_resamples {self.stability_resamples}: must be at least 1")
        if not self.memorised >= 0:
            raise ValueError(f"memorised {self.memorised}: must be at least 0")
        if self.block < 1:
            raise ValueError(f"block {self.block}: must be at least 1 row")


@dataclass(frozen=True)
class ViewLosses:
    """The losses of one view (recipe, stopping): D points, R replicates, a pool of N rows.

    points: D ascending integers.
    test, validation: (R, D) mean loss at this stopping.
    train_last: (R, D) train loss at the last epoch, whichever the stopping.
    test_last, test_earlier: (R, D) test loss at the last epoch and at an earlier one, for
        `still_falling`.
    finite: (R, D); False = that replicate diverged at that point (any loss not finite). Whatever
        the other arrays hold there is ignored.
    memorised: (D,) mean train error (classification), or train loss relative to the best constant
        predictor (regression).
    example_losses: (D, R, N) loss of each example at this stopping, NaN where the row is not in
        the replicate's test set. A replicate's test set is the same at every point.

    All losses are float64 and mean losses at least 0, or a relative margin would mean nothing.
    Raises ValueError otherwise, and for shapes that do not agree.
    """

    points: tuple[int, ...]
    test: FloatArray
    validation: FloatArray
    train_last: FloatArray
    test_last: FloatArray
    test_earlier: FloatArray
    finite: BoolArray
    memorised: FloatArray
    example_losses: FloatArray

    def __post_init__(self) -> None:
        shape = self.finite.shape
        if len(shape) != 2 or shape[0] < 1 or shape[1] < 1 or shape[1] != len(self.points):
            raise ValueError(f"finite has shape {shape}: (replicates, {len(self.points)}) expected")
        if any(
            later <= earlier for earlier, later in zip(self.points, self.points[1:], strict=False)
        ):
            raise ValueError(f"points {self.points}: must ascend, none twice")
        for name in ("test", "validation", "train_last", "test_last", "test_earlier"):
            losses: FloatArray = getattr(self, name)
            if losses.dtype != np.float64:
                raise ValueError(f"{name} has type {losses.dtype}: float64 expected")
            if losses.shape != shape:
                raise ValueError(f"{name} has shape {losses.shape}: {shape} expected")
            kept = losses[self.finite]
            if not (np.isfinite(kept).all() and (kept >= 0).all()):
                raise ValueError(f"{name}: a finite replicate has a loss below 0 or not finite")
        if self.memorised.shape != shape[1:]:
            raise ValueError(f"memorised has shape {self.memorised.shape}: {shape[1:]} expected")
        if self.example_losses.ndim != 3 or self.example_losses.shape[:2] != shape[::-1]:
            raise ValueError(
                f"example_losses has shape {self.example_losses.shape}: "
                f"({shape[1]}, {shape[0]}, rows) expected"
            )
        self._check_examples()

    def _check_examples(self) -> None:
        if self.example_losses.dtype != np.float64:
            raise ValueError(
                f"example_losses has type {self.example_losses.dtype}: float64 expected"
            )
        measured: BoolArray = np.isfinite(self.example_losses)
        kept = self.finite.T
        members = np.any(measured & kept[:, :, None], axis=0)
        if np.any(measured[kept] != np.broadcast_to(members, measured.shape)[kept]):
            raise ValueError("example_losses: a replicate's test set differs between points")
        if not measured[kept].any(axis=1).all():
            raise ValueError("example_losses: a finite replicate has no test example")

    @property
    def replicates(self) -> int:
        """R, diverged replicates included."""
        return int(self.finite.shape[0])
