"""What a kind of data is: a section of params.yaml that is fitted to a raw table.

Each module beside this one is a kind, with its settings as `ENTRY`: what a person says of the data.
Their `fit` makes the encoder, what is learnt from the raw table, so that `prepare`, the page and a
registered network turn raw rows into the same inputs and outputs into the same answers.
"""

import codecs
import json
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, SerializeAsAny, model_validator

from depthgauge.data.dataset import Dataset, Float32Array, IntArray, Splits, Task, Times
from depthgauge.data.labels import as_pandas_reads
from depthgauge.data.scaling import fit
from depthgauge.entries import EntrySetting, find_entry
from depthgauge.section import Section
from depthgauge.tables.cells import parse_numbers
from depthgauge.tables.table import Label, Table, take_rows

if TYPE_CHECKING:
    import pandas as pd

KINDS = "depthgauge.data.kinds"


@dataclass(frozen=True)
class Encoded:
    """inputs: (n, F) unscaled, NaN where missing. row_names, times: as in `Dataset`."""

    inputs: Float32Array
    row_names: tuple[str, ...]
    times: Times | None = None


class Encoder(Section):
    """How raw rows become inputs and outputs become answers; plain data, kept as JSON.

    classes: the names of the classes, empty where targets are numbers. label: what the classes are
    as pandas reads the raw table, where their names do not say it.
    """

    kind: str
    task: Task
    target: str
    classes: tuple[str, ...]
    label: Label | None = Field(default=None, exclude_if=lambda label: label is None)

    @property
    def labels(self) -> np.ndarray[Any, Any]:
        """The classes as pandas reads them."""
        return as_pandas_reads(self.classes, self.label)

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns of the raw table that inputs are made of."""

    @property
    @abstractmethod
    def input_names(self) -> tuple[str, ...]:
        """F names."""

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Those of the columns that hold numbers."""
        return self.columns

    @property
    def input_shape(self) -> tuple[int, ...]:
        """What the inputs of an example are shaped as."""
        return (len(self.input_names),)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The columns of the answers: that of the class, or K columns of numbers."""
        return (self.target,)

    @property
    def target_shape(self) -> tuple[int, ...]:
        """What the target of an example is shaped as; () with classes."""
        return () if self.classes else (len(self.output_names),)

    @property
    def naming_column(self) -> str | None:
        """The column that names examples of several rows: when, of a series, or which sequence."""
        return None

    @property
    def rows_needed(self) -> str:
        """How many raw rows it takes to predict, in words."""
        return "as many rows as you like"

    def count(self, table: Table) -> tuple[int, int]:
        """Examples (at most) and inputs that a table gives, before any is made."""
        return len(table.lines), int(np.prod(self.input_shape))

    def at_shape(self, input_shape: tuple[int, ...]) -> "Encoder":
        """The encoder for inputs of another shape, as a shorter window has."""
        assert input_shape == self.input_shape
        return self

    @abstractmethod
    def encode(self, table: Table) -> Encoded:
        """The examples in raw rows. Raises InputError naming row and column."""

    def example(self, table: Table, row_names: Sequence[str]) -> "pd.DataFrame":
        """The raw rows that these examples of a table are made of, as pandas would read them."""
        places = {str(line): row for row, line in enumerate(table.lines)}
        return self.frame(take_rows(table, np.array([places[name] for name in row_names])))

    def frame(self, table: Table) -> "pd.DataFrame":
        """The encoder's columns, numbers as numbers."""
        import pandas as pd

        return pd.DataFrame(
            {
                name: parse_numbers(cells, table.decimal)
                if name in self.number_columns
                else cells.str.strip().where(cells.str.strip() != "", None)
                for name, cells in ((name, table.cells[name]) for name in self.columns)
            }
        )

    def name_answers(self, row_names: Sequence[str]) -> Sequence[object]:
        """What stands in the naming column beside the answers for these examples."""
        return row_names

    def decode(self, outputs: np.ndarray[Any, Any]) -> "pd.DataFrame":
        """Answers in the unit of the raw target.

        outputs: (n, K), a value for each class, the greatest for the likeliest; or numbers as the
        targets of `Dataset` are.
        """
        import pandas as pd

        if self.classes:
            return pd.DataFrame({self.target: self.labels[outputs.argmax(1)]})
        return pd.DataFrame(outputs, columns=list(self.output_names))

    def guesses(self, dataset: Dataset) -> dict[str, Float32Array]:
        """Naive predictions of numbers, (N, K) unscaled, under the names they are told by."""
        return {}


