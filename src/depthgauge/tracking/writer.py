"""Writes and finds runs through MLflow's client: few calls a run, none of which may be doubled."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from depthgauge.tracking.contents import CONTENT, CURRENT, ORIGIN, PARENT, PENDING, Content

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

PAGE = 1000


def runs(client: "MlflowClient", experiment: str, condition: str) -> Iterator["Run"]:
    """All runs of an experiment that meet a condition of MLflow's search language, newest first."""
    token: str | None = None
    while True:
        page = client.search_runs([experiment], condition, max_results=PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def write_child(
    client: "MlflowClient", experiment: str, content: Content, parent: str, run_id: str | None
) -> None:
    """One run below `parent`, from its making to its end; `run_id`: of one that was begun before.

    Timestamps come from the files, so what was written before is recognised by MLflow as the same
    and not kept twice.
    """
    if run_id is None:
        tags = {**content.tags, PARENT: parent}
        run_id = client.create_run(experiment, tags=tags, run_name=content.name).info.run_id
    _log(client, run_id, content)
    client.set_terminated(run_id, status=content.status)


def begin(
    client: "MlflowClient",
    experiment: str,
    content: Content,
    digest: str,
    origin: str,
    run_id: str | None,
) -> str:
    """Begins a run that is no child, or takes over one that was begun, and writes its content.

    It stays without the content digest until `complete`, and is thereby known as half-way.
    """
    from mlflow.entities import Dataset, DatasetInput, InputTag, RunTag

    tags = {**content.tags, PENDING: digest, ORIGIN: origin}
    if run_id is None:
        run_id = client.create_run(experiment, tags=tags, run_name=content.name).info.run_id
    else:
        client.log_batch(run_id, tags=[RunTag(key, value) for key, value in tags.items()])
    _log(client, run_id, content)
    if content.dataset is not None:
        name, data_digest, use = content.dataset
        source = '{"path": "data/prepared"}'
        dataset = Dataset(name, data_digest[:36], source_type="local", source=source)
        context = [InputTag("mlflow.data.context", use)]
        client.log_inputs(run_id, [DatasetInput(dataset, context)])
    for path in content.artifacts:
        client.log_artifact(run_id, str(path))
    return str(run_id)


def complete(client: "MlflowClient", run_id: str, content: Content, digest: str) -> None:
    """Ends a run; its content digest is the last thing that is written."""
    from mlflow.entities import RunTag

    client.set_terminated(run_id, status=content.status)
    client.log_batch(run_id, tags=[RunTag(CURRENT, "true"), RunTag(CONTENT, digest)])


def _log(client: "MlflowClient", run_id: str, content: Content) -> None:
    from mlflow.entities import Metric, Param

    # A millisecond an epoch: MLflow's page of one metric draws over time until told otherwise, and
    # at one moment every curve would be a vertical line.
    at = content.written_ms
    metrics = [Metric(key, value, at + step, step) for key, value, step in content.metrics]
    params = [Param(_allowed(key), value) for key, value in content.params.items()]
    client.log_batch(run_id, metrics=metrics, params=params)


def _allowed(key: str) -> str:
    return re.sub(r"[^\w\-. :/]", "_", key)
