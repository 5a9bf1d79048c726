"""What each run holds: name, tags, parameters, metrics, files; nothing here knows MLflow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from depthgauge.artifacts.runs import TEST_LOSSES
from depthgauge.files.digests import json_digest
from depthgauge.section import leaves
from depthgauge.settings.schema import Settings
from depthgauge.statistics.verdicts import Verdicts, ViewVerdict
from depthgauge.tracking.curves import (
    Curves,
    Measured,
    Metrics,
    measured_of_point,
    measured_of_replicate,
    point_metrics,
    replicate_metrics,
)
from depthgauge.tracking.descriptions import add_verdicts, describe, describe_point

KIND = "depthgauge.kind"
CONTENT = "depthgauge.content_digest"
PENDING = "depthgauge.logging_digest"
INPUTS = "depthgauge.inputs_digest"
CURRENT = "depthgauge.current"
LIVE = "depthgauge.live"
ORIGIN = "depthgauge.origin"
RECIPE = "depthgauge.recipe"
POINT = "depthgauge.point"
REPLICATE = "depthgauge.replicate"
STUDY = "optuna.study"
TRIAL = "optuna.trial"
PARENT = "mlflow.parentRunId"
DESCRIPTION = "mlflow.note.content"
SOURCE = {"mlflow.source.name": "depthgauge"}

# A live view need not know them.
NOT_INPUTS = ("packages", "digests")


@dataclass(frozen=True)
class RunContent:
    """One run. artifacts: files that go to the top of its folder.

    status: FINISHED, FAILED or KILLED. dataset: name and digest of the data, and their use.
    """

    name: str
    tags: Mapping[str, str]
    metrics: Metrics
    written_ms: int
    params: Mapping[str, str] = field(default_factory=dict)
    status: str = "FINISHED"
    artifacts: tuple[Path, ...] = ()
    dataset: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class TrainedPoint:
    """A trained point as it lies on disk; measured: what evaluate measured there."""

    folder: Path
    provenance: Mapping[str, Any]
    curves: Curves
    measured: Measured


def name_point(provenance: Mapping[str, Any]) -> str:
    """How a person calls a point: `fixed depth 3`."""
    return f"{provenance['recipe']} {provenance['axis']} {provenance['point']}"


def point_tags(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Tags by which a point's run is found while it is live and afterwards."""
    inputs = {key: value for key, value in provenance.items() if key not in NOT_INPUTS}
    own = {KIND: "point", INPUTS: json_digest(inputs)}
    return own | source_tags(provenance, str(provenance["recipe"]))


def source_tags(plan: Mapping[str, Any], recipe: str) -> dict[str, str]:
    """Tags of what belongs to a recipe at a point, and of what it was made from."""
    digests = {f"depthgauge.{k}": str(v) for k, v in plan.items() if k.endswith("_digest")}
    return {**place_tags(plan, recipe), **digests, **SOURCE}


def place_tags(plan: Mapping[str, Any], recipe: str) -> dict[str, str]:
    """Tags by which a person finds what belongs to a recipe at a point."""
    return {RECIPE: recipe, "depthgauge.axis": str(plan["axis"]), POINT: str(plan["point"])}


def point_params(provenance: Mapping[str, Any]) -> dict[str, str]:
    """All settings of a point, the same text each time: MLflow never lets a parameter change."""
    own = {"recipe": provenance["recipe"], str(provenance["axis"]): provenance["point"]}
    return {key: str(value) for key, value in {**provenance["settings"], **own}.items()}


def point_run(point: TrainedPoint, experiment: str, commit: Mapping[str, str]) -> RunContent:
    """The parent run of one (recipe, point); commit: tags of the commit."""
    provenance, curves = point.provenance, point.curves
    packages = provenance.get("packages", {})
    return RunContent(
        name=name_point(provenance),
        tags={
            **point_tags(provenance),
            **commit,
            **{f"depthgauge.package.{name}": str(version) for name, version in packages.items()},
            DESCRIPTION: describe_point(provenance, curves),
        },
        params=point_params(provenance),
        metrics=point_metrics(curves) + measured_of_point(point.measured),
        written_ms=modified_ms(point.folder / "provenance.json"),
        status="FINISHED" if curves.finite.any() else "FAILED",
        # The loss of every test example is large, and nothing that a person reads.
        artifacts=tuple(p for p in sorted(point.folder.iterdir()) if p.name != TEST_LOSSES),
        dataset=(experiment, str(provenance["data_digest"]), "train, validation, test"),
    )


