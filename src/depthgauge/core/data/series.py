"""A daily series as examples: the last `window` days predict the next one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.core.data.prepared import FloatArray, Prepared, Splits
from depthgauge.core.data.scaling import as_float32, fit_series
from depthgauge.errors import InputError

Days = npt.NDArray[np.datetime64]
Float64Array = npt.NDArray[np.float64]
Gaps = Literal["exclude", "interpolate"]
Transform = Literal["log", "none"]


@dataclass(frozen=True)
class Windows:
    """Examples cut from a series, ordered by target day.

    inputs: (N, window) float32, oldest day first. targets: (N, 1) float32. days: (N,)
    datetime64[D], the day of each target. absent_days: days between the first and the last that
    have no value. lost: target days that have a value and `window` days of calendar before them,
    but no example because of absent days.
    """

    inputs: FloatArray
    targets: FloatArray
    days: Days
    absent_days: int
    lost: int


def transformed(days: Days, values: Float64Array, transform: Transform) -> Float64Array:
    """The values a network sees: (n,) natural logarithms (`log`) or the values as they are.

    Raises InputError for a logarithm of zero or of a negative value, naming its row and day.
    """
    if transform == "none":
        return values.astype(np.float64)
    if transform != "log":
        raise InputError(f"transform: {transform!r} is unknown; use 'log' or 'none'")
    bad = np.flatnonzero(~(values > 0))
    if bad.size:
        row = int(bad[0])
        raise InputError(
            f"row {row + 1} of the series ({days[row]}): {values[row]:g} has no logarithm; "
            "transform log needs values above 0"
        )
    logarithms: Float64Array = np.log(values)
    return logarithms


def windows(
    days: Days, values: Float64Array, window: int, gaps: Gaps, transform: Transform
) -> Windows:
    """Every run of `window` consecutive days that is followed by a day with a value.

    days: (n,) datetime64[D], strictly ascending. values: (n,). With `exclude` no run crosses an
    absent day. With `interpolate` the transformed values of absent days lie on the straight line
    between their neighbours and serve as inputs, never as targets. Even then the last input day
    must have a value of its own: on an absent day before the target, the line would end in the
    target and tell half of the answer.

    Raises InputError for a window below 1, a series shorter than one example, days that do not
    ascend, and values that have no logarithm or do not fit a float32.
    """
    if window < 1:
        raise InputError(f"window: {window} is too short; use 1 day or more")
    if gaps not in ("exclude", "interpolate"):
        raise InputError(f"gaps: {gaps!r} is unknown; use 'exclude' or 'interpolate'")
    days = days.astype("datetime64[D]")
    backward = np.flatnonzero(np.diff(days).astype(np.int64) <= 0)
    if backward.size:
        day = days[int(backward[0]) + 1]
        raise InputError(f"day {day}: does not come after the day before it; sort the days")
    span = _span(days)
    if span <= window:
        raise InputError(
            f"window: {window} days and the day they predict need {window + 1} days; "
            f"the series spans {span}"
        )

    position = (days - days[0]).astype(np.int64)
    seen = transformed(days, values, transform)
    calendar = np.interp(np.arange(span), position, seen)
    present = np.zeros(span, dtype=bool)
    present[position] = True

    candidates = present[window:]
    if gaps == "exclude":
        absent_before = np.concatenate([[0], np.cumsum(~present)])
        whole = absent_before[window:-1] == absent_before[: span - window]
    else:
        whole = present[window - 1 : -1]
    keep = np.flatnonzero(candidates & whole)
    narrow = as_float32(calendar)
    return Windows(
        inputs=np.lib.stride_tricks.sliding_window_view(narrow, window)[keep],
        targets=narrow[keep + window][:, None],
        days=days[0] + (keep + window),
        absent_days=span - days.size,
        lost=int(np.count_nonzero(candidates)) - keep.size,
    )


def time_splits(
    target_days: Days,
    first: np.datetime64,
    last: np.datetime64,
    validation_days: int,
    test_days: int,
) -> Splits:
    """One fixed split by time, (1, n) each: an example belongs to the split of its target day.

    The last `test_days` calendar days up to `last` are test, the `validation_days` before them
    validation, all earlier ones train. Inputs may reach back into the earlier split: at
    prediction time the past is known, whoever it was used for.

    Raises InputError when a split would be empty, with the number of days that are needed.
    """
    for name, count in (("validation_days", validation_days), ("test_days", test_days)):
        if count < 1:
            raise InputError(f"{name}: {count} is too few; use 1 day or more")
    span = int((last - first).astype(np.int64)) + 1
    if validation_days + test_days >= span:
        raise InputError(
            f"validation_days + test_days: {validation_days + test_days} days leave none of "
            f"the {span} days of the series for training"
        )
    first_test = last - np.timedelta64(test_days - 1, "D")
    first_validation = first_test - np.timedelta64(validation_days, "D")
    train = target_days < first_validation
    test = target_days >= first_test
    splits = {"train": train, "validation": ~train & ~test, "test": test}
    for name, members in splits.items():
        if not members.any():
            raise InputError(
                f"{name}: no window of consecutive days predicts a day of this period; make the "
                "window or the other periods shorter, or set gaps to interpolate"
            )
    return Splits(**{name: np.flatnonzero(members)[None, :] for name, members in splits.items()})


def prepare_series(
    days: Days,
    values: Float64Array,
    window: int,
    gaps: Gaps,
    transform: Transform,
    validation_days: int,
    test_days: int,
) -> tuple[Prepared, dict[str, int]]:
    """A series as a pool of windows with a split by time, and what was left out (reason: count).

    days: (n,) datetime64[D], strictly ascending. values: (n,) float64. Raises InputError as
    `windows`, `time_splits` and `scaling.fit_series` do, and when the series is too short.
    """
    span = _span(days)
    needed = window + 1 + validation_days + test_days
    if span < needed:
        raise InputError(
            f"window {window}, validation_days {validation_days} and test_days {test_days} need "
            f"{needed} days at least; the series spans {span}"
        )
    cut = windows(days, values, window, gaps, transform)
    splits = time_splits(cut.days, days[0], days[-1], validation_days, test_days)
    prepared = Prepared(
        task="regression",
        inputs=cut.inputs,
        targets=cut.targets,
        input_names=tuple(f"lag_{lag}" for lag in range(window, 0, -1)),
        row_names=tuple(str(day) for day in cut.days),
        classes=(),
        splits=splits,
        scaling=fit_series(cut.inputs, splits),
    )
    return prepared, {"absent days": cut.absent_days, "windows lost to absent days": cut.lost}


def _span(days: Days) -> int:
    """Calendar days from the first to the last, both counted."""
    return int((days.max() - days.min()).astype(np.int64)) + 1 if days.size else 0
