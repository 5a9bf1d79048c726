"""What each run holds: names, tags, parameters, metrics, files; nothing here knows MLflow."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from depthgauge.tracking.commit import Commit
from depthgauge.tracking.curves import (
    Metrics,
    diverged_at,
    point_metrics,
    replicate_metrics,
)
from depthgauge.tracking.notes import point_note, replicate_note, summary_note, with_verdicts
from depthgauge.tracking.results import Expected, Summary, TrainedPoint, inputs_digest

KIND = "depthgauge.kind"
CONTENT = "depthgauge.content_digest"
PENDING = "depthgauge.logging_digest"
INPUTS = "depthgauge.inputs_digest"
CURRENT = "depthgauge.current"
LIVE = "depthgauge.live"
ORIGIN = "depthgauge.origin"
REPLICATE = "depthgauge.replicate"
STUDY = "optuna.study"
TRIAL = "optuna.trial"
PARENT = "mlflow.parentRunId"
NOTE = "mlflow.note.content"

MEAN_LOSS = re.compile(r"(?:mean_)?((?:train|validation|test)_(?:loss|error))(?:_mean)?")


@dataclass(frozen=True)
class Content:
    """One run. artifacts: files that go to the top of its folder.

    status: FINISHED, FAILED or KILLED. dataset: name and digest of the data, and their use.
    """

    name: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Metrics
    written_ms: int
    status: str = "FINISHED"
    artifacts: tuple[Path, ...] = ()
    dataset: tuple[str, str, str] | None = None


def point_name(provenance: Mapping[str, Any]) -> str:
    """How a person calls a point: `fixed depth 3`."""
    return f"{provenance['recipe']} {provenance['axis']} {provenance['point']}"


def point_tags(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Tags by which a point's run is found while it is live and afterwards."""
    return {
        KIND: "point",
        INPUTS: inputs_digest(provenance),
        "depthgauge.recipe": str(provenance["recipe"]),
        "depthgauge.axis": str(provenance["axis"]),
        "depthgauge.point": str(provenance["point"]),
        "depthgauge.data_digest": str(provenance["data_digest"]),
        "depthgauge.recipe_digest": str(provenance["recipe_digest"]),
        "depthgauge.code_digest": str(provenance["code_digest"]),
        "mlflow.source.name": "depthgauge",
    }


def point_params(provenance: Mapping[str, Any]) -> dict[str, str]:
    """All settings of a point, the same text each time: MLflow never lets a parameter change."""
    own = {"recipe": provenance["recipe"], str(provenance["axis"]): provenance["point"]}
    return {key: str(value) for key, value in {**provenance["settings"], **own}.items()}


def commit_tags(commit: Commit | None) -> dict[str, str]:
    """The commit at the time of logging."""
    if commit is None:
        return {"depthgauge.source_dirty": "unknown: no git commit"}
    return {
        "mlflow.source.git.commit": commit.commit,
        "depthgauge.git_commit": commit.commit,
        "depthgauge.source_dirty": "true" if commit.dirty else "false",
    }


def point_content(
    trained: TrainedPoint, experiment: str, commit: Commit | None, lock: Mapping[str, str]
) -> Content:
    """The parent run of one (recipe, point); lock: tags of `lock.lock_tags`."""
    provenance, curves = trained.provenance, trained.curves
    tags = point_tags(provenance) | commit_tags(commit) | dict(lock)
    packages = provenance.get("packages", {})
    tags |= {f"depthgauge.package.{name}": str(version) for name, version in packages.items()}
    diverged = int(curves.diverged.sum())
    tags[NOTE] = point_note(provenance, curves)
    shown = ("weights-*.safetensors", "curves.csv", "stopping.csv", "provenance.json")
    return Content(
        name=point_name(provenance),
        tags=tags,
        params=point_params(provenance),
        metrics=point_metrics(curves),
        written_ms=trained.written_ms,
        status="FAILED" if diverged == len(curves.replicates) else "FINISHED",
        artifacts=tuple(path for name in shown for path in sorted(trained.folder.glob(name))),
        dataset=(experiment, str(provenance["data_digest"]), "train, validation, test"),
    )


