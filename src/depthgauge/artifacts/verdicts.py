"""What evaluate writes: results/points.csv, threshold.json, loss-by-point.csv and answer.txt.

points.csv and threshold.json together hold a verdict whole: `read_verdicts` makes it again.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from depthgauge.errors import InputError
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.contents import read_json_output, read_output
from depthgauge.statistics.double_descent import Descent, Descents
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import (
    Answer,
    Comparison,
    Interval,
    PointVerdict,
    Rise,
    ViewVerdict,
)
from depthgauge.statistics.words import RISES, Outcome, Verdict

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


def threshold_entry(verdict: ViewVerdict, descents: Descents) -> dict[str, Any]:
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
        "second_descent": {
            quantity: None if descent is None else asdict(descent)
            for quantity, descent in descents.items()
        },
    }


def _rise(answer: Answer) -> dict[str, Any] | None:
    """The first resolved rise of test loss, as a share of the least, with its 95 % interval."""
    if answer.rise is None:
        return None
    comparison = answer.rise.comparison
    interval = comparison.relative_interval
    return {
        "point": answer.rise.point,
        "verdict": str(answer.rise.verdict),
        "relative": comparison.relative_rise,
        "low": interval and interval.low,
        "high": interval and interval.high,
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


def read_answer(path: Path) -> tuple[str, str]:
    """The answer sentence, and the lines below it. Raises InputError if they are missing."""
    try:
        answer, _, rest = read_output(path).decode().partition("\n")
    except ValueError:
        answer = rest = ""
    if not answer.endswith(".") or not rest:
        raise InputError(f"{path}: is damaged; run `dvc repro`")
    return answer, rest


def read_verdicts(folder: Path, points: Sequence[int], replicates: int) -> dict[View, ViewVerdict]:
    """The verdicts of all views, to the nine digits of points.csv.

    folder: the experiment's. points, replicates: of the settings. Raises InputError if a file is
    missing, damaged or of other points.
    """
    found = read_threshold(folder / THRESHOLD)
    rows: dict[View, list[dict[str, str]]] = {}
    for row in read_points(folder / POINTS):
        rows.setdefault((row.get("recipe", ""), row.get("stopping", "")), []).append(row)
    verdicts = {}
    for recipe, entries in found.items():
        for stopping in STOPPINGS:
            own, last = rows.get((recipe, stopping), []), rows.get((recipe, "last"), [])
            try:
                known = [int(row["point"]) for row in own]
                if known != list(points) or len(last) != len(own):
                    raise InputError(f"{folder / POINTS}: is of other points; run `dvc repro`")
                judged = tuple(map(_point_verdict, own, last))
                verdict = _view_verdict(entries[stopping], judged, replicates)
            except (LookupError, ValueError, TypeError):
                raise InputError(f"{folder / POINTS}: is damaged; run `dvc repro`") from None
            if not {verdict.best, verdict.on_this_data.threshold} <= {None, *points}:
                raise InputError(f"{folder / THRESHOLD}: is of other points; run `dvc repro`")
            verdicts[recipe, stopping] = verdict
    return verdicts


def read_descents(folder: Path) -> dict[View, Descents]:
    """What threshold.json says of a second descent in each view.

    folder: the experiment's. Raises InputError if the file is missing or damaged.
    """
    path = folder / THRESHOLD
    try:
        return {
            (recipe, stopping): {
                quantity: entry and _descent(entry)
                for quantity, entry in entries[stopping]["second_descent"].items()
            }
            for recipe, entries in read_threshold(path).items()
            for stopping in STOPPINGS
        }
    except (LookupError, TypeError, AttributeError):
        raise InputError(f"{path}: second_descent: is damaged; run `dvc repro`") from None


def _descent(entry: dict[str, Any]) -> Descent:
    interval = entry["interval"]
    return Descent(**{**entry, "interval": interval and Interval(**interval)})


def _view_verdict(
    entry: dict[str, Any], points: tuple[PointVerdict, ...], replicates: int
) -> ViewVerdict:
    def answer(name: str) -> Answer:
        rises = (
            Rise(point.point, getattr(point, name), point.comparison)
            for point in points
            if getattr(point, name) in RISES and point.comparison is not None
        )
        said = entry[name]
        return Answer(Outcome(said["outcome"]), said["threshold"], next(rises, None))

    return ViewVerdict(
        points=points,
        best=entry["best"],
        recommended=entry["recommended"],
        interpolation_threshold=entry["interpolation_threshold"],
        on_this_data=answer("on_this_data"),
        for_new_data=answer("for_new_data"),
        stability=entry["stability"],
        replicates=replicates,
    )


def _point_verdict(row: dict[str, str], last: dict[str, str]) -> PointVerdict:
    """last: the row of the same point after the last epoch, whose train loss counts."""
    return PointVerdict(
        point=int(row["point"]),
        on_this_data=Verdict(row["on_this_data"]),
        for_new_data=Verdict(row["for_new_data"]),
        finite_replicates=int(row["finite_replicates"]),
        test_mean=_number(row["test_loss"]),
        test_interval=_interval(row, "test_loss"),
        validation_mean=_number(row["validation_loss"]),
        train_mean=_number(last["train_loss"]),
        still_falling={"true": True, "false": False, "": None}[row["still_falling"]],
        comparison=_read_comparison(row) if row["pairs"] else None,
    )


def _read_comparison(row: dict[str, str]) -> Comparison:
    return Comparison(
        pairs=int(row["pairs"]),
        left_out=int(row["left_out"]),
        difference=_number(row["test_difference"]),
        interval=_interval(row, "test_difference"),
        relative_rise=_number(row["relative_rise"]),
        train_difference=_number(row["last_train_difference"]),
        train_interval=_interval(row, "last_train_difference"),
        adjusted_p=_number(row["adjusted_p"]),
        lower_bound=_number(row["new_data_lower_bound"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _interval(row: dict[str, str], name: str) -> Interval | None:
    low, high = _number(row[f"{name}_low"]), _number(row[f"{name}_high"])
    return None if low is None or high is None else Interval(low, high)
