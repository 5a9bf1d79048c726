"""Writes and finds runs through MLflow's client: few calls a run, none of which may be doubled."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import url2pathname

from depthgauge.tracking.runs import PARENT, UNFINISHED, RunContent

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient

PAGE = 1000


@dataclass(frozen=True)
class Writer:
    """Writes into one experiment of an open store; experiment: its id.

    begun: the runs that are being written, by id; whether each is a child of another.
    """

    client: "MlflowClient"
    experiment: str
    begun: dict[str, bool] = field(default_factory=dict)

    def find(self, condition: str, *, deleted: bool = False) -> Iterator["Run"]:
        """All runs that meet a condition of MLflow's search language, newest first.

        deleted: those in the bin, and no others.
        """
        from mlflow.entities import ViewType

        which = ViewType.DELETED_ONLY if deleted else ViewType.ACTIVE_ONLY
        token: str | None = ""
        while token is not None:
            page = self.client.search_runs(
                [self.experiment], condition, which, max_results=PAGE, page_token=token or None
            )
            yield from page
            token = page.token or None

    def create(self, name: str, tags: Mapping[str, Any], at_ms: int | None = None) -> str:
        """The id of a new run; at_ms: when it began, now by default."""
        texts = {key: str(value) for key, value in tags.items()}
        run = self.client.create_run(self.experiment, at_ms, texts, name)
        return str(run.info.run_id)

    def end(self, run_id: str, content: RunContent) -> None:
        """A run that holds its content has ended when its results were written."""
        self.client.set_terminated(run_id, content.status, _written_ms(content))
        self.begun.pop(run_id, None)

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Runs that are being written when a signal or a failure comes do not stay RUNNING."""
        try:
            yield
        except BaseException:
            # A store that does not take the first will not take the others.
            with suppress(Exception):
                for run_id, is_child in reversed(self.begun.items()):
                    if is_child:
                        # KILLED is also how a pruned trial has ended well.
                        self.client.set_tag(run_id, UNFINISHED, "true")
                    self.client.set_terminated(run_id, "KILLED")
            raise

    def write(self, content: RunContent, tags: Mapping[str, Any], begun: "Run | None") -> str:
        """The id of a run that holds the content and has not ended; begun: one to go on with.

        tags: beside those of the content. Timestamps come from the files, so what was written
        before is recognised by MLflow as the same and not kept twice.
        """
        from mlflow.entities import Dataset, DatasetInput, InputTag

        tags = {**content.tags, **tags}
        if begun is None:
            # Not how long the logging takes: how long the training took, where that is known.
            began_ms = _written_ms(content) - round(1000 * (content.seconds or 0))
            run_id = self.create(content.name, tags, began_ms)
        else:
            run_id = begun.info.run_id
            _sweep(begun)
            self.log(run_id, tags=tags)
        self.begun[run_id] = PARENT in tags
        at_ms = self._logged_ms(begun, content) or _written_ms(content)
        self.log(run_id, content.metrics, content.params, at_ms=at_ms)
        if content.dataset is not None:
            name, digest, use = content.dataset
            source = '{"path": "data/prepared"}'
            dataset = Dataset(name, digest[:36], source_type="local", source=source)
            context = [InputTag("mlflow.data.context", use)]
            self.client.log_inputs(run_id, [DatasetInput(dataset, context)])
        self.log_files(run_id, content.artifacts)
        return run_id

    def log_files(self, run_id: str, paths: Iterable[Path]) -> None:
        """Copies of files, as artifacts at the top of a run's folder."""
        for path in paths:
            self.client.log_artifact(run_id, str(path))

    def log(
        self,
        run_id: str,
        metrics: Iterable[tuple[str, float, int]] = (),
        params: Mapping[str, Any] | None = None,
        tags: Mapping[str, Any] | None = None,
        at_ms: int | None = None,
    ) -> None:
        """Metrics, parameters and tags of a run in one call; at_ms: when it was, now by default.

        Parameters and tags are written as text.
        """
        from mlflow.entities import Metric, Param, RunTag

        at = int(time.time() * 1000) if at_ms is None else at_ms
        self.client.log_batch(
            run_id,
            # A millisecond an epoch: MLflow's page of one metric draws over time until told
            # otherwise, and at one moment every curve would be a vertical line.
            [Metric(_allow(key), value, at + step, step) for key, value, step in metrics],
            [Param(_allow(key), str(value)) for key, value in (params or {}).items()],
            [RunTag(key, str(value)) for key, value in (tags or {}).items()],
        )

    def _logged_ms(self, begun: "Run | None", content: RunContent) -> int | None:
        """The time of those metrics that a run has already: MLflow takes them twice at another one.

        Files that were checked out again are younger than what was logged of them.
        """
        if begun is None:
            return None
        names = (metric[0] for metric in content.metrics if metric[0] in begun.data.metrics)
        if (name := next(names, None)) is None:
            return None
        first = self.client.get_metric_history(begun.info.run_id, name)[0]
        # As `log` spreads them.
        return int(first.timestamp - first.step)


def _sweep(run: "Run") -> None:
    """Take away what MLflow left half copied among a run's artifacts, where those lie here."""
    uri = run.info.artifact_uri or ""
    if uri.startswith("file://") or "://" not in uri:
        place = Path(url2pathname(uri.removeprefix("file://")))
        for path in place.glob(".artifact.uploading.*"):
            path.unlink(missing_ok=True)


def _written_ms(content: RunContent) -> int:
    return int(content.written.stat().st_mtime * 1000)


def _allow(key: str) -> str:
    return re.sub(r"[^\w\-. :/]", "_", key)