def verdict_tags(tags: Mapping[str, str], points: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What evaluate says of a point: tags beside those its run has, and its note with them.

    tags: of the run. points: the rows of points.csv. {} where no row is of this point.
    """
    rows = [
        row
        for row in points
        if row["recipe"] == tags.get("depthgauge.recipe")
        and row["point"] == tags.get("depthgauge.point")
    ]
    if not rows:
        return {}
    verdicts = {}
    for row in rows:
        verdicts[f"{row['stopping']}/verdict"] = row["on_this_data"]
        verdicts[f"{row['stopping']}/verdict_for_new_data"] = row["for_new_data"]
    return verdicts | {NOTE: with_verdicts(tags.get(NOTE, ""), rows)}


def child_number(tags: Mapping[str, str]) -> str:
    """What tells a replicate or trial from its siblings."""
    return tags.get(REPLICATE) or tags.get(TRIAL, "")


def replicate_content(trained: TrainedPoint, index: int, points: int) -> Content:
    """The child run of one replicate, with at most `points` epochs of its curves.

    What tells it from others are tags, not parameters: these take a sixth of the time of a run.
    """
    provenance, curves = trained.provenance, trained.curves
    replicate = str(curves.replicates[index])
    tags = {
        KIND: "replicate",
        "depthgauge.recipe": str(provenance["recipe"]),
        "depthgauge.axis": str(provenance["axis"]),
        "depthgauge.point": str(provenance["point"]),
        REPLICATE: replicate,
        NOTE: replicate_note(provenance, curves.replicates[index], len(curves.replicates)),
    }
    if "seed" in provenance["settings"]:
        tags["depthgauge.seed"] = str(provenance["settings"]["seed"])
    diverged = bool(curves.diverged[index])
    if diverged:
        epoch = diverged_at(curves, index)
        tags["diverged"] = "true"
        tags[NOTE] += f" It diverged: a loss is not finite at epoch {epoch}."
    return Content(
        name=f"replicate {replicate}",
        tags=tags,
        params={},
        metrics=replicate_metrics(curves, index, points),
        written_ms=trained.written_ms,
        status="FAILED" if diverged else "FINISHED",
    )


def summary_content(
    summary: Summary, expected: Expected, commit: Commit | None, lock: Mapping[str, str]
) -> Content:
    """The run of the whole experiment: evaluate's answers, table and figure."""
    tags = {KIND: "summary", "mlflow.source.name": "depthgauge"} | commit_tags(commit) | dict(lock)
    tags[NOTE] = summary_note(summary.answer)
    metrics: Metrics = []
    for keys, value in _leaves(summary.threshold):
        name = re.sub(r"[^\w\-. /]", "_", "/".join(keys))
        number = _number(value)
        if number is not None:
            metrics.append((name, number, 0))
        else:
            tags[f"depthgauge.result.{name}"] = "none" if value is None else str(value)
    return Content(
        name="summary",
        tags=tags,
        params={key: str(value) for key, value in expected.settings.items()},
        metrics=metrics + _points_metrics(summary),
        written_ms=summary.written_ms,
        artifacts=summary.files,
    )


def _points_metrics(summary: Summary) -> Metrics:
    """Mean losses of each view as curves over the points, where the points are whole numbers."""
    metrics: Metrics = []
    for row in summary.points:
        if not re.fullmatch(r"\d+", row.get("point") or ""):
            continue
        for column, text in row.items():
            matched = MEAN_LOSS.fullmatch(column or "")
            number = _number(text) if matched else None
            if matched and number is not None:
                view = f"{row.get('recipe', '')}/{row.get('stopping', '')}"
                metrics.append((f"{view}/by point/{matched[1]}", number, int(row["point"])))
    return metrics


def _leaves(content: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, (*keys, str(key)))
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _leaves(value, (*keys, str(place)))
    else:
        yield keys, content


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if math.isfinite(value) else None
