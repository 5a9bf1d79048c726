"""What each run holds: name, tags, parameters, metrics, files; nothing here knows MLflow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from depthgauge.artifacts.durations import known_seconds
from depthgauge.artifacts.runs import TEST_LOSSES, read_curves, read_provenance, read_stopped
from depthgauge.artifacts.shapes import require_curves
from depthgauge.artifacts.trained import run_name
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
from depthgauge.tracking.descriptions import add_verdicts, describe

KIND = "depthgauge.kind"
CONTENT = "depthgauge.content_digest"
PENDING = "depthgauge.logging_digest"
# Of a complete run, how many are below it; and of one below that was interrupted.
CHILDREN = "depthgauge.children"
UNFINISHED = "depthgauge.unfinished"
INPUTS = "depthgauge.inputs_digest"
CURRENT = "depthgauge.current"
LIVE = "depthgauge.live"
ORIGIN = "depthgauge.origin"
RECIPE = "depthgauge.recipe"
POINT = "depthgauge.point"
REPLICATE = "depthgauge.replicate"
FIRST = "depthgauge.first_replicate"
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

    tags, params: written as text. written: a file; what the run holds is as old as it. status:
    FINISHED, FAILED or KILLED. dataset: name and digest of the data, and their use. seconds: how
    long it took, where that is known.
    """

    name: str
    tags: Mapping[str, Any]
    metrics: Metrics
    written: Path
    params: Mapping[str, Any] = field(default_factory=dict)
    status: str = "FINISHED"
    artifacts: tuple[Path, ...] = ()
    dataset: tuple[str, str, str] | None = None
    seconds: float | None = None


def name_point(provenance: Mapping[str, Any]) -> str:
    """How a person calls a point: `fixed depth 3`."""
    recipe, axis, point = (provenance[key] for key in ("recipe", "axis", "point"))
    return run_name(recipe, axis, point, provenance["settings"]["first_replicate"])


