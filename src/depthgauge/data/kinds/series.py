"""Daily series as examples: the last `window` days of some columns predict later days of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import FloatArray, IntArray, Prepared, Splits
from depthgauge.data.scaling import as_float32, fit
from depthgauge.errors import InputError

Days = npt.NDArray[np.datetime64]
Float64Array = npt.NDArray[np.float64]
Gaps = Literal["exclude", "interpolate", "ignore"]
Transform = Literal["log", "none"]


@dataclass(frozen=True)
class Windows:
    """Examples cut from a series, ordered by their days.

    inputs: (N, C, window) float32, oldest day first. targets: (N, steps) float32. days: (N,)
    datetime64[D], the first predicted day of each. absent_days: days between the first and the
    last that have no row. lost: examples whose predicted days all have a row and whose window
    lies in the calendar, but that are none because of absent days in the window.
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
    days: Days,
    inputs: Float64Array,
    target: Float64Array,
    window: int,
    horizon: int,
    steps: int,
    gaps: Literal["exclude", "interpolate"],
) -> Windows:
    """Every run of `window` consecutive days whose predicted days all have a row.

    days: (n,) datetime64[D], strictly ascending. inputs: (n, C). target: (n,). Predicted are
    `steps` days, the first of them `horizon` days after the last input day. With `exclude` no
    run crosses an absent day. With `interpolate` the inputs of absent days lie on the straight
    line between their neighbours; targets never do. Even then the last input day must have a row
    of its own: on an absent day before the target, the line would end in the target and tell
    half of the answer.

    Raises InputError for a window, horizon or steps below 1, a series shorter than one example,
    days that do not ascend, and values that do not fit a float32.
    """
    for name, length in (("window", window), ("horizon", horizon), ("steps", steps)):
        if length < 1:
            raise InputError(f"{name}: {length} is too short; use 1 day or more")
    if gaps not in ("exclude", "interpolate"):
        raise InputError(f"gaps: {gaps!r} is unknown; use 'exclude' or 'interpolate'")
    days = days.astype("datetime64[D]")
    backward = np.flatnonzero(np.diff(days).astype(np.int64) <= 0)
    if backward.size:
        day = days[int(backward[0]) + 1]
        raise InputError(f"day {day}: does not come after the day before it; sort the days")
    span, needed = _span(days), _needed(window, horizon, steps)
    if span < needed:
        raise InputError(
            f"window: {window} days and the days they predict need {needed} days; "
            f"the series spans {span}"
        )

    position = (days - days[0]).astype(np.int64)
    calendar = np.arange(span)
    present = np.zeros(span, dtype=bool)
    present[position] = True
    # Checked before, converted after: a line between two numbers has their digits in float64.
    as_float32(inputs)
    lines = [np.interp(calendar, position, column) for column in inputs.T]
    answers = np.zeros(span, dtype=np.float32)
    answers[position] = as_float32(target)

    # Example i has the input days i to i + window - 1.
    sliding = np.lib.stride_tricks.sliding_window_view
    predicted = np.all(sliding(present, steps)[window + horizon - 1 :], axis=1)
    if gaps == "exclude":
        whole = np.all(sliding(present, window)[: predicted.size], axis=1)
    else:
        whole = present[window - 1 :][: predicted.size]
    keep = np.flatnonzero(predicted & whole)
    first = keep + window + horizon - 1
    narrow = np.stack([line.astype(np.float32) for line in lines])
    return Windows(
        inputs=sliding(narrow, window, axis=1)[:, keep].transpose(1, 0, 2),
        targets=sliding(answers, steps)[first],
        days=days[0] + first,
        absent_days=span - days.size,
        lost=int(np.count_nonzero(predicted)) - keep.size,
    )


