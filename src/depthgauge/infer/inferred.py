"""What a person says of a table, and what is inferred from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from depthgauge.infer.sizes import Sizes
from depthgauge.infer.target import TableTask

Kind = Literal["table", "series", "images", "sequences"]


@dataclass(frozen=True)
class Overrides:
    """What the person says of the table; None: to be inferred.

    date: the column of times, or of the steps of sequences. id: that of sequences. inputs: the
    columns that alone may predict.
    """

    target: str
    kind: Kind | None
    task: TableTask | None
    date: str | None
    id: str | None = None
    inputs: tuple[str, ...] | None = None

    def choose(self, names: Sequence[str]) -> list[str]:
        """Those of some columns that may be inputs."""
        return [name for name in names if self.inputs is None or name in self.inputs]


@dataclass(frozen=True)
class Inferred:
    """data: the section of that name, without the file. metrics: the one that says most first.

    notes: comment lines above keys of data. messages: lines for the person; where there is nothing
    to say, an empty one.
    """

    data: Mapping[str, Any]
    sizes: Sizes
    metrics: Sequence[str]
    messages: Sequence[str]
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
