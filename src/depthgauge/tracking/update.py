"""Brings MLflow's store up to date from an experiment's files: logs exactly what is missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from depthgauge.artifacts.verdicts import POINTS
from depthgauge.tracking import (
    contents,
    live,
    results,
    search_contents,
    searches,
    session,
    writer,
)
from depthgauge.tracking.columns import VIEW_TAG, columns_link, columns_view
from depthgauge.tracking.commit import current_commit
from depthgauge.tracking.contents import CONTENT, CURRENT, INPUTS, KIND, LIVE, ORIGIN, PENDING
from depthgauge.tracking.lock import lock_tags, locked_outputs
from depthgauge.tracking.notes import experiment_note
from depthgauge.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.entities import Run
    from mlflow.tracking import MlflowClient


@dataclass(frozen=True)
class TrackedRun:
    """A run, no child of another, that stands for files on disk; added: whether just now."""

    name: str
    run_id: str
    content_digest: str
    added: bool


def bring_up_to_date(
    folder: Path,
    experiment: str,
    expected: results.Expected,
    store: Store,
    curve_points: int,
    say: Callable[[str], None],
) -> list[TrackedRun]:
    """Logs what the store lacks of the results in `folder`, an experiment's folder.

    One parent run for each search with a child run for each trial, one for each trained point with
    a child run for each replicate, whose curves show at most `curve_points` epochs, and one summary
    run. A run is known by the digest of the files it stands for: running twice adds nothing, a lost
    database is made again, a run that was left half-way is completed, changed results get a new run
    and the old one stays, no longer current. The verdicts of points.csv are tags of the points'
    runs, brought up to date with it, as are the descriptions. Points that have not been searched
    or trained yet are left out, and for want of a trained one the summary too.

    Raises InputError, one line, for a store that cannot be reached or written and for result
    files that cannot be read.
    """
    found = {
        point: (trained, results.trained_digest(trained))
        for point in expected.points
        if (trained := results.trained_folder(folder, point)) is not None
    }
    searched = [
        files
        for search in expected.searches
        if (files := searches.search_files(folder, search)) is not None
    ]
    with session.open_store(store, say) as client:
        update = _Update(client, store, folder, experiment, curve_points, say)
        tracked = [update.search(files) for files in searched]
        tracked += [update.point(*found[point]) for point in expected.points if point in found]
        summary = None
        if len(found) == len(expected.points):
            summary = results.read_summary(folder, [digest for _, digest in found.values()])
            if summary is not None:
                tracked.append(update.summary(summary, expected))
                update.tell_verdicts({run.run_id for run in tracked}, summary)
        update.describe(expected, summary)
        update.mark_current({run.run_id for run in tracked})
        update.end_leftovers({run.run_id for run in tracked})
    return tracked


class _Update:
    """One call of `bring_up_to_date`: the client, and the runs there were when it began."""

    def __init__(
        self,
        client: "MlflowClient",
        store: Store,
        folder: Path,
        experiment: str,
        curve_points: int,
        say: Callable[[str], None],
    ) -> None:
        self.client, self.store, self.folder = client, store, folder
        self.experiment, self.curve_points, self.say = experiment, curve_points, say
        self.id = session.experiment_id(client, store, experiment)
        condition = f"tags.`{KIND}` != 'replicate' and tags.`{KIND}` != 'trial'"
        self.runs: list[Run] = list(writer.runs(client, self.id, condition))
        self.commit = current_commit(folder)
        self.locked = locked_outputs(folder)

    def search(self, files: searches.SearchFiles) -> TrackedRun:
        """The parent run of a search and its children."""
        if (done := self._done(files.digest)) is not None:
            return done
        read = searches.read_search(files)
        lock = lock_tags(self.folder, files.study, self.locked)
        content = search_contents.study_content(read, self.experiment, self.commit, lock)
        children = [search_contents.trial_content(read, trial) for trial in read.trials]
        return self._write(content, files.digest, children, "trials")

    def point(self, trained: Path, digest: str) -> TrackedRun:
        """The parent run of a trained point and its children."""
        if (done := self._done(digest)) is not None:
            return done
        read = results.read_trained(trained, digest)
        lock = lock_tags(self.folder, trained, self.locked)
        content = contents.point_content(read, self.experiment, self.commit, lock)
        children = [
            contents.replicate_content(read, index, self.curve_points)
            for index in range(len(read.curves.replicates))
        ]
        inputs = results.inputs_digest(read.provenance)
        return self._write(content, digest, children, "replicates", inputs)

    def summary(self, summary: results.Summary, expected: results.Expected) -> TrackedRun:
        """The run of the whole experiment."""
        if (done := self._done(summary.digest)) is not None:
            return done
        lock = lock_tags(self.folder, self.folder / POINTS, self.locked)
        content = contents.summary_content(summary, expected, self.commit, lock)
        return self._write(content, summary.digest)

    def _done(self, digest: str) -> TrackedRun | None:
        """The complete run of a content."""
        run = _first(run for run in self.runs if run.data.tags.get(CONTENT) == digest)
        if run is None:
            return None
        return TrackedRun(run.info.run_name, run.info.run_id, digest, added=False)

    def _write(
        self,
        content: contents.Content,
        digest: str,
        children: Sequence[contents.Content] = (),
        called: str = "",
        inputs: str | None = None,
    ) -> TrackedRun:
        """A run and its children; what was begun of it before is completed."""
        begun = self._begun(digest, inputs)
        known = {} if begun is None else self._children(begun)
        begun_id = None if begun is None else begun.info.run_id
        run_id = writer.begin(self.client, self.id, content, digest, self.store.origin, begun_id)
        for child in children:
            run = known.get(contents.child_number(child.tags))
            if run is None or run.info.status == "RUNNING":
                child_id = None if run is None else run.info.run_id
                writer.write_child(self.client, self.id, child, run_id, child_id)
        writer.complete(self.client, run_id, content, digest)
        below = f" with {len(children)} {called}" if children else ""
        self.say(f"logged {content.name}{below}")
        return TrackedRun(content.name, run_id, digest, added=True)

    def tell_verdicts(self, current: set[str], summary: results.Summary) -> None:
        """Tags the runs of points with what evaluate says of them now."""
        from mlflow.entities import RunTag

        for run in writer.runs(self.client, self.id, f"tags.`{KIND}` = 'point'"):
            told = contents.verdict_tags(run.data.tags, summary.points)
            changed = {key: value for key, value in told.items() if run.data.tags.get(key) != value}
            if changed and run.info.run_id in current:
                tags = [RunTag(key, value) for key, value in changed.items()]
                self.client.log_batch(run.info.run_id, tags=tags)

    def describe(self, expected: results.Expected, summary: results.Summary | None) -> None:
        """Describes the experiment, and keeps the view of its runs that the description links."""
        answer = None if summary is None else summary.answer.partition("\n")[0]
        link = columns_link(self.id)
        note = experiment_note(expected.axis, expected.data, answer, link)
        known = self.client.get_experiment(self.id).tags
        for key, value in {contents.NOTE: note, VIEW_TAG: columns_view()}.items():
            if known.get(key) != value:
                self.client.set_experiment_tag(self.id, key, value)

    def mark_current(self, current: set[str]) -> None:
        """Tags every complete run by whether it stands for the files as they are now."""
        for run in self.runs:
            value = "true" if run.info.run_id in current else "false"
            if CONTENT in run.data.tags and run.data.tags.get(CURRENT) != value:
                self.client.set_tag(run.info.run_id, CURRENT, value)

    def end_leftovers(self, current: set[str]) -> None:
        """Runs of processes of this checkout that died are not left as running for ever."""
        live_folder = live.live_folder(self.store.work)
        for run in self.runs:
            tags = run.data.tags
            if run.info.status != "RUNNING" or run.info.run_id in current:
                continue
            if tags.get(ORIGIN) != self.store.origin:
                continue
            if LIVE in tags and live.is_training(live_folder / tags[LIVE]):
                continue
            self.client.set_terminated(run.info.run_id, status="KILLED")
        live.remove_leftovers(live_folder, self.experiment, self.folder)

    def _begun(self, digest: str, inputs: str | None) -> "Run | None":
        """A run of the same content that was left half-way, or else the live run of a training."""
        unfinished = [run for run in self.runs if CONTENT not in run.data.tags]
        half_way = _first(run for run in unfinished if run.data.tags.get(PENDING) == digest)
        if half_way is not None or inputs is None:
            return half_way
        return _first(
            run
            for run in unfinished
            if run.data.tags.get(INPUTS) == inputs
            and run.info.status == "RUNNING"
            and PENDING not in run.data.tags
        )

    def _children(self, parent: "Run") -> dict[str, "Run"]:
        condition = f"tags.`{contents.PARENT}` = '{parent.info.run_id}'"
        children = writer.runs(self.client, self.id, condition)
        return {contents.child_number(run.data.tags): run for run in children}


def _first(found: "Iterable[Run]") -> "Run | None":
    return next(iter(found), None)