def time_splits(
    first_days: Days,
    steps: int,
    first: np.datetime64,
    last: np.datetime64,
    validation_days: int,
    test_days: int,
) -> Splits:
    """One fixed split by time, (1, n) each: an example belongs to the period of its target days.

    first_days: (N,) the first of the `steps` days that each example predicts. The last
    `test_days` calendar days up to `last` are test, the `validation_days` before them
    validation, all earlier ones train. An example that predicts days of two periods is in no
    split. Inputs may reach back into the earlier period: at prediction time the past is known,
    whoever it was used for.

    Raises InputError when a split would be empty, with the number of days that are needed.
    """
    for name, count in (("validation_days", validation_days), ("test_days", test_days)):
        if count < steps:
            many = "1 day" if steps == 1 else f"the {steps} days that a window predicts,"
            raise InputError(f"{name}: {count} is too few; use {many} or more")
    span = int((last - first).astype(np.int64)) + 1
    if validation_days + test_days >= span:
        raise InputError(
            f"validation_days + test_days: {validation_days + test_days} days leave none of "
            f"the {span} days of the series for training"
        )
    first_test = last - np.timedelta64(test_days - 1, "D")
    first_validation = first_test - np.timedelta64(validation_days, "D")
    last_days = first_days + np.timedelta64(steps - 1, "D")
    splits = {
        "train": last_days < first_validation,
        "validation": (first_days >= first_validation) & (last_days < first_test),
        "test": first_days >= first_test,
    }
    for name, members in splits.items():
        if not members.any():
            raise InputError(
                f"{name}: no window of consecutive days predicts a day of this period; make the "
                "window or the other periods shorter, or set gaps to interpolate"
            )
    return Splits(**{name: np.flatnonzero(members)[None, :] for name, members in splits.items()})


def prepare_series(
    days: Days,
    inputs: Float64Array,
    input_names: Sequence[str],
    target: Float64Array,
    window: int,
    horizon: int,
    steps: int,
    gaps: Gaps,
    validation_days: int,
    test_days: int,
    names: Sequence[str] | None = None,
) -> tuple[Prepared, dict[str, int]]:
    """Series as a pool of windows with a split by time, and what was left out (reason: count).

    days: (n,) datetime64[D], strictly ascending. inputs: (n, C) and target: (n,), both
    `transformed` where that is wanted. The inputs of an example are column after column, oldest
    day first, named "views lag 3" for the value 3 days before the first predicted day. The days
    of a column share one scaling. The task is regression for one step, else structured. With the
    gaps `ignore` each row is a step from the one before, whatever days they have: months, hours
    and trading days are then counted as days are. names: (n,) what the rows are called, if not by
    their days. Raises InputError as `windows`, `time_splits` and `scaling.fit` do, and when the
    series is too short.
    """
    if inputs.shape[1] == 0:
        raise InputError("inputs: no column; name one or more")
    names = [str(day) for day in days] if names is None else names
    if gaps == "ignore":
        days, gaps = np.datetime64("1970-01-01") + np.arange(len(days)), "exclude"
    span = _span(days)
    needed = _needed(window, horizon, steps) + validation_days + test_days
    if span < needed:
        raise InputError(
            f"window {window}, horizon {horizon}, steps {steps}, validation_days "
            f"{validation_days} and test_days {test_days} need {needed} days at least; "
            f"the series spans {span}"
        )
    cut = windows(days, inputs, target, window, horizon, steps, gaps)
    splits = time_splits(cut.days, steps, days[0], days[-1], validation_days, test_days)
    columns = inputs.shape[1]
    pool = cut.inputs.reshape(len(cut.days), columns * window)
    groups: IntArray = np.repeat(np.arange(columns, dtype=np.int64), window)
    prepared = Prepared(
        task="regression" if steps == 1 else "structured",
        inputs=pool,
        targets=cut.targets,
        input_names=tuple(
            f"{name} lag {lag}"
            for name in input_names
            for lag in range(window + horizon - 1, horizon - 1, -1)
        ),
        row_names=tuple(names[row] for row in np.searchsorted(days, cut.days)),
        classes=(),
        splits=splits,
        scaling=fit(pool, cut.targets, groups, splits),
        scaling_groups=groups,
        train_targets=None,
        reference=None,
        input_shape=(window,) if columns == 1 else (columns, window),
        target_shape=(steps,),
    )
    return prepared, {"absent days": cut.absent_days, "windows lost to absent days": cut.lost}


def _needed(window: int, horizon: int, steps: int) -> int:
    """Calendar days of one example, from its first input day to its last target day."""
    return window + horizon - 1 + steps


def _span(days: Days) -> int:
    """Calendar days from the first to the last, both counted."""
    return int((days.max() - days.min()).astype(np.int64)) + 1 if days.size else 0
