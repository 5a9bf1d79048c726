"""Writes and finds runs through MLflow's client: few calls a run, none of which may be doubled."""

import re
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from depthgauge.tracking.curves import Metrics
from depthgauge.tracking.runs import CONTENT, CURRENT, ORIGIN, PARENT, PENDING, RunContent

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

PAGE = 1000


def find_runs(client: "MlflowClient", experiment: str, condition: str) -> Iterator["Run"]:
    """All runs of an experiment that meet a condition of MLflow's search language, newest first."""
    token: str | None = None
    while True:
        page = client.search_runs([experiment], condition, max_results=PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def create(client: "MlflowClient", experiment: str, name: str, tags: Mapping[str, str]) -> str:
    """The id of a new run."""
    return str(client.create_run(experiment, tags=dict(tags), run_name=name).info.run_id)


def write_child(
    client: "MlflowClient", experiment: str, content: RunContent, parent: str, run_id: str | None
) -> None:
    """One run below `parent`, from its making to its end; `run_id`: of one that was begun before.

    Timestamps come from the files, so what was written before is recognised by MLflow as the same
    and not kept twice.
    """
    if run_id is None:
        run_id = create(client, experiment, content.name, {**content.tags, PARENT: parent})
    _log_content(client, run_id, content)
    client.set_terminated(run_id, status=content.status)


def begin(
    client: "MlflowClient",
    experiment: str,
    content: RunContent,
    digest: str,
    origin: str,
    run_id: str | None,
) -> str:
    """Begins a run that is no child, or takes over one that was begun, and writes its content.

    It stays without the content digest until `complete`, and is thereby known as half-way.
    """
    from mlflow.entities import Dataset, DatasetInput, InputTag

    tags = {**content.tags, PENDING: digest, ORIGIN: origin}
    if run_id is None:
        run_id = create(client, experiment, content.name, tags)
    else:
        log(client, run_id, tags=tags)
    _log_content(client, run_id, content)
    if content.dataset is not None:
        name, data_digest, use = content.dataset
        source = '{"path": "data/prepared"}'
        dataset = Dataset(name, data_digest[:36], source_type="local", source=source)
        context = [InputTag("mlflow.data.context", use)]
        client.log_inputs(run_id, [DatasetInput(dataset, context)])
    for path in content.artifacts:
        client.log_artifact(run_id, str(path))
    return run_id


def complete(client: "MlflowClient", run_id: str, content: RunContent, digest: str) -> None:
    """Ends a run; its content digest is the last thing that is written."""
    client.set_terminated(run_id, status=content.status)
    log(client, run_id, tags={CURRENT: "true", CONTENT: digest})


def log(
    client: "MlflowClient",
    run_id: str,
    metrics: Metrics | None = None,
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    at_ms: int | None = None,
) -> None:
    """Metrics, parameters and tags of a run in one call; at_ms: when it was, now by default."""
    from mlflow.entities import Metric, Param, RunTag

    at = int(time.time() * 1000) if at_ms is None else at_ms
    client.log_batch(
        run_id,
        # A millisecond an epoch: MLflow's page of one metric draws over time until told otherwise,
        # and at one moment every curve would be a vertical line.
        [Metric(_allowed(key), value, at + step, step) for key, value, step in metrics or ()],
        [Param(_allowed(key), value) for key, value in (params or {}).items()],
        [RunTag(key, value) for key, value in (tags or {}).items()],
    )


def _log_content(client: "MlflowClient", run_id: str, content: RunContent) -> None:
    log(client, run_id, content.metrics, content.params, at_ms=content.written_ms)


def _allowed(key: str) -> str:
    return re.sub(r"[^\w\-. :/]", "_", key)
