"""What evaluate writes: results/points.csv, threshold.json, loss-by-point.csv and answer.txt."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from depthgauge.core.threshold.verdicts import (
    Answer,
    Comparison,
    Interval,
    PointVerdict,
    ViewVerdict,
)
from depthgauge.core.training.trained import STOPPINGS
from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output, read_output

FOLDER = Path("results")
POINTS, THRESHOLD = FOLDER / "points.csv", FOLDER / "threshold.json"
LOSS_BY_POINT, ANSWER = FOLDER / "loss-by-point.csv", FOLDER / "answer.txt"

View = tuple[str, str]
Row = dict[str, object]


def point_row(view: View, axis: str, means: Mapping[str, float], verdict: PointVerdict) -> Row:
    """A row of points.csv. means: mean losses (and error rates) at the view's stopping."""
    comparison = verdict.comparison
    return {
        "recipe": view[0],
        "stopping": view[1],
        "axis": axis,
        "point": verdict.point,
        **means,
        **_bounds("test_loss", verdict.test_interval),
        "finite_replicates": verdict.finite_replicates,
        "still_falling": verdict.still_falling,
        **_comparison(comparison),
        "on_this_data": str(verdict.on_this_data),
        "for_new_data": str(verdict.for_new_data),
    }


def _comparison(comparison: Comparison | None) -> Row:
    """The paired difference from the best point; empty at that point."""
    c = comparison
    return {
        "pairs": c and c.pairs,
        "left_out": c and c.left_out,
        "test_difference": c and c.difference,
        **_bounds("test_difference", c.interval if c else None),
        "relative_rise": c and c.relative_rise,
        "last_train_difference": c and c.train_difference,
        **_bounds("last_train_difference", c.train_interval if c else None),
        "adjusted_p": c and c.adjusted_p,
        "new_data_lower_bound": c and c.lower_bound,
    }


def _bounds(name: str, interval: Interval | None) -> Row:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def threshold_entry(verdict: ViewVerdict) -> dict[str, Any]:
    """What threshold.json says of a view; null where there is nothing to say."""
    return {
        "best": verdict.best,
        "recommended": verdict.recommended,
        "overfitting_threshold": verdict.on_this_data.threshold,
        "interpolation_threshold": verdict.interpolation_threshold,
        "rise": _rise(verdict.on_this_data),
        "on_this_data": _answer(verdict.on_this_data) | {"adjusted_p": _p(verdict.on_this_data)},
        "for_new_data": _answer(verdict.for_new_data)
        | {"lower_bound": _lower_bound(verdict.for_new_data)},
        "stability": verdict.stability,
    }


def _rise(answer: Answer) -> dict[str, Any] | None:
    """The first resolved rise of test loss, as a share of the least, with its 95 % interval."""
    if answer.rise is None:
        return None
    c = answer.rise.comparison
    relative, share, interval = c.relative_rise, None, c.interval
    if relative and c.difference and interval:
        scale = relative / c.difference
        share = {"low": interval.low * scale, "high": interval.high * scale}
    return {
        "point": answer.rise.point,
        "verdict": str(answer.rise.verdict),
        "relative": relative,
        **(share or {"low": None, "high": None}),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"outcome": str(answer.outcome), "threshold": answer.threshold}


def _p(answer: Answer) -> float | None:
    """The adjusted p value of the first resolved rise."""
    return answer.rise.comparison.adjusted_p if answer.rise else None


def _lower_bound(answer: Answer) -> float | None:
    """By how much the first resolved rise exceeds the margin at least, in units of loss."""
    return answer.rise.comparison.lower_bound if answer.rise else None


def write_threshold(path: Path, entries: Mapping[View, dict[str, Any]]) -> None:
    """Write {recipe: {stopping: entry}}. Raises InputError if the file cannot be written."""
    content: dict[str, dict[str, Any]] = {}
    for (recipe, stopping), entry in entries.items():
        content.setdefault(recipe, {})[stopping] = entry
    write_file(path, json_bytes(content))


def read_threshold(path: Path) -> dict[str, dict[str, Any]]:
    """What `write_threshold` wrote. Raises InputError if it is missing or damaged."""
    content: dict[str, dict[str, Any]] = read_json_output(path)
    for recipe, entries in content.items():
        for stopping in STOPPINGS:
            entry = entries.get(stopping) if isinstance(entries, dict) else None
            if not isinstance(entry, dict) or not {"best", "overfitting_threshold"} <= entry.keys():
                raise InputError(f"{path}: {recipe}.{stopping}: is missing; run `dvc repro`")
    return content


def read_points(path: Path) -> list[dict[str, str]]:
    """The rows of points.csv as text. Raises InputError if it is missing or damaged."""
    try:
        return list(csv.DictReader(io.StringIO(read_output(path).decode())))
    except (ValueError, csv.Error):
        raise InputError(f"{path}: is damaged; run `dvc repro`") from None
