"""Brings MLflow's store up to date from an experiment's files: logs exactly what is missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from depthgauge.artifacts.looks import LOOKS, at_last_look
from depthgauge.artifacts.metrics import METRICS, read_metrics
from depthgauge.artifacts.page import PAGE, figure_path
from depthgauge.artifacts.runs import is_trained, part_path, parts, trained_digest
from depthgauge.artifacts.search import is_searched, read_study
from depthgauge.artifacts.verdicts import FILES as VERDICT_FILES
from depthgauge.artifacts.verdicts import read_verdicts
from depthgauge.files.digests import content_digest
from depthgauge.settings.schema import Settings
from depthgauge.statistics.estimates import Point
from depthgauge.statistics.verdicts import Verdicts
from depthgauge.tracking import live, runs, search_runs, session
from depthgauge.tracking.commit import commit_tags
from depthgauge.tracking.curves import Measured, Metrics, measured_of_point, measured_of_replicate
from depthgauge.tracking.descriptions import describe
from depthgauge.tracking.held import Held, is_unfinished
from depthgauge.tracking.runs import (
    CHILDREN,
    CONTENT,
    CURRENT,
    INPUTS,
    KIND,
    LIVE,
    ORIGIN,
    PARENT,
    PENDING,
    UNFINISHED,
    RunContent,
    child_number,
)
from depthgauge.tracking.store import Store
from depthgauge.tracking.writer import Writer

if TYPE_CHECKING:
    from mlflow.entities import Run


@dataclass(frozen=True)
class TrackedRun:
    """A run, no child of another, that stands for files on disk.

    added: whether just now. mended: whether something of it had been deleted and was logged again.
    """

    name: str
    run_id: str
    content_digest: str
    added: bool
    mended: bool = False


def bring_up_to_date(
    folder: Path, settings: Settings, store: Store, say: Callable[[str], None]
) -> list[TrackedRun]:
    """Logs what the store lacks of the results in `folder`, an experiment's folder.

    One parent run for each study with a child run for each trial, one for each trained point with
    a child run for each replicate, and one summary run. A run is known by the digest of the files
    it stands for: running twice adds nothing, a lost database is made again, a run that was left
    half-way is completed, and so is one of which children or files were deleted; changed results
    get a new run and the old one stays, no longer current.
    Verdicts and metrics of points are brought up to date in their runs, as are the descriptions.
    Points that have not been searched or trained yet are left out, and for want of a trained one
    the summary too.

    Raises InputError, one line, for a store that cannot be reached or written and for result
    files that cannot be read.
    """
    needed = (*VERDICT_FILES, METRICS, *([LOOKS] if len(settings.looks) > 1 else []))
    files = [folder / path for path in needed]
    is_judged = all(path.is_file() for path in files)
    settings = at_last_look(folder, settings) if is_judged else settings.at_look(settings.looks[0])
    places = [
        (recipe, point, part)
        for recipe in settings.recipes
        for point in settings.points
        for part in parts(settings)
    ]
    trained = [place for place in places if is_trained(folder / part_path(*place))]
    is_judged = is_judged and trained == places
    verdicts = read_verdicts(folder, settings) if is_judged else None
    metrics = read_metrics(folder, settings) if is_judged else {}
    measured = {(recipe, str(point)): of for (recipe, point), of in metrics.items()}
    with session.open_store(store, say) as client:
        writer = Writer(client, session.find_experiment(client, store, settings.experiment))
        with writer.ending():
            update = _Update(writer, store, folder, settings, measured, say)
            studies = settings.search.studies
            searched = [
                (recipe, point, study)
                for recipe, point, study in settings.searches
                if is_searched(folder, recipe, point, studies)
            ]
            tracked = [update.track_study(*place) for place in searched]
            points = [update.track_point(*place) for place in trained]
            tracked += points
            if verdicts is not None:
                tracked.append(update.track_summary(verdicts, points))
            current = {run.run_id for run in tracked}
            update.refresh_points(current, verdicts)
            answer = None if verdicts is None else verdicts.sentence
            about = describe("experiment", of=settings.swept, data=settings.data, answer=answer)
            client.set_experiment_tag(writer.experiment, runs.DESCRIPTION, about)
            update.mark_runs(current)
    return tracked


@dataclass
class _Update:
    """One call of `bring_up_to_date`: the writer, and the runs there were when it began.

    measured: of each recipe and point, this by its name, as runs are tagged.
    """

    writer: Writer
    store: Store
    folder: Path
    settings: Settings
    measured: Mapping[tuple[str, str], Measured]
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self.held = Held(self.writer)
        # Children that hold all there is, whatever they held when it began.
        self.written: set[str] = set()
        self.commit = commit_tags(self.folder)

    def track_study(self, recipe: str, point: Point, study: int) -> TrackedRun:
        """The parent run of a study and its children."""
        search = read_study(self.folder, recipe, point, study)
        contents = search_runs.study_runs(search, self.settings.experiment, self.commit)
        return self._track(search.digest, search.paths, contents)

    def track_point(self, recipe: str, point: Point, part: range) -> TrackedRun:
        """The parent run of the replicates that a look trained at a point, and its children."""
        folder = self.folder / part_path(recipe, point, part)
        measured = self._measured(recipe, str(point), part.start)
        contents = runs.point_runs(folder, measured, self.settings, self.commit)
        return self._track(trained_digest(folder), runs.point_files(folder), contents)

    def _measured(self, recipe: str, point: str, first: int) -> Measured:
        """What was measured of the replicates that a look trained, from the first of them on."""
        (own,) = (part for part in parts(self.settings) if part.start == first)
        found = self.measured.get((recipe, point), {})
        return {
            stopping: {name: values[own.start : own.stop] for name, values in metrics.items()}
            for stopping, metrics in found.items()
        }

    def track_summary(self, verdicts: Verdicts, points: Sequence[TrackedRun]) -> TrackedRun:
        """The run of the whole experiment, of these points."""
        paths = (*VERDICT_FILES, figure_path(self.settings.axis), PAGE)
        files = tuple(self.folder / path for path in paths if (self.folder / path).is_file())
        trained = sorted(point.content_digest for point in points)
        summary = runs.summary_run(verdicts, self.settings, self.commit, files)
        return self._track(content_digest(self.folder, files, *trained), files, [summary])

    def _track(
        self, digest: str, files: Sequence[Path], contents: Iterable[RunContent]
    ) -> TrackedRun:
        """The complete run of a content; where there is none, what was begun of it is completed.

        files: its artifacts. contents: the run and its children, which are made only where
        something is written. The digest is the last thing that is written: without, a run is known
        as half-way.
        """
        whole = self.held.find(digest)
        if whole is not None and self.held.is_whole(whole, files):
            return TrackedRun(whole.info.run_name, whole.info.run_id, digest, added=False)
        content, *children = contents
        if whole is not None:
            return self._mend(whole, digest, files, children)
        begun = self._find_begun(digest, content.tags.get(INPUTS))
        tags = {PENDING: digest, ORIGIN: self.store.origin}
        run_id = self.writer.write(content, tags, begun)
        self._write_children(run_id, digest, children)
        self.writer.end(run_id, content)
        done = {CURRENT: "true", CHILDREN: len(children), CONTENT: digest}
        self.writer.log(run_id, tags=done)
        below = f" with {len(children)} {children[0].tags[KIND]}s" if children else ""
        self.say(f"logged {content.name}{below}")
        return TrackedRun(content.name, run_id, digest, added=True)

    def _mend(
        self, run: "Run", digest: str, files: Sequence[Path], children: Sequence[RunContent]
    ) -> TrackedRun:
        """A complete run with what has been deleted of it since logged again."""
        run_id, name = run.info.run_id, run.info.run_name
        lost = self.held.missing_files(run_id, files)
        self.writer.log_files(run_id, lost)
        written = self._write_children(run_id, digest, children)
        self.writer.log(run_id, tags={CHILDREN: len(children)})
        words = [(written, children[0].tags[KIND] if children else ""), (len(lost), "file")]
        again = [f"{count} {word}{'s' * (count > 1)}" for count, word in words if count]
        if again:
            self.say(f"logged again of {name}, where it was deleted: {' and '.join(again)}")
        return TrackedRun(name, run_id, digest, added=False, mended=bool(again))

    def _write_children(self, parent: str, digest: str, children: Iterable[RunContent]) -> int:
        """Write those that are not there whole below their parent; how many."""
        writer, written = self.writer, 0
        known = self.held.orphans(digest) | self.held.children(parent)
        for child in children:
            found = known.get(child_number(child.tags))
            if found is None or is_unfinished(found):
                run_id = writer.write(child, {PARENT: parent}, found)
                writer.end(run_id, child)
                self.written.add(run_id)
                if found is not None and UNFINISHED in found.data.tags:
                    writer.client.delete_tag(run_id, UNFINISHED)
                written += 1
            elif found.data.tags[PARENT] != parent:
                writer.log(found.info.run_id, tags={PARENT: parent})
        return written

    def _find_begun(self, digest: str, inputs: str | None) -> "Run | None":
        """A run of the same content that was left half-way, or else the live run of a training."""
        unfinished = [run for run in self.held.parents if CONTENT not in run.data.tags]
        half_way = [run for run in unfinished if run.data.tags.get(PENDING) == digest]
        same = [run for run in unfinished if run.data.tags.get(INPUTS, "") == inputs]
        shown = [r for r in same if r.info.status == "RUNNING" and PENDING not in r.data.tags]
        return next(iter(half_way + shown), None)

    def refresh_points(self, current: set[str], verdicts: Verdicts | None) -> None:
        """Logs what evaluate says now of the points that have a current run."""
        for run in self.writer.find(f"tags.`{KIND}` = 'point'"):
            tags, run_id = run.data.tags, run.info.run_id
            if run_id not in current:
                continue
            first = int(tags[runs.FIRST])
            measured = self._measured(tags[runs.RECIPE], tags[runs.POINT], first)
            metrics = _changed(run, measured_of_point(measured))
            # Of each by itself: one that was logged again may lack what its parent has.
            for number, child in self.held.children(run_id).items():
                own = _changed(child, measured_of_replicate(measured, int(number) - first))
                if own and child.info.run_id not in self.written:
                    self.writer.log(child.info.run_id, own)
            said = {} if verdicts is None else runs.verdict_tags(tags, verdicts)
            said = {key: value for key, value in said.items() if tags.get(key) != value}
            if metrics or said:
                self.writer.log(run_id, metrics, tags=said)

    def mark_runs(self, current: set[str]) -> None:
        """Tags every complete run by whether it stands for the files as they are now.

        Runs of processes of this checkout that died are not left as running for ever, nor are
        the runs below them.
        """
        for run in self.held.parents:
            tags, run_id = run.data.tags, run.info.run_id
            is_current = "true" if run_id in current else "false"
            if CONTENT in tags and tags.get(CURRENT) != is_current:
                self.writer.client.set_tag(run_id, CURRENT, is_current)
            mine = run_id not in current and tags.get(ORIGIN) == self.store.origin
            if mine and not live.is_training(self.store.work, tags.get(LIVE, "")):
                for each in (*self.held.children(run_id).values(), run):
                    if each.info.status == "RUNNING":
                        self.writer.client.set_terminated(each.info.run_id, status="KILLED")


def _changed(run: "Run", metrics: Metrics) -> Metrics:
    return [metric for metric in metrics if run.data.metrics.get(metric[0]) != metric[1]]
