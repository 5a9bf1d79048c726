"""Runs in an MLflow store, whoever logged them: an experiment by its name, or a query."""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from depthgauge.addresses import hide
from depthgauge.comparison.names import Role
from depthgauge.comparison.nested import Logged, without_nesting
from depthgauge.comparison.reduce import listed
from depthgauge.comparison.runs import Asked, RunTable, as_text, roles_of
from depthgauge.errors import InputError
from depthgauge.progress import Progress
from depthgauge.report.prose.numbers import counted
from depthgauge.tracking.session import ENVIRONMENT
from depthgauge.tracking.store import find_store

if TYPE_CHECKING:
    from mlflow.entities import Experiment, Run
    from mlflow.tracking import MlflowClient

PAGE = 1000
OWN, PARENT = "depthgauge.kind", "mlflow.parentRunId"
UNFINISHED = ("RUNNING", "SCHEDULED")
CUT_SHORT = ("FAILED", "KILLED")


@contextmanager
def open_client(folder: Path, environment: Mapping[str, str], name: str | None) -> Iterator[Any]:
    """A client of the store that holds the experiment `name`, to read or to tag; makes nothing.

    The store is what MLFLOW_TRACKING_URI names, else the repository's, else mlflow.db or mlruns in
    the folder, as MLflow makes them. Raises InputError where there is none, and in one line for
    whatever goes wrong inside.
    """
    uris = _stores(folder, environment)
    if not uris:
        raise InputError(
            f"{folder.resolve()}: holds no MLflow store (mlflow.db or mlruns) and no file "
            f"{str(name)[:60]!r}; name a store with MLFLOW_TRACKING_URI"
        )
    for key, value in ENVIRONMENT.items():
        os.environ.setdefault(key, value)
    # Folders of files are MLflow's old kind of store, which it reads when it is told that it may.
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    with warnings.catch_warnings(), _in_one_line(uris[0]):
        warnings.simplefilter("ignore")
        from mlflow.tracking import MlflowClient

        for library in ("mlflow", "alembic", "urllib3"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        clients = [MlflowClient(uri) for uri in uris]
        holding = (c for c in clients if name is not None and c.get_experiment_by_name(name))
        yield next(holding, clients[0])


def _stores(folder: Path, environment: Mapping[str, str]) -> list[str]:
    if environment.get("MLFLOW_TRACKING_URI", "").strip():
        return [find_store(folder, environment).uri]
    own = find_store(folder, {})
    places = [own.database, folder.resolve() / "mlflow.db"]
    uris = [f"sqlite:///{place}" for place in places if place is not None and place.is_file()]
    files = folder.resolve() / "mlruns"
    return [*uris, *([files.as_uri()] if files.is_dir() else [])]


@contextmanager
def _in_one_line(uri: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        packages = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
        if not packages & {"mlflow", "sqlalchemy", "sqlite3"}:
            raise
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"MLflow: {hide(said, uri)[:300]}") from error


def read_runs(client: "MlflowClient", name: str | None, query: str, asked: Asked) -> RunTable:
    """The finished runs of an experiment, or of all where there is no name.

    query: in MLflow's search language, "" for all. The last value of each metric counts. Runs that
    failed or were killed are left out, unless the query is about their status; of nested runs see
    `depthgauge.comparison.nested`. Raises InputError where there are none.
    """
    experiments = _experiments(client, name)
    source = f"MLflow experiment {name}" if name is not None else f"MLflow runs {query}"
    ids = [str(experiment.experiment_id) for experiment in experiments]
    found: dict[str, Logged] = {}
    left_out = dict.fromkeys((*UNFINISHED, *CUT_SHORT), 0)
    about_status = "status" in query.lower()
    with Progress("compare: MLflow", None, "runs") as progress:
        for run in _search(client, ids, query):
            progress.advance(1)
            status = run.info.status
            if status in UNFINISHED or (status in CUT_SHORT and not about_status):
                left_out[status] += 1
                continue
            if OWN in run.data.tags:
                raise InputError(
                    f"{source}: was logged by depthgauge: compare the folder of its experiment, "
                    "which knows the searches too"
                )
            found[str(run.info.run_id)] = Logged(
                dict(run.data.params),
                dict(run.data.metrics),
                run.data.tags.get(PARENT),
                str(run.info.experiment_id),
            )
    notes = _notes(left_out)
    if not found:
        more = f" ({'; '.join(notes)})" if notes else ""
        raise InputError(f"{source}: holds no runs that have ended{more}")
    # Newest first, as MLflow gives them: of what was run again the last must come last.
    table, nested = without_nesting(dict(reversed(found.items())), asked)
    return _table(source, table, asked, (*notes, *nested))


def _notes(left_out: Mapping[str, int]) -> list[str]:
    unfinished = sum(left_out[status] for status in UNFINISHED)
    notes = [f"{counted(unfinished, 'run')} not ended yet: left out"] if unfinished else []
    cut = {status: left_out[status] for status in CUT_SHORT if left_out[status]}
    if cut:
        runs = counted(sum(cut.values()), "run")
        notes.append(
            f"{runs} {' or '.join(cut)}: left out; a --query about status says which count"
        )
    return notes


def _experiments(client: "MlflowClient", name: str | None) -> "list[Experiment]":
    if name is None:
        return _every(client)
    found = client.get_experiment_by_name(name)
    if found is None and name.isdigit():
        found = next((e for e in _every(client) if str(e.experiment_id) == name), None)
    if found is None:
        there = [experiment.name for experiment in _every(client)]
        known = f"there are {listed(there)}" if there else "it holds none"
        raise InputError(f"MLflow: has no experiment {name[:60]!r}, and no such file; {known}")
    return [found]


def _every(client: "MlflowClient") -> "list[Experiment]":
    found: list[Experiment] = []
    token = None
    while True:
        page = client.search_experiments(max_results=PAGE, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def _search(client: "MlflowClient", experiments: list[str], query: str) -> "Iterator[Run]":
    token = None
    while True:
        page = client.search_runs(experiments, query, max_results=PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _table(
    source: str, found: Mapping[str, Logged], asked: Asked, notes: tuple[str, ...]
) -> RunTable:
    index, runs = pd.Index(list(found)), list(found.values())
    experiments = tuple(dict.fromkeys(run.experiment for run in runs))
    params = pd.DataFrame([run.params for run in runs], index, dtype=object)
    metrics = pd.DataFrame([run.metrics for run in runs], index, dtype=np.float64)
    logged = pd.DataFrame([dict.fromkeys(run.metrics, True) for run in runs], index)
    absent = logged.isna() if len(logged.columns) else logged
    params = params.drop(columns=[name for name in params if name in metrics])
    names = [*params.columns, *metrics.columns]
    unknown = sorted(asked.named - set(map(str, names)))
    if unknown:
        raise InputError(
            f"{source}: has no parameter or metric {unknown[0][:60]!r}; there are {listed(names)}"
        )
    roles = roles_of(names, asked)
    for name in metrics.columns.astype(str):
        # Whatever it is called, it was logged as a metric.
        roles[name] = Role.SIZE if roles[name] is Role.SIZE else Role.METRIC
    for name in params.columns.astype(str):
        if roles[name] in (Role.METRIC, Role.STEP, Role.RUN) and name not in asked.ignore:
            roles[name] = Role.SETTING
    texts = pd.DataFrame({name: as_text(params[name]) for name in params}, index, dtype=object)
    return RunTable(source, texts, metrics, absent, roles, notes, experiments)
