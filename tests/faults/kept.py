"""What an experiment's folder holds, apart from when it came and what it was numbered."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from depthgauge.tracking.runs import LIVE, ORIGIN, PARENT, PENDING
from depthgauge.tracking.session import open_store
from depthgauge.tracking.store import find_store
from tests.experiment import snapshot

# Where the pipeline writes what it is asked for.
WRITTEN = ("code", "data", "results")
# Of one store, or of the moment.
OWN_TAGS = (LIVE, ORIGIN, PARENT, PENDING, "mlflow.parentRunId", "mlflow.log-model.history")


def outputs(folder: Path) -> dict[str, str]:
    """The digest of every output, of what lies half written beside them too."""
    return {name: d for name, d in snapshot(folder).items() if name.split("/")[0] in WRITTEN}


def leftovers(folder: Path) -> list[str]:
    """What was begun and lies about, wherever in the folder."""
    return sorted(path.name for path in folder.rglob("*.partial"))


def trials(folder: Path) -> list[Any]:
    """The finished trials of every study of the journal, as they were told."""
    path = folder / ".depthgauge/optuna.log"
    if not path.exists():
        return []
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = JournalStorage(JournalFileBackend(str(path)))
    found = []
    for study in storage.get_all_studies():
        for trial in storage.get_all_trials(study._study_id):
            if trial.state in (TrialState.COMPLETE, TrialState.PRUNED):
                told = (trial.state.name, trial.params, trial.values, trial.intermediate_values)
                found.append([study.study_name, *told])
    return sorted(found, key=repr)


def runs_of(folder: Path) -> list[str]:
    """Every run of the folder's MLflow store, its children below it, with all that was logged."""
    store = find_store(folder, {})
    if store.database is None or not store.database.exists():
        return []
    with open_store(store, print) as client:
        return _runs(client, client.get_experiment_by_name("small"))


def put_aside(server: str, name: str) -> list[str]:
    """Every run of a server's experiment, which makes room for another one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow.tracking import MlflowClient

        client = MlflowClient(server)
        found = client.get_experiment_by_name("small")
        runs = _runs(client, found)
        if found is not None:
            client.rename_experiment(found.experiment_id, name)
        return runs


def _runs(client: Any, experiment: Any) -> list[str]:
    if experiment is None:
        return []
    every = list(_pages(client, experiment.experiment_id))
    parents = {run.info.run_id: run.data.tags.get("mlflow.runName") for run in every}
    return sorted(json.dumps(_run(client, run, parents), sort_keys=True) for run in every)


def _pages(client: Any, experiment: str) -> Iterator[Any]:
    token = None
    while True:
        page = client.search_runs([experiment], max_results=1000, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _run(client: Any, run: Any, parents: dict[str, Any]) -> dict[str, Any]:
    tags = {k: v for k, v in run.data.tags.items() if k not in OWN_TAGS}
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "below": parents.get(run.data.tags.get(PARENT)),
        "tags": {k: v for k, v in tags.items() if not k.startswith("mlflow.source")},
        "params": run.data.params,
        "metrics": {
            key: [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, key)]
            for key in sorted(run.data.metrics)
        },
        "artifacts": _artifacts(client, run),
    }


def _artifacts(client: Any, run: Any) -> Any:
    """The digests of what lies here; of what lies with a server the names and sizes."""
    place = Path(run.info.artifact_uri.removeprefix("file://"))
    if place.is_dir():
        return snapshot(place)
    if "://" not in run.info.artifact_uri:
        return {}
    return [(each.path, each.file_size) for each in client.list_artifacts(run.info.run_id)]


def unfinished(folder: Path) -> int:
    """Trials that a dead search left running."""
    path = folder / ".depthgauge/optuna.log"
    if not path.exists():
        return 0
    storage = JournalStorage(JournalFileBackend(str(path)))
    return sum(
        trial.state == TrialState.RUNNING
        for study in storage.get_all_studies()
        for trial in storage.get_all_trials(study._study_id)
    )


def state(folder: Path) -> dict[str, Any]:
    """All of it, to be compared with that of an undisturbed run."""
    return {
        "outputs": outputs(folder),
        "leftovers": leftovers(folder),
        "trials": trials(folder),
        "running": unfinished(folder),
        "runs": runs_of(folder),
        "checkpoints": sorted(
            path.name for path in (folder / ".depthgauge/checkpoints").rglob("*.npz")
        ),
    }
