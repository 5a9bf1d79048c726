"""What was read, before anything is known of it: a row for each run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from depthgauge.comparison.names import Role, role
from depthgauge.errors import InputError


@dataclass(frozen=True)
class Asked:
    """What a person has said of the runs: names of columns, None or empty where they have not.

    metric: what is compared. higher: whether more of it is better. seed: what tells repetitions
    apart; of several the first is the unit of luck. by: the settings, where not all are. ignore:
    columns that are no settings. order: the setting that makes a configuration simple where it is
    small. alpha: the chance of any false alarm.
    """

    metric: str | None = None
    higher: bool | None = None
    seed: Sequence[str] = ()
    by: Sequence[str] = ()
    ignore: Sequence[str] = ()
    order: str | None = None
    alpha: float = 0.05

    @property
    def named(self) -> set[str]:
        """Every column that is named."""
        one = {name for name in (self.metric, self.order) if name}
        return one | {*self.seed, *self.by, *self.ignore}


@dataclass(frozen=True)
class RunTable:
    """N runs. source: what messages call it.

    settings: text or None, a column for each parameter or whatever else was said of a run, their
    seeds among it; index: as that of `metrics`. metrics: numbers, NaN where a run diverged and
    where it has no value, which `absent` tells. roles: what each column is. notes: what was left
    out on reading, sentences. experiments: ids of those in MLflow, whose runs the index names.
    seed: what tells repetitions apart, where the source says so.
    """

    source: str
    settings: pd.DataFrame
    metrics: pd.DataFrame
    absent: pd.DataFrame
    roles: Mapping[str, Role]
    notes: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    seed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.settings):
            raise InputError(f"{self.source}: holds no runs")

    @property
    def columns(self) -> list[str]:
        """The names of all that was read."""
        return [*self.settings.columns, *self.metrics.columns]

    def of(self, *wanted: Role) -> list[str]:
        """The columns that are for one of these."""
        return [name for name in self.columns if self.roles[name] in wanted]


def roles_of(names: Sequence[str], asked: Asked) -> dict[str, Role]:
    """What each column is: as asked, else by its name."""
    found = {name: role(name) for name in names}
    found |= {name: Role.SETTING for name in asked.by if name in found}
    found |= {name: Role.ABOUT for name in asked.ignore if name in found}
    found |= {name: Role.SEED for name in asked.seed if name in found}
    if asked.order in found and found[asked.order] is not Role.SEED:
        found[asked.order] = Role.SETTING if role(asked.order) is not Role.SIZE else Role.SIZE
    if asked.metric in found:
        found[asked.metric] = Role.METRIC
    return found


def as_text(column: pd.Series) -> pd.Series:
    """Values as a person writes them, None where there is none: "0.1", "64", "true", "adam"."""

    def write(value: object) -> str | None:
        if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
            return None
        if isinstance(value, bool | np.bool_):
            return str(bool(value)).lower()
        return str(value).strip() or None

    return pd.Series([write(value) for value in column.tolist()], column.index, dtype=object)


def table_of_frame(source: str, frame: pd.DataFrame, asked: Asked) -> RunTable:
    """A frame in memory with a row for each run, or for each run and step, the last of which
    counts. Raises InputError as the reader of files does.

    NaN is a run that diverged; with steps, where nothing else was measured at that step either.
    """
    from depthgauge.comparison.melted import melted
    from depthgauge.comparison.reduce import Reducer, text_table

    if any(name is not None for name in frame.index.names):
        # Settings and seeds may be the index, as a grouped frame has them.
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"{source}: column {twice[0][:60]!r} is there twice")
    apart = melted(names, asked)
    if apart is not None:
        texts = {str(name): as_text(frame[name]) for name in frame.columns}
        if len(apart.values) == 1:
            texts[apart.values[0]] = texts[apart.values[0]].fillna("nan")
        batch = text_table(names, texts)
        measured = apart.names_in(batch)
        reducer = apart.reducer(source, measured, asked)
        reducer.add(apart.wide(batch, measured))
        return reducer.table()
    reducer = Reducer(source, names, asked)
    texts = {str(name): as_text(frame[name]) for name in frame.columns}
    measured = [name for name in texts if reducer.roles[name] is Role.METRIC]
    # A row without any number is of a run that diverged; loggers leave some of them empty.
    nothing = pd.DataFrame({name: texts[name].isna() for name in measured}).all(axis=1)
    stepwise = any(kind is Role.STEP for kind in reducer.roles.values())
    for name in measured:
        lost = nothing if stepwise else texts[name].isna()
        if pd.api.types.is_float_dtype(frame[name]):
            texts[name] = texts[name].mask(lost, "nan")
    reducer.add_texts(texts)
    return reducer.table()