class DataSettings(Section):
    """The section `data` of params.yaml: the raw file, how it is written, what is made of it."""

    ENCODER: ClassVar[type[Encoder]]

    kind: str
    """table: a row an example | images: a row an image | series: rows in time | sequences: several
    rows an example"""
    path: str
    """CSV; or Parquet or .ts (UEA), which need no separator and no decimal mark"""
    separator: Annotated[str, Field(min_length=1, max_length=1)]
    """between the cells of a line"""
    encoding: str
    """of the text: utf-8, cp1252, utf-16, ... (Parquet needs none)"""
    decimal: Literal[".", ","]
    """the decimal mark of numbers: . | ,"""
    target: str
    """the column to predict; of images: the class, all others are pixels"""

    if TYPE_CHECKING:

        @property
        def task(self) -> Task:
            """Of the networks: a setting of most kinds, and follows from others in the rest."""

    @model_validator(mode="after")
    def _readable(self) -> "DataSettings":
        # Where both are commas, quotes hold the numbers.
        if self.separator in '"\r\n\0' or self.separator == self.decimal == ".":
            raise ValueError(
                f"data.separator: {self.separator!r} cannot be told from quotes, line ends and "
                "decimal marks; use , ; | or a tab"
            )
        try:
            "".encode(self.encoding)
            codecs.lookup(self.encoding)
        except (LookupError, ValueError):
            raise ValueError(
                f"data.encoding: {self.encoding[:40]!r} is unknown; use utf-8, cp1252, utf-16 or "
                "another name that Python knows"
            ) from None
        return self

    @property
    def drawn(self) -> int:
        """Rows that each replicate draws for itself; 0 where all share one split."""
        return 0

    @property
    def directions(self) -> int:
        """In which the inputs of an example have neighbours, as pixels of an image have."""
        return 1

    @property
    def has_channels(self) -> bool:
        """Whether an example is (channels, steps)."""
        return False

    @property
    def group_column(self) -> str | None:
        """The column that says what rows belong together, where one is named."""
        return None

    @property
    def splits_at_random(self) -> bool:
        """Whether rows of a group may come into two splits."""
        return False

    def keep_apart(self, dataset: Dataset, seed: int, replicates: int) -> Dataset:
        """The data set with other splits, in which no group has rows in two of them.

        Raises InputError where the groups do not allow it. Only where a group is named.
        """
        raise NotImplementedError

    def clean(self, table: Table) -> tuple[Table, dict[str, int]]:
        """The rows that examples can be made of, and what was left out (reason: count)."""
        return table, {}

    @abstractmethod
    def fit(self, table: Table) -> Encoder:
        """What the encoder must know of a clean table. Raises InputError as the table deserves."""

    @abstractmethod
    def build(
        self, table: Table, encoder: Any, encoded: Encoded, seed: int, replicates: int
    ) -> tuple[Dataset, dict[str, int]]:
        """Targets, splits and scaling to a clean table and its inputs; what was left out.

        Raises InputError naming row and column, or a split that cannot be.
        """

    def find_doubts(self, dataset: Dataset) -> list[str]:
        """A line for all that is worth a warning: none where neighbours are alike by nature."""
        return []


def assemble(
    encoder: Encoder,
    encoded: Encoded,
    targets: Float32Array | IntArray,
    splits: Splits,
    scaling_groups: IntArray,
    group_names: Sequence[str] = (),
    target_groups: IntArray | None = None,
    **further: Any,
) -> Dataset:
    """A data set with its scaling. group_names: of the scaling groups. target_groups: as
    `scaling.fit` has them. further: its other fields.

    Raises InputError as `scaling.fit` does.
    """
    # A group of one input can be named in an error.
    single = len(np.unique(scaling_groups)) == scaling_groups.size
    names = encoder.input_names
    group_names = names if single else group_names
    scaled = None if encoder.classes else targets.astype(np.float32, copy=False)
    return Dataset(
        task=encoder.task,
        inputs=encoded.inputs,
        targets=targets,
        input_names=names,
        row_names=encoded.row_names,
        classes=encoder.classes,
        splits=splits,
        scaling=fit(encoded.inputs, scaled, scaling_groups, splits, group_names, target_groups),
        scaling_groups=scaling_groups,
        input_shape=encoder.input_shape,
        target_shape=encoder.target_shape,
        times=encoded.times,
        **{"train_targets": None, "reference": None, **further},
    )


DataSetting = Annotated[SerializeAsAny[DataSettings], EntrySetting(KINDS, "kind")]


def parse_encoder(data: bytes) -> Encoder:
    """The encoder in JSON. Raises ValueError for anything else."""
    content = json.loads(data)
    kind = content.get("kind") if isinstance(content, dict) else None
    settings: type[DataSettings] = find_entry(KINDS, str(kind))
    return settings.ENCODER.model_validate_json(data)
