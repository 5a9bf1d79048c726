"""Shows a training in MLflow while it goes on, from the file that it writes; a process of its own.

It is started by `live.LiveView` as `depthgauge track --live FILE`.
"""

import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depthgauge.tracking import contents, live, session
from depthgauge.tracking.store import Store, find_store

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

LOG_EVERY_S = 5.0
LOOK_EVERY_S = 0.5
LOWEST_PRIORITY = 19


def watch(file: Path) -> None:
    """Logs the progress in a live file to a run of status RUNNING until the training has ended.

    When the training is done the run is left for `track`, which completes it. Where the training
    failed, the run is FAILED; where its process has vanished, KILLED. Returns at once where there
    is no such file. Raises InputError if the store cannot be used.
    """
    if hasattr(os, "nice"):
        os.nice(LOWEST_PRIORITY)
    content = live.read_live(file)
    if content is None:
        return
    store = find_store(Path(content["folder"]), os.environ)
    watched = _Watched(file, store, content)
    logged = -math.inf
    while True:
        if time.monotonic() - logged >= LOG_EVERY_S or watched.ended():
            # `track` must not find a run begun, or add one of its own, between look and write.
            with session.open_store(store, lambda _: None) as client:
                if not watched.log(client):
                    return
            logged = time.monotonic()
        time.sleep(LOOK_EVERY_S)


class _Watched:
    def __init__(self, file: Path, store: Store, content: dict[str, Any]) -> None:
        self.file, self.store, self.first = file, store, content
        self.run_id: str | None = None
        self.shown: dict[str, int] = {}

    def ended(self) -> bool:
        """Whether the training is over in any way: done, failed, vanished or begun anew."""
        content = live.read_live(self.file)
        return (
            content is None
            or content["token"] != self.first["token"]
            or content["state"] != "running"
            or live.process_is_gone(self.file)
        )

    def log(self, client: "MlflowClient") -> bool:
        """Writes what is new; whether there will be more."""
        ended = self.ended()
        content = live.read_live(self.file)
        mine = content is not None and content["token"] == self.first["token"]
        if ended and self.run_id is None:
            return False
        if content is not None and mine:
            if self.run_id is None:
                self.run_id = self._create(client)
            self._log(client, self.run_id, content)
            if content["state"] == "failed":
                client.set_terminated(self.run_id, status="FAILED")
        vanished = not mine or (content is not None and content["state"] == "running")
        # A file that `track` took away is a run that it has completed.
        if ended and vanished and self.run_id is not None:
            run = client.get_run(self.run_id)
            if contents.CONTENT not in run.data.tags and run.info.status == "RUNNING":
                client.set_terminated(self.run_id, status="KILLED")
        return not ended

    def _create(self, client: "MlflowClient") -> str:
        from mlflow.entities import Param

        provenance = self.first["provenance"]
        experiment = session.experiment_id(client, self.store, self.first["experiment"])
        tags = contents.point_tags(provenance) | {
            contents.LIVE: self.file.name,
            contents.ORIGIN: self.store.origin,
        }
        run = client.create_run(experiment, tags=tags, run_name=contents.point_name(provenance))
        params = contents.point_params(provenance)
        client.log_batch(run.info.run_id, params=[Param(*item) for item in params.items()])
        return str(run.info.run_id)

    def _log(self, client: "MlflowClient", run_id: str, content: dict[str, Any]) -> None:
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        metrics = [Metric("live/replicates_done", content["done"], now, 0)]
        for group, known in content["groups"].items():
            for row in known["curve"]:
                if row["epoch"] <= self.shown.get(group, 0):
                    continue
                metrics += [
                    Metric(f"live/group {group}/{key}", value, now, row["epoch"])
                    for key, value in row.items()
                    if key != "epoch" and math.isfinite(value)
                ]
                self.shown[group] = row["epoch"]
        client.log_batch(run_id, metrics=metrics)
