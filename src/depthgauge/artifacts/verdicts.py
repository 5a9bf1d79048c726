"""results/verdicts.json: all that evaluate finds out, written whole and read by its own type.

points.csv, threshold.json, loss-by-point.csv and answer.txt are derived from it for people, DVC and
other programs; nothing here reads them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.csv_files import write_table
from depthgauge.files.outputs import intact, read_output, require_same
from depthgauge.settings.schema import RECIPES, Settings
from depthgauge.statistics.estimates import Comparison, Interval
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import Answer, JudgedView, Verdicts, ViewVerdict

FOLDER = Path("results")
VERDICTS = FOLDER / "verdicts.json"
POINTS, THRESHOLD = FOLDER / "points.csv", FOLDER / "threshold.json"
LOSS_BY_POINT, ANSWER = FOLDER / "loss-by-point.csv", FOLDER / "answer.txt"
# What a person is shown of them.
FILES = (POINTS, THRESHOLD, ANSWER, VERDICTS)

Row = dict[str, object]
_VERDICTS = TypeAdapter(Verdicts)


def write_verdicts(folder: Path, verdicts: Verdicts) -> None:
    """Write the verdicts and all that is derived from them; folder: the experiment's.

    Raises InputError if a file cannot be written.
    """
    write_table(folder / POINTS, [row for view in verdicts.views for row in _rows(verdicts, view)])
    write_table(folder / LOSS_BY_POINT, _loss_by_point(verdicts))
    threshold: dict[str, dict[str, Any]] = {}
    for view in verdicts.views:
        threshold.setdefault(view.recipe, {})[view.stopping] = _threshold(view.verdict)
    write_file(folder / THRESHOLD, json_bytes(threshold))
    write_file(folder / ANSWER, verdicts.answer.encode())
    # Last: whoever reads it finds the others of the same run.
    write_file(folder / VERDICTS, _VERDICTS.dump_json(verdicts, indent=1) + b"\n")


def read_verdicts(folder: Path, settings: Settings) -> Verdicts:
    """What `write_verdicts` wrote, which must be of the present settings.

    Raises InputError if it is missing, damaged or of another axis, other points, recipes or
    replicates.
    """
    path = folder / VERDICTS
    data = read_output(path)
    with intact(path):
        verdicts = _VERDICTS.validate_json(data)
    names = ("axis", "points", "replicates", "recipes and stoppings")
    now = (settings.axis, settings.points, settings.replicates, settings.views)
    then = (verdicts.axis, list(verdicts.points), verdicts.replicates, list(verdicts.by_view))
    require_same(path, dict(zip(names, then, strict=True)), dict(zip(names, now, strict=True)))
    return verdicts


def _rows(verdicts: Verdicts, view: JudgedView) -> list[Row]:
    """The rows of points.csv of one view."""
    return [
        {
            "recipe": view.recipe,
            "stopping": view.stopping,
            "axis": verdicts.axis,
            "point": point.point,
            **point.means,
            **_bounds("test_loss", point.estimates["test_loss"].interval),
            **_bounds("test_loss_crossed", point.crossed_interval),
            "finite_replicates": point.finite_replicates,
            "still_falling": point.still_falling,
            **_comparison(point.comparison),
            "on_this_data": str(point.on_this_data),
            "for_new_data": str(point.for_new_data),
        }
        for point in view.verdict.points
    ]


def _comparison(c: Comparison | None) -> Row:
    """The paired difference from the best point; empty at that point."""
    return {
        "pairs": c and c.pairs,
        "left_out": c and c.left_out,
        "test_difference": c and c.difference,
        **_bounds("test_difference", c.interval if c else None),
        **_bounds("test_difference_crossed", c.crossed_interval if c else None),
        "relative_rise": c and c.relative_rise,
        "train_difference": c and c.train_difference,
        **_bounds("train_difference", c.train_interval if c else None),
        "gap_difference": c and c.gap_difference,
        **_bounds("gap_difference", c.gap_interval if c else None),
        "gap_share": c and c.gap_share,
        **_bounds("gap_share", c.share_interval if c else None),
        "adjusted_p": c and c.adjusted_p,
        "adjusted_p_below": c and c.adjusted_p_below,
        "new_data_lower_bound": c and c.lower_bound,
        "new_data_upper_bound": c and c.upper_bound,
        "smallest_rise": c and c.smallest_rise,
        "smallest_rise_new_data": c and c.smallest_rise_new,
    }


def _bounds(name: str, interval: Interval | None) -> Row:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _loss_by_point(verdicts: Verdicts) -> list[Row]:
    """A row a point and a column for each view's train and test loss: what `dvc plots` draws.

    Every recipe has its columns, empty where it is not among the settings', since dvc.yaml names
    them all.
    """
    by_view: Mapping[tuple[str, str], ViewVerdict] = verdicts.by_view
    table = []
    for place, point in enumerate(verdicts.points):
        row: Row = {verdicts.axis: point}
        for recipe in RECIPES:
            for stopping in STOPPINGS:
                view = by_view.get((recipe, stopping))
                means = view.points[place].means if view else {}
                for split in ("train", "test"):
                    row[f"{recipe}_{stopping}_{split}"] = means.get(f"{split}_loss")
        table.append(row)
    return table


def _threshold(verdict: ViewVerdict) -> dict[str, Any]:
    """What threshold.json says of a view; null where there is nothing to say."""
    this, new = verdict.on_this_data, verdict.for_new_data
    return {
        "best": verdict.best,
        "recommended": verdict.recommended,
        "least_validation": verdict.least_validation,
        "overfitting_threshold": this.threshold,
        "not_excluded": list(this.not_excluded),
        "interpolation_threshold": verdict.interpolation_threshold,
        "rise": _rise(this),
        # Of the first resolved rise: the adjusted p value, and by how much it exceeds the margin at
        # least, in units of loss.
        "on_this_data": _answer(this)
        | {"adjusted_p": this.rise and this.rise.comparison.adjusted_p},
        "for_new_data": _answer(new)
        | {"lower_bound": new.rise and new.rise.comparison.lower_bound},
        "stability": verdict.stability,
        # DVC takes a key `error` with a value for a metrics file that failed.
        "second_descent": {
            {"error": "error_rate"}.get(quantity, quantity): descent and asdict(descent)
            for quantity, descent in verdict.double_descent.items()
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
        **_bounds("crossed", comparison.relative_crossed_interval),
        "gap_share": comparison.gap_share,
        **_bounds("gap_share", comparison.share_interval),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"outcome": str(answer.outcome), "threshold": answer.threshold}
