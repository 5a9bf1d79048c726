"""Losses in a long frame as arrays; what is missing, doubled or impossible is told in one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.statistics.stopping import FloatArray, IntArray


@dataclass(frozen=True)
class Names:
    """The columns of a frame."""

    point: str
    replicate: str
    split: str
    loss: str
    epoch: str
    row: str
    group: str

    def place(self, point: Any, replicate: Any) -> str:
        """Where something is: "depth 3, replicate 7"."""
        return f"{self.point} {point}, {self.replicate} {replicate}"


@dataclass(frozen=True)
class Losses:
    """points: their values, as they come. replicates: likewise, sorted.

    curves: of each point, losses (R, E) by split. trained: whether there are epochs.
    """

    points: Sequence[Any]
    replicates: Sequence[Any]
    curves: Sequence[Mapping[str, FloatArray]]
    trained: bool


@dataclass(frozen=True)
class Examples:
    """losses: (D, R, N), NaN where a row is not tested. groups: (N,) numbers, None without."""

    losses: FloatArray
    groups: IntArray | None


def read_losses(frame: pd.DataFrame, names: Names) -> Losses:
    """Raises ValueError with the first thing that is wrong."""
    _require(frame, "frame", [names.point, names.replicate, names.split, names.loss])
    trained = names.epoch in frame.columns
    splits = _splits(frame[names.split], names.split)
    losses = _numbers(frame[names.loss], names.loss, "frame")
    codes, points = _codes(frame[names.point], "frame", sort=False)
    places, replicates = _codes(frame[names.replicate], "frame", sort=True)
    epochs, steps = np.zeros(len(frame), np.int64), [0]
    if trained:
        epochs, steps = _codes(frame[names.epoch], "frame", sort=True)
    negative = np.flatnonzero(losses < 0)
    if negative.size:
        where = names.place(points[codes[negative[0]]], replicates[places[negative[0]]])
        raise ValueError(
            f"frame: {where}: {names.loss} {losses[negative[0]]:.4g} is below 0; of a score give "
            "1 - score, or -score of scikit-learn's neg_..."
        )
    shape = (len(points), len(SPLIT_NAMES), len(replicates), len(steps))
    flat = np.ravel_multi_index((codes, splits, places, epochs), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)

    def at(place: tuple[int, ...]) -> str:
        end = f", {names.epoch} {steps[place[3]]}" if trained else ""
        return f"{names.place(points[place[0]], replicates[place[2]])}{end}"

    twice = np.argwhere(counts > 1)
    if len(twice):
        first = tuple(map(int, twice[0]))
        raise ValueError(f"frame: {at(first)}: {SPLIT_NAMES[first[1]]} is given twice")
    given = counts > 0
    for name in ("train", "test"):
        if not given[:, SPLIT_NAMES.index(name)].any():
            why = "; what rises with train loss is no overfitting" if name == "train" else ""
            raise ValueError(f"frame: {names.split}: there is no {name!r}{why}")
    values = np.full(shape, np.nan)
    values.reshape(-1)[flat] = losses
    kept = [k for k in range(len(SPLIT_NAMES)) if given[:, k].any()]
    curves = []
    for place in range(len(points)):
        # Points may have been trained for different times.
        long = given[place].any(axis=(0, 1))
        missing = np.argwhere(~given[place][kept][:, :, long])
        if len(missing):
            split, replicate, epoch = map(int, missing[0])
            where = at((place, kept[split], replicate, int(np.flatnonzero(long)[epoch])))
            raise ValueError(
                f"frame: {where}: has no {SPLIT_NAMES[kept[split]]} {names.loss}; give every "
                f"{names.replicate} of every {names.point}, NaN where it diverged"
            )
        curves.append({f"{SPLIT_NAMES[k]}_loss": values[place, k][:, long] for k in kept})
    return Losses(points, replicates, curves, trained)


def read_examples(frame: pd.DataFrame, names: Names, losses: Losses) -> Examples:
    """The loss of each test example after the last epoch.

    Raises ValueError with the first thing that is wrong: another test set at another point, or
    losses whose mean is not the test loss.
    """
    _require(frame, "examples", [names.point, names.replicate, names.row, names.loss])
    values = _numbers(frame[names.loss], names.loss, "examples")
    codes = _known(frame[names.point], losses.points, names.point)
    places = _known(frame[names.replicate], losses.replicates, names.replicate)
    rows, every = _codes(frame[names.row], "examples", sort=True)
    shape = (len(losses.points), len(losses.replicates), len(every))
    flat = np.ravel_multi_index((codes, places, rows), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    if (counts > 1).any():
        point, replicate, row = np.argwhere(counts > 1)[0]
        at = names.place(losses.points[point], losses.replicates[replicate])
        raise ValueError(f"examples: {at}, {names.row} {every[row]}: is given twice")
    differs = np.argwhere((counts > 0) != (counts > 0).any(axis=0))
    if len(differs):
        point, replicate, row = differs[0]
        at = names.place(losses.points[point], losses.replicates[replicate])
        raise ValueError(
            f"examples: {at}: has no {names.row} {every[row]}, which another {names.point} has; a "
            f"{names.replicate} is tested on the same rows at every {names.point}"
        )
    untested = np.flatnonzero(~(counts > 0).any(axis=(0, 2)))
    if untested.size:
        missing = losses.replicates[untested[0]]
        raise ValueError(f"examples: {names.replicate} {missing}: has no test example")
    found = np.full(shape, np.nan)
    found.reshape(-1)[flat] = values
    _same_means(found, losses, names)
    return Examples(found, _groups(frame, names, rows, every))


def _same_means(found: FloatArray, losses: Losses, names: Names) -> None:
    tests = np.stack([curves["test_loss"][:, -1] for curves in losses.curves])
    counts = np.maximum(np.isfinite(found).sum(axis=2), 1)
    means = np.where(np.isfinite(found), found, 0.0).sum(axis=2) / counts
    # A mean in float32 has lost a few digits.
    wrong = np.argwhere(np.isfinite(tests) & (np.abs(means - tests) > 1e-3 * np.abs(tests) + 1e-9))
    if len(wrong):
        point, replicate = wrong[0]
        at = names.place(losses.points[point], losses.replicates[replicate])
        raise ValueError(
            f"examples: {at}: their mean is {means[point, replicate]:.6g}, and the frame's test "
            f"{names.loss} is {tests[point, replicate]:.6g}"
        )


def _groups(
    frame: pd.DataFrame, names: Names, rows: IntArray, every: Sequence[Any]
) -> IntArray | None:
    if names.group not in frame.columns:
        return None
    numbers, groups = _codes(frame[names.group], "examples", sort=True)
    found = np.full(len(every), -1, np.int64)
    found[rows] = numbers
    other = np.flatnonzero(found[rows] != numbers)
    if other.size:
        row = rows[other[0]]
        both = groups[numbers[other[0]]], groups[found[row]]
        raise ValueError(
            f"examples: {names.row} {every[row]}: is of {names.group} {both[0]} and of {both[1]}"
        )
    return found


def _require(frame: pd.DataFrame, what: str, columns: Sequence[str]) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{what}: is a {type(frame).__name__}; a pandas DataFrame is needed")
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(
            f"{what}: has no column {missing[0]!r}; it has {', '.join(map(str, frame.columns))}"
        )
    if frame.empty:
        raise ValueError(f"{what}: has no rows")


def _splits(column: pd.Series, name: str) -> IntArray:
    codes = np.asarray(pd.Index(SPLIT_NAMES).get_indexer(pd.Index(column)), np.int64)
    odd = np.flatnonzero(codes < 0)
    if odd.size:
        raise ValueError(
            f"frame: {name} {column.iloc[odd[0]]!r} is none of {', '.join(SPLIT_NAMES)}"
        )
    return codes


def _numbers(column: pd.Series, name: str, what: str) -> FloatArray:
    found = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    words = np.flatnonzero(np.isnan(found) & column.notna().to_numpy())
    if words.size:
        raise ValueError(f"{what}: {name} {column.iloc[words[0]]!r} is no number")
    return found


def _codes(column: pd.Series, what: str, sort: bool) -> tuple[IntArray, list[Any]]:
    """Numbers of the values from 0, and the values. None may be missing."""
    if column.isna().any():
        raise ValueError(f"{what}: {column.name}: row {int(column.isna().argmax())} has none")
    try:
        codes, values = pd.factorize(column, sort=sort)
    except TypeError:
        raise ValueError(f"{what}: {column.name}: numbers and words are mixed") from None
    return codes.astype(np.int64), list(values)


def _known(column: pd.Series, known: Sequence[Any], name: str) -> IntArray:
    codes = pd.Index(known).get_indexer(pd.Index(column)).astype(np.int64)
    odd = np.flatnonzero(codes < 0)
    if odd.size:
        raise ValueError(f"examples: {name} {column.iloc[odd[0]]!r} is not in the frame")
    return np.asarray(codes)
