"""All that a store holds of an experiment, apart from ids: the same of equal stores."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from depthgauge.files.digests import bytes_digest
from depthgauge.tracking.runs import DESCRIPTION, ORIGIN, PARENT
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import Store

# Of one store and checkout; whose user started the process is told by MLflow.
OWN_TAGS = (ORIGIN, PARENT, "mlflow.user", "depthgauge.git_commit", "mlflow.source.git.commit")


def held(store: Store, name: str = "digits") -> dict[str, Any]:
    """The description of an experiment, and its runs with all that was logged, as JSON has it."""
    with open_store(store, lambda _: None) as client:
        experiment = client.get_experiment_by_name(name)
        assert experiment is not None
        runs = list(_runs(client, experiment.experiment_id))
        called = {run.info.run_id: run.info.run_name for run in runs}
        found = [_content(client, run, called) for run in runs]
    content = {
        "description": experiment.tags[DESCRIPTION],
        "runs": sorted(found, key=lambda run: (run["name"], str(run["below"]), str(run["tags"]))),
    }
    told: dict[str, Any] = json.loads(json.dumps(content))
    return told


def _runs(client: Any, experiment: str) -> Iterator[Any]:
    token: str | None = ""
    while token is not None:
        page = client.search_runs([experiment], max_results=1000, page_token=token or None)
        yield from page
        token = page.token or None


def _content(client: Any, run: Any, called: dict[str, str]) -> dict[str, Any]:
    info, data = run.info, run.data
    return {
        "name": info.run_name,
        "below": called.get(data.tags.get(PARENT)),
        "status": info.status,
        "ended": info.end_time is not None,
        "tags": {key: value for key, value in data.tags.items() if key not in OWN_TAGS},
        "params": data.params,
        "metrics": {
            key: [[m.step, m.value] for m in client.get_metric_history(info.run_id, key)]
            for key in sorted(data.metrics)
        },
        "data": [
            [each.dataset.name, each.dataset.digest, [[tag.key, tag.value] for tag in each.tags]]
            for each in run.inputs.dataset_inputs
        ],
        "artifacts": _artifacts(client, info.run_id),
    }


def _artifacts(client: Any, run_id: str) -> dict[str, str]:
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    names = [item.path for item in client.list_artifacts(run_id)]
    with tempfile.TemporaryDirectory() as folder:
        return {
            name: bytes_digest(Path(client.download_artifacts(run_id, name, folder)).read_bytes())
            for name in names
        }
