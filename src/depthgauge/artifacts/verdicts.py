"""results/verdicts.json: all that evaluate finds out, written whole and read by its own type.

points.csv, metric-points.csv, threshold.json, metrics/, loss-by-point.csv and answer.txt are
derived from it for people, DVC and other programs; nothing here reads them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from depthgauge.artifacts.dvc_metrics import write_dvc_metrics
from depthgauge.artifacts.metrics import METRICS
from depthgauge.data.dataset import SPLIT_NAMES
from depthgauge.files.atomic import json_bytes, write_file
from depthgauge.files.csv_files import write_table
from depthgauge.files.digests import file_digest, json_digest
from depthgauge.files.outputs import StaleError, intact, read_json_output, require_same
from depthgauge.settings.schema import RECIPES, Settings
from depthgauge.statistics.estimates import Bounds, Comparison, Interval
from depthgauge.statistics.stopping import STOPPINGS
from depthgauge.statistics.verdicts import Answer, JudgedView, PointVerdict, Verdicts, ViewVerdict

FOLDER = Path("results")
VERDICTS = FOLDER / "verdicts.json"
POINTS, THRESHOLD = FOLDER / "points.csv", FOLDER / "threshold.json"
METRIC_POINTS = FOLDER / "metric-points.csv"
LOSS_BY_POINT, ANSWER = FOLDER / "loss-by-point.csv", FOLDER / "answer.txt"
# What a person is shown of them.
FILES = (POINTS, METRIC_POINTS, THRESHOLD, ANSWER, VERDICTS)

Row = dict[str, object]
# Beside what is found out: of all of it, and of the metrics of the same run.
_DIGESTS = "digests"
_VERDICTS = TypeAdapter(Verdicts)


def write_verdicts(folder: Path, verdicts: Verdicts) -> None:
    """Write the verdicts and all that is derived from them; folder: the experiment's.

    The metrics of the run are there already. Raises InputError if a file cannot be written.
    """
    write_table(folder / POINTS, point_rows(verdicts))
    write_table(folder / METRIC_POINTS, _metric_points(verdicts), ("recipe", "metric"))
    write_table(folder / LOSS_BY_POINT, _loss_by_point(verdicts))
    threshold: dict[str, dict[str, Any]] = {}
    for view in verdicts.views:
        by_metric = {name: _threshold(verdict) for name, verdict in view.metrics.items()}
        whole = _threshold(view.verdict) | {"by_metric": by_metric}
        threshold.setdefault(view.recipe, {})[view.stopping] = whole
    write_file(folder / THRESHOLD, json_bytes(threshold))
    write_dvc_metrics(folder, verdicts)
    write_file(folder / ANSWER, verdicts.answer.encode())
    # Last: whoever reads it finds the others of the same run.
    content = _VERDICTS.dump_python(verdicts, mode="json")
    digests = {VERDICTS.name: json_digest(content)}
    if (folder / METRICS).exists():
        digests[METRICS.name] = file_digest(folder / METRICS)
    # In the order of the settings, as metrics are.
    text = json.dumps(content | {_DIGESTS: digests}, indent=1, ensure_ascii=False, allow_nan=False)
    write_file(folder / VERDICTS, f"{text}\n".encode())


def read_verdicts(folder: Path, settings: Settings) -> Verdicts:
    """What `write_verdicts` wrote, which must be of the present settings.

    Raises InputError if it is missing, damaged or of another axis, other points, recipes or
    replicates, or if a number of it or of the metrics was changed since. Files of earlier versions
    have no digests.
    """
    path = folder / VERDICTS
    content = read_json_output(path)
    with intact(path, RecursionError):
        digests = dict[str, str](content.pop(_DIGESTS, {}))
        found = {VERDICTS: json_digest(content)} if digests else {}
        verdicts = _VERDICTS.validate_json(json.dumps(content))
    if METRICS.name in digests and (folder / METRICS).exists():
        found[METRICS] = file_digest(folder / METRICS)
    for name, digest in found.items():
        if digests.get(name.name) != digest:
            raise StaleError(f"{folder / name}: is not what evaluate wrote")
    names = ("axis", "points", "replicates", "metrics", "recipes and stoppings")
    now = (*(settings.axis, settings.points, settings.trained), *(settings.metrics, settings.views))
    then = (
        *(verdicts.axis, list(verdicts.points), verdicts.replicates),
        *(verdicts.metrics, list(verdicts.by_view)),
    )
    require_same(path, dict(zip(names, then, strict=True)), dict(zip(names, now, strict=True)))
    return verdicts


def last_verdicts(folder: Path, settings: Settings) -> Verdicts | None:
    """What an earlier run found over the same axis, whatever its other settings; None without."""
    path = folder / VERDICTS
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_bytes())
        content.pop(_DIGESTS, None)
        found = _VERDICTS.validate_json(json.dumps(content))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return found if found.axis == settings.axis else None


def point_rows(verdicts: Verdicts) -> list[Row]:
    """The rows of points.csv: one for each view and point."""
    return [
        {
            **_place(verdicts, view, point),
            **point.means,
            **_bounds("test_loss", point.estimates["test_loss"].interval),
            **_bounds("test_loss_crossed", point.crossed_interval),
            "finite_replicates": point.finite_replicates,
            "memorised_replicates": point.memorised,
            "train_loss_median": point.train_median,
            "still_falling": point.still_falling,
            **_comparison(point.comparison),
            **_said(point),
        }
        for view in verdicts.views
        for point in view.verdict.points
    ]


def _metric_points(verdicts: Verdicts) -> list[Row]:
    """The rows of metric-points.csv: of each metric its cost, as points.csv has the loss."""
    return [
        {
            **_place(verdicts, view, point),
            "metric": name,
            **{f"{split}_cost": point.means[f"{split}_loss"] for split in SPLIT_NAMES},
            **_bounds("test_cost", point.estimates["test_loss"].interval),
            **_bounds("test_cost_crossed", point.crossed_interval),
            "finite_replicates": point.finite_replicates,
            **_comparison(point.comparison),
            **_said(point),
        }
        for view in verdicts.views
        for name, verdict in view.metrics.items()
        for point in verdict.points
    ]


def _place(verdicts: Verdicts, view: JudgedView, point: PointVerdict) -> Row:
    names = ("recipe", "stopping", "axis", "point")
    return dict(zip(names, (view.recipe, view.stopping, verdicts.axis, point.point), strict=True))


def _said(point: PointVerdict) -> Row:
    return {
        "on_this_data": str(point.on_this_data),
        "for_new_data": str(point.for_new_data),
        "for_new_groups": point.for_new_groups and str(point.for_new_groups),
    }


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
        "smallest_rise": c and c.smallest_rise,
        **_beyond_data("new_data", c.new_data if c else None),
        **_beyond_data("new_groups", c.new_groups if c else None),
    }


def _beyond_data(name: str, bounds: Bounds | None) -> Row:
    return {
        f"{name}_lower_bound": bounds and bounds.lower,
        f"{name}_upper_bound": bounds and bounds.upper,
        f"smallest_rise_{name}": bounds and bounds.smallest_rise,
        f"smallest_rise_{name}_limit": bounds and bounds.limit,
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
    groups = verdict.for_new_groups
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
        "for_new_data": _beyond(new, "new_data"),
        **({"for_new_groups": _beyond(groups, "new_groups")} if groups else {}),
        "stability": verdict.stability,
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
        "variance_shares": {
            source: {"share": share.value, **_bounds("share", share.interval)}
            for source, share in comparison.variance_shares.items()
        },
    }


def _beyond(answer: Answer, question: str) -> dict[str, Any]:
    bounds: Bounds | None = getattr(answer.rise.comparison, question) if answer.rise else None
    return _answer(answer) | {"lower_bound": bounds and bounds.lower}


def _answer(answer: Answer) -> dict[str, Any]:
    return {"outcome": str(answer.outcome), "threshold": answer.threshold}