def replicate_run(point: TrainedPoint, index: int, epochs: int) -> RunContent:
    """The child run of one replicate, with at most `epochs` epochs of its curves.

    What tells it from others are tags, not parameters: these take a sixth of the time of a run.
    """
    provenance, curves = point.provenance, point.curves
    finite = bool(curves.finite[index])
    tags = {
        KIND: "replicate",
        **place_tags(provenance, str(provenance["recipe"])),
        REPLICATE: str(index),
        "depthgauge.seed": str(provenance["settings"]["seed"]),
        **({} if finite else {"diverged": "true"}),
    }
    return RunContent(
        name=f"replicate {index}",
        tags=tags,
        metrics=replicate_metrics(curves, index, epochs)
        + measured_of_replicate(point.measured, index),
        written_ms=modified_ms(point.folder / "provenance.json"),
        status="FINISHED" if finite else "FAILED",
    )


def child_number(tags: Mapping[str, str]) -> str:
    """What tells a replicate or trial from its siblings."""
    return tags.get(REPLICATE) or tags.get(TRIAL, "")


def verdict_tags(tags: Mapping[str, str], verdicts: Verdicts) -> dict[str, str]:
    """What evaluate says of a point: tags beside those its run has, and its description with them.

    tags: of the run. {} where the verdicts have no such point.
    """
    found = [
        (view.stopping, str(point.on_this_data), str(point.for_new_data))
        for view in verdicts.views
        for point in view.verdict.points
        if (view.recipe, str(point.point)) == (tags.get(RECIPE), tags.get(POINT))
    ]
    if not found:
        return {}
    named = {f"{stopping}/verdict": here for stopping, here, _ in found}
    named |= {f"{stopping}/verdict_for_new_data": new for stopping, _, new in found}
    return named | {DESCRIPTION: add_verdicts(tags.get(DESCRIPTION, ""), found)}


def summary_run(
    verdicts: Verdicts, settings: Settings, commit: Mapping[str, str], artifacts: tuple[Path, ...]
) -> RunContent:
    """The run of the whole experiment: evaluate's answers, table and figure."""
    description = describe("summary", answer=verdicts.answer)
    tags = {KIND: "summary", **SOURCE, **commit, DESCRIPTION: description}
    metrics = _by_point(verdicts)
    dump = TypeAdapter(ViewVerdict).dump_python
    for view in verdicts.views:
        content = dump(view.verdict, mode="json", exclude={"points"})
        for name, value in leaves(content, f"{view.recipe}/{view.stopping}", "/"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                metrics.append((name, float(value), 0))
            else:
                tags[f"depthgauge.result.{name}"] = "none" if value is None else str(value)
    params = {"seed": settings.seed, "replicates": settings.replicates, **settings.recipe.flat()}
    return RunContent(
        name="summary",
        tags=tags,
        params={key: str(value) for key, value in params.items()},
        metrics=metrics,
        written_ms=modified_ms(artifacts[0]),
        artifacts=artifacts,
    )


def _by_point(verdicts: Verdicts) -> Metrics:
    """Every mean of each view as a curve over the points, by place where one is no whole number."""
    metrics: Metrics = []
    for view in verdicts.views:
        for place, point in enumerate(view.verdict.points):
            step = point.point if isinstance(point.point, int) else place
            for name, mean in point.means.items():
                if mean is not None:
                    metrics.append((f"{view.recipe}/{view.stopping}/by point/{name}", mean, step))
    return metrics


def modified_ms(path: Path) -> int:
    """When a file was written."""
    return int(path.stat().st_mtime * 1000)
