"""What a store really holds: a digest tag alone does not tell what a person deleted there since."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from depthgauge.tracking.runs import CHILDREN, CONTENT, KIND, PARENT, UNFINISHED, child_number
from depthgauge.tracking.writer import Writer

if TYPE_CHECKING:
    from mlflow.entities import Run

PARENT_KINDS = f"tags.`{KIND}` != 'replicate' and tags.`{KIND}` != 'trial'"
CHILD_KINDS = ("replicate", "trial")


@dataclass
class Held:
    """The runs of an experiment as they were when they were first asked for."""

    writer: Writer

    @cached_property
    def parents(self) -> "list[Run]":
        """All that are no children of another, newest first, without the deleted ones."""
        return list(self.writer.find(PARENT_KINDS))

    @cached_property
    def _children(self) -> "dict[str, dict[str, Run]]":
        # All at once: a call for each of many parents is slow with a server.
        found: dict[str, dict[str, Run]] = {}
        for kind in CHILD_KINDS:
            for run in self.writer.find(f"tags.`{KIND}` = '{kind}'"):
                own = found.setdefault(run.data.tags.get(PARENT, ""), {})
                # The newest first: an older one of the same number came back from the bin.
                own.setdefault(child_number(run.data.tags), run)
        return found

    @cached_property
    def _deleted(self) -> "list[Run]":
        return list(self.writer.find(PARENT_KINDS, deleted=True))

    def children(self, parent: str) -> "dict[str, Run]":
        """Those of a parent by their number, without the deleted ones."""
        return self._children.get(parent, {})

    def orphans(self, digest: str) -> "dict[str, Run]":
        """Children by number whose parent held this content and has been deleted."""
        mine = [run.info.run_id for run in self._deleted if run.data.tags.get(CONTENT) == digest]
        return {number: run for parent in mine for number, run in self.children(parent).items()}

    def find(self, digest: str) -> "Run | None":
        """The run that was completed with this content."""
        return next((r for r in self.parents if r.data.tags.get(CONTENT) == digest), None)

    def is_whole(self, run: "Run", files: Iterable[Path]) -> bool:
        """Whether all children and files of a completed run are there still."""
        children = self.children(run.info.run_id)
        # Stores of earlier versions do not say how many there were.
        if run.data.tags.get(CHILDREN) != str(len(children)):
            return False
        unfinished = any(is_unfinished(child) for child in children.values())
        return not unfinished and not self.missing_files(run.info.run_id, files)

    def missing_files(self, run_id: str, files: Iterable[Path]) -> list[Path]:
        """Those that are not among the run's artifacts, or not whole there."""
        kept = {item.path: item.file_size for item in self.writer.client.list_artifacts(run_id)}
        # Not every place for artifacts tells sizes.
        return [
            path
            for path in files
            if path.name not in kept or kept[path.name] not in (None, path.stat().st_size)
        ]


def is_unfinished(child: "Run") -> bool:
    """Whether a child was begun and not written to its end."""
    return child.info.status == "RUNNING" or UNFINISHED in child.data.tags