def point_tags(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Tags by which a point's run is found while it is live and afterwards."""
    inputs = {key: value for key, value in provenance.items() if key not in NOT_INPUTS}
    first = provenance["settings"]["first_replicate"]
    own = {KIND: "point", INPUTS: json_digest(inputs), FIRST: first}
    return own | source_tags(provenance, provenance["recipe"])


def source_tags(plan: Mapping[str, Any], recipe: str) -> dict[str, Any]:
    """Tags of what belongs to a recipe at a point, and of what it was made from."""
    digests = {f"depthgauge.{key}": plan[key] for key in plan if key.endswith("_digest")}
    return {**place_tags(plan, recipe), **digests, **SOURCE}


def place_tags(plan: Mapping[str, Any], recipe: str) -> dict[str, Any]:
    """Tags by which a person finds what belongs to a recipe at a point."""
    return {RECIPE: recipe, "depthgauge.axis": plan["axis"], POINT: plan["point"]}


def point_params(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """All settings of a point, the same each time: MLflow never lets a parameter change."""
    own = {"recipe": provenance["recipe"], provenance["axis"]: provenance["point"]}
    return {**provenance["settings"], **own}


def point_runs(
    folder: Path, measured: Measured, settings: Settings, commit: Mapping[str, str]
) -> Iterator[RunContent]:
    """The parent run of a trained (recipe, point), then a child run of each replicate.

    folder: where its results lie. measured: what evaluate measured of its replicates. commit: its
    tags.
    """
    provenance, written = read_provenance(folder), folder / "provenance.json"
    seconds = known_seconds(folder)
    curves = Curves(read_curves(folder), read_stopped(folder))
    require_curves(folder, curves.columns, curves.stopped, curves.finite.size)
    axis, point, packages = (provenance[key] for key in ("axis", "point", "packages"))
    means = settings.swept.explain(point) if axis == settings.axis else point
    description = describe("point", recipe=provenance["recipe"], point=means, curves=curves)
    yield RunContent(
        name=name_point(provenance),
        tags={
            **point_tags(provenance),
            **commit,
            **{f"depthgauge.package.{name}": version for name, version in packages.items()},
            DESCRIPTION: description,
        },
        params=point_params(provenance),
        metrics=point_metrics(curves) + measured_of_point(measured),
        written=written,
        status="FINISHED" if curves.finite.any() else "FAILED",
        artifacts=point_files(folder),
        dataset=(settings.experiment, provenance["data_digest"], "train, validation, test"),
        seconds=seconds,
    )
    # What tells replicates apart are tags, not parameters: these take a sixth of the time of a run.
    common = {KIND: "replicate", **place_tags(provenance, provenance["recipe"])}
    common["depthgauge.seed"], first = (
        provenance["settings"][key] for key in ("seed", "first_replicate")
    )
    for index, finite in enumerate(curves.finite):
        shown = replicate_metrics(curves, index, settings.tracking.curve_points)
        yield RunContent(
            name=f"replicate {first + index}",
            tags={**common, REPLICATE: first + index, **({} if finite else {"diverged": "true"})},
            metrics=shown + measured_of_replicate(measured, index),
            written=written,
            status="FINISHED" if finite else "FAILED",
            seconds=seconds,
        )


def point_files(folder: Path) -> tuple[Path, ...]:
    """The files of a trained point that its run holds."""
    # The loss of every test example is large, and nothing that a person reads.
    return tuple(path for path in sorted(folder.iterdir()) if path.name != TEST_LOSSES)


def child_number(tags: Mapping[str, Any]) -> str:
    """What tells a replicate or trial from its siblings."""
    return str(tags.get(REPLICATE, tags.get(TRIAL)))


def verdict_tags(tags: Mapping[str, str], verdicts: Verdicts) -> dict[str, str]:
    """What evaluate says of a point: tags beside those its run has, and its description with them.

    tags: of the run.
    """
    found = [
        (view.stopping, str(point.on_this_data), str(point.for_new_data), point.for_new_groups)
        for view in verdicts.views
        for point in view.verdict.points
        if (view.recipe, str(point.point)) == (tags[RECIPE], tags[POINT])
    ]
    named = {f"{stopping}/verdict": here for stopping, here, _, _ in found}
    named |= {f"{stopping}/verdict_for_new_data": new for stopping, _, new, _ in found}
    named |= {
        f"{stopping}/verdict_for_new_groups": str(groups)
        for stopping, _, _, groups in found
        if groups is not None
    }
    said = [(stopping, here, new) for stopping, here, new, _ in found]
    return named | {DESCRIPTION: add_verdicts(tags.get(DESCRIPTION, ""), said)}


def summary_run(
    verdicts: Verdicts, settings: Settings, commit: Mapping[str, str], artifacts: tuple[Path, ...]
) -> RunContent:
    """The run of the whole experiment: evaluate's answers, table and figure."""
    description = describe("summary", answer=verdicts.answer)
    tags = {KIND: "summary", **SOURCE, **commit, DESCRIPTION: description}
    metrics = list(_by_point(verdicts))
    known = ((b.name, b.quantity, b.test) for b in verdicts.baselines)
    metrics += [(f"baselines/{n}/test_{q}", test, 0) for n, q, test in known if test is not None]
    dump = TypeAdapter(ViewVerdict).dump_python
    for view in verdicts.views:
        content = dump(view.verdict, mode="json", exclude={"points"})
        for name, value in leaves(content, f"{view.recipe}/{view.stopping}", "/"):
            if isinstance(value, int | float) and not isinstance(value, bool):
                metrics.append((name, float(value), 0))
            else:
                tags[f"depthgauge.result.{name}"] = "none" if value is None else str(value)
    params = {"seed": settings.seed, "replicates": settings.trained, **settings.recipe.flat()}
    return RunContent("summary", tags, metrics, artifacts[0], params=params, artifacts=artifacts)


def _by_point(verdicts: Verdicts) -> Iterator[tuple[str, float, int]]:
    """Every mean of each view as a curve over the points, by place where one is no whole number."""
    for view in verdicts.views:
        for place, point in enumerate(view.verdict.points):
            step = point.point if isinstance(point.point, int) else place
            for name, mean in point.means.items():
                if mean is not None:
                    yield f"{view.recipe}/{view.stopping}/by point/{name}", mean, step
