"""Batches of rows, with a row for each run or for each run and step, to a row for each run.

What is held is a row for each run, whatever the number of steps: text as numbers of distinct
values, metrics as numbers.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from depthgauge.comparison.ended import that_ended
from depthgauge.comparison.names import Role
from depthgauge.comparison.runs import Asked, RunTable, roles_of
from depthgauge.errors import InputError
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray

# A column of more values than that tells runs apart, and is no setting.
MOST_VALUES = 200_000
# A number with more values than this share of rows is measured or scheduled, not what names a run.
OFTEN_ANEW = 0.2
# The place of a value that is not there.
_NOWHERE = -1
_READ_AS_NUMBER = (Role.METRIC, Role.SIZE)


class Reducer:
    """Takes batches, gives the runs. Raises InputError for what is no number or cannot be told."""

    def __init__(
        self, source: str, names: Sequence[str], asked: Asked, key: Sequence[str] | None = None
    ) -> None:
        """key: the columns that tell runs apart, where that is known."""
        unknown = sorted(asked.named - set(names))
        if unknown:
            raise InputError(
                f"{source}: has no column {unknown[0][:60]!r}; there are {listed(names)}"
            )
        self.source, self.names, self.asked = source, [*names], asked
        self.roles = roles_of(names, asked)
        steps = [name for name in names if self.roles[name] is Role.STEP]
        # A row a run may have a column of steps too: the epoch at which it ended.
        self._step = next(iter(steps), None)
        self._key: list[str] | None = None if key is None else [*key]
        self._known: dict[str, dict[str, int]] = {name: {} for name in names}
        self._full: set[str] = set()
        self._changing: set[str] = set()
        self._run_of: dict[bytes, int] = {}
        self._count = 0
        self._series: dict[str, _Series] = {}
        self._codes: dict[str, IntArray] = {}
        self._rows = 0

    def add_texts(self, texts: Mapping[str, pd.Series]) -> None:
        """A batch of columns of text, None where there is nothing."""
        self.add(text_table(self.names, texts))

    def add(self, batch: "pa.Table | pa.RecordBatch") -> None:
        """A batch of the columns, in their order, all of them text."""
        if not batch.num_rows:
            return
        texts = {name: _trimmed(batch.column(name)) for name in self.names}
        numbers = {}
        for name in [name for name in self.names if self.roles[name] in _READ_AS_NUMBER]:
            values = self._number(name, texts[name])
            if values is not None:
                numbers[name] = values
        codes = {
            name: self._code(name, texts[name])
            for name in self.names
            if name not in numbers and name != self._step and name not in self._full
        }
        steps = self._steps(texts)
        if self._key is None:
            self._key = [] if steps is None else self._choose_key(codes, texts, steps)
        self._rows += batch.num_rows
        runs = self._runs(codes, batch.num_rows)
        for name in numbers:
            self._series.setdefault(name, _Series(self._count))
        self._grow(int(runs.max()) + 1, codes)
        self._keep_codes(codes, runs)
        at = np.zeros(len(runs)) if steps is None else steps
        for name, values in numbers.items():
            valid = texts[name].is_valid().to_numpy(zero_copy_only=False)
            if not self._series[name].take(values, valid, runs, at):
                raise InputError(
                    f"{self.source}: several rows of a run have the same "
                    f"{self._step or 'name'}, and different {name[:60]}: name "
                    "what tells the runs apart with --by or --seed"
                )

    def table(self) -> RunTable:
        """All runs that were added."""
        index = pd.RangeIndex(self._count)
        notes = []
        settings = {}
        for name, codes in self._codes.items():
            if name in self._full or name in self._changing:
                continue
            # At the place -1 there is nothing.
            settings[name] = np.array([*self._known[name], None], dtype=object)[codes]
        if self._rows > len(index) and self._step is not None:
            notes.append(f"the last {self._step} of each run counts")
        if self._changing:
            named = ", ".join(sorted(self._changing))
            notes.append(f"{named}: changes within a run, and is no setting")
        if self._full:
            notes.append(f"{', '.join(sorted(self._full))}: has too many values for a setting")
        kept = {name: self.roles[name] for name in [*settings, *self._series]}
        numbers = {name: series.values for name, series in self._series.items()}
        absent = {name: series.absent for name, series in self._series.items()}
        found = RunTable(
            self.source,
            pd.DataFrame(settings, index, dtype=object),
            pd.DataFrame(numbers, index, dtype=np.float64),
            pd.DataFrame(absent, index, dtype=bool),
            kept,
            tuple(notes),
        )
        return that_ended(found, self.asked)

    def _number(self, name: str, text: pa.Array) -> FloatArray | None:
        """Of the rows; NaN where there is none. None of a column that is text after all."""
        try:
            return np.asarray(text.cast(pa.float64()).to_numpy(zero_copy_only=False))
        except pa.ArrowInvalid:
            if name not in self._series and self._key is None and name != self.asked.metric:
                # The name of a loss, say, not its value.
                self.roles[name] = Role.SETTING
                return None
            wrong = next(value for value in text.to_pylist() if not _is_number(value))
            raise InputError(
                f"{self.source}: column {name[:60]!r}: {wrong[:40]!r} is no number"
            ) from None

    def _code(self, name: str, text: pa.Array) -> IntArray:
        encoded, known = text.dictionary_encode(), self._known[name]
        values = encoded.dictionary.to_pylist()
        places = np.array([known.setdefault(v, len(known)) for v in values] + [_NOWHERE], np.int64)
        if len(known) > MOST_VALUES and self.roles[name] is not Role.SEED:
            self._full.add(name)
            known.clear()
            self._codes.pop(name, None)
        indices = pc.fill_null(encoded.indices.cast(pa.int64()), len(values))
        return np.asarray(places[indices.to_numpy(zero_copy_only=False)])

    def _steps(self, texts: Mapping[str, pa.Array]) -> FloatArray | None:
        if self._step is None:
            return None
        try:
            found = texts[self._step].cast(pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            raise InputError(f"{self.source}: column {self._step[:60]!r}: is no step") from None
        return np.where(np.isnan(found), -np.inf, found)

    def _choose_key(
        self, codes: Mapping[str, IntArray], texts: Mapping[str, pa.Array], steps: FloatArray
    ) -> list[str]:
        """What tells runs apart: their names and seeds; where that is not enough, all settings."""
        marks = (Role.RUN, Role.SEED, Role.FOLD)
        key = [name for name in codes if self.roles[name] in marks or name in self.asked.by]
        places = np.stack([*(codes[name] for name in key), steps], 1)
        is_enough = len(np.unique(places, axis=0)) == len(places)
        if is_enough and any(self.roles[name] is Role.RUN for name in key):
            return key
        flowing = {name for name in codes if _flows(texts[name])}
        settings = (n for n in codes if self.roles[n] is Role.SETTING and n not in flowing)
        return [*key, *(name for name in settings if name not in key)]

    def _runs(self, codes: Mapping[str, IntArray], rows: int) -> IntArray:
        """Which run each row belongs to, new ones counted on."""
        if not self._key:
            begin = self._count
            return np.arange(begin, begin + rows) if self._step is None else np.zeros(rows, int)
        full = [name for name in self._key if name not in codes]
        if full:
            raise InputError(f"{self.source}: column {full[0]!r}: has too many values for a run")
        matrix = np.stack([codes[name] for name in self._key], 1)
        found, place = np.unique(matrix, axis=0, return_inverse=True)
        number = [self._run_of.setdefault(row.tobytes(), len(self._run_of)) for row in found]
        return np.array(number)[place.reshape(-1)]

    def _grow(self, count: int, names: Iterable[str]) -> None:
        """Room for so many runs; names: of the columns that are kept as numbers of values."""
        more, self._count = max(0, count - self._count), max(count, self._count)
        for name in names:
            if name not in self._codes and name not in self._full:
                self._codes[name] = np.full(self._count - more, _NOWHERE)
        for name, codes in self._codes.items():
            self._codes[name] = np.concatenate([codes, np.full(more, _NOWHERE)])
        for series in self._series.values():
            series.grow(more)

    def _keep_codes(self, codes: Mapping[str, IntArray], runs: IntArray) -> None:
        """Of each run what it says; a column that says several things of a run is changing."""
        for name in [name for name in self._codes if name in codes]:
            kept, now = self._codes[name], codes[name]
            there = now != _NOWHERE
            new = there & (kept[runs] == _NOWHERE)
            # Of repeated places the last assignment counts: reversed, the first.
            kept[runs[new][::-1]] = now[new][::-1]
            if (kept[runs[there]] != now[there]).any():
                self._changing.add(name)


class _Series:
    """A metric of each run at the last step at which it has a value."""

    def __init__(self, runs: int) -> None:
        self.values, self.last = np.full(runs, np.nan), np.full(runs, -np.inf)
        self.absent = np.ones(runs, bool)

    def grow(self, more: int) -> None:
        self.values = np.concatenate([self.values, np.full(more, np.nan)])
        self.last = np.concatenate([self.last, np.full(more, -np.inf)])
        self.absent = np.concatenate([self.absent, np.ones(more, bool)])

    def take(self, values: FloatArray, valid: BoolArray, runs: IntArray, steps: FloatArray) -> bool:
        """A batch; False where a run has several values at its last step, and they differ."""
        rows = np.flatnonzero(valid)
        rows = rows[np.lexsort((steps[rows], runs[rows]))]
        ends = np.flatnonzero(np.append(runs[rows[1:]] != runs[rows[:-1]], rows.size > 0))
        ordered = (runs[rows], steps[rows], values[rows])
        before = np.maximum(ends - 1, 0)
        same = [part[before] == part[ends] for part in ordered]
        if (same[0] & same[1] & ~same[2] & (before != ends)).any():
            return False
        run, step, value = (part[ends] for part in ordered)
        if ((step == self.last[run]) & (value != self.values[run]) & ~self.absent[run]).any():
            return False
        later = (step > self.last[run]) | self.absent[run]
        place = run[later]
        self.values[place], self.last[place], self.absent[place] = value[later], step[later], False
        return True


def text_table(names: Sequence[str], texts: Mapping[str, pd.Series]) -> pa.Table:
    """Columns of text as one batch."""
    arrays = [pa.array(texts[name].tolist(), pa.string()) for name in names]
    return pa.table(arrays, names=list(names))


def _trimmed(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """Without spaces around it; null where nothing is left."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    text = pc.utf8_trim_whitespace(whole)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _flows(text: pa.Array) -> bool:
    """Whether nearly every row has another number."""
    distinct = pc.count_distinct(text).as_py()
    if distinct <= max(20, OFTEN_ANEW * len(text)):
        return False
    return all(_is_number(value) for value in text.slice(0, 1000).to_pylist())


def _is_number(value: str | None) -> bool:
    try:
        float(value or "nan")
    except ValueError:
        return False
    return True


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names for a message, cut where they are many."""
    every = [name[:60] for name in names]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return f"{', '.join(every[:most])}{more}"
