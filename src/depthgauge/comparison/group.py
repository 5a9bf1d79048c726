"""Runs grouped by every setting but the seed; what is not known is asked for in one line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from depthgauge.comparison.names import Role, choose_metric, is_higher_better, train_name
from depthgauge.comparison.reduce import listed
from depthgauge.comparison.runs import Asked, RunTable
from depthgauge.comparison.values import alike, measured
from depthgauge.errors import InputError
from depthgauge.report.prose.numbers import counted, join_words
from depthgauge.statistics.stopping import BoolArray, FloatArray, IntArray

# All pairs are compared: their number grows as the square.
MOST_CONFIGURATIONS = 1000


@dataclass(frozen=True)
class Grouped:
    """K configurations with their runs.

    seed: the columns that tell repetitions apart; empty where none does. settings: those that
    differ; configurations: (K,) rows of their values. values: (S, K), a row a seed; NaN where a run
    diverged or there is none. train: of the same metric on training data, None where not known.
    runs, diverged, absent: (K,) counts. place: (N,) the configuration of each run, -1 of a run that
    is left out. size: (K,) numbers of parameters, None where not known.
    """

    source: str
    metric: str
    higher: bool
    seed: tuple[str, ...]
    settings: tuple[str, ...]
    configurations: pd.DataFrame
    values: FloatArray
    train: FloatArray | None
    runs: IntArray
    diverged: IntArray
    absent: IntArray
    place: IntArray
    size: FloatArray | None
    notes: tuple[str, ...]

    @property
    def finite(self) -> IntArray:
        """(K,) how many runs of each are compared."""
        return np.asarray(np.isfinite(self.values).sum(axis=0))


def group_runs(table: RunTable, asked: Asked) -> Grouped:
    """Raises InputError, in one line that says what to name, where the runs do not tell."""
    metric = _metric(table, asked)
    higher = is_higher_better(metric) if asked.higher is None else asked.higher
    if higher is None:
        raise InputError(
            f"{table.source}: is more of {metric} better, or less? Say --higher-is-better or "
            "--lower-is-better"
        )
    values = table.settings.apply(alike)
    seed = _seed(values, table, asked)
    notes = [*table.notes]
    settings = _settings(values, table, asked, seed, notes)
    place, configurations = _places(values, settings)
    if len(configurations) > MOST_CONFIGURATIONS:
        raise InputError(
            f"{table.source}: {len(configurations)} configurations of {listed(settings)}; "
            f"at most {MOST_CONFIGURATIONS} are compared: name the settings with --by, or leave "
            "out what is none with --ignore"
        )
    ignored = [
        name
        for name in values.columns
        if table.roles[name] in (Role.ABOUT, Role.RUN)
        and name not in (*settings, *seed, *asked.ignore)
        and values[name].nunique(dropna=False) > 1
    ]
    if ignored:
        notes.append(f"not counted as settings: {listed(ignored)}")
    rows, kept = _rows(values, table, metric, seed, place, ignored, notes)
    count = len(configurations)

    def matrix(name: str) -> FloatArray:
        return _mean_by(rows[kept], place[kept], measured(table.metrics[name])[kept], count)

    numbers = measured(table.metrics[metric])
    absent = table.absent[metric].to_numpy()
    diverged = ~np.isfinite(numbers) & ~absent
    train = train_name(metric, [*table.metrics.columns])
    return Grouped(
        source=table.source,
        metric=metric,
        higher=higher,
        seed=seed,
        settings=tuple(settings),
        configurations=configurations,
        values=matrix(metric),
        train=None if train is None else matrix(train),
        runs=np.bincount(place[kept], minlength=count),
        diverged=np.bincount(place[kept & diverged], minlength=count),
        absent=np.bincount(place[kept & absent], minlength=count),
        place=np.where(kept, place, -1),
        size=_size(table, place, count),
        notes=tuple(notes),
    )


def _metric(table: RunTable, asked: Asked) -> str:
    names = table.of(Role.METRIC)
    if asked.metric is not None:
        if asked.metric in table.metrics:
            return asked.metric
        raise InputError(
            f"{table.source}: has no metric {asked.metric[:60]!r}; there are {listed(names)}"
        )
    found = choose_metric(names)
    if found is not None:
        return found
    if not names:
        raise InputError(f"{table.source}: which column is compared? Name it with --metric")
    raise InputError(f"{table.source}: which of {listed(names)} is compared? Name it with --metric")


def _varies(values: pd.DataFrame, name: str) -> bool:
    return bool(values[name].nunique(dropna=False) > 1)


def _seed(values: pd.DataFrame, table: RunTable, asked: Asked) -> tuple[str, ...]:
    if asked.seed or table.seed:
        return tuple(asked.seed or table.seed)
    for kind in (Role.SEED, Role.FOLD):
        names = [name for name in table.of(kind) if name in values and _varies(values, name)]
        # One that says what another says adds nothing.
        codes = {name: pd.factorize(values[name])[0] for name in names}
        own = [
            name
            for k, name in enumerate(names)
            if not any((codes[name] == codes[before]).all() for before in names[:k])
        ]
        if len(own) > 1:
            raise InputError(
                f"{table.source}: {join_words(own)} may each be the seed: name the one that "
                "stands for luck with --seed (or several: the first is the unit, runs that share "
                "it are averaged)"
            )
        if own:
            return (own[0],)
    return ()


def _settings(
    values: pd.DataFrame, table: RunTable, asked: Asked, seed: Sequence[str], notes: list[str]
) -> list[str]:
    """The columns that make a configuration, of those that differ."""
    if asked.by:
        return list(asked.by)
    seeds = {*seed, *table.of(Role.SEED), *asked.ignore}
    names = [name for name in table.of(Role.SETTING) if name not in seeds and _varies(values, name)]
    if not names:
        # A run may be called by what it is: "resnet" with seeds 0 to 4.
        told = table.of(Role.RUN, Role.ABOUT, Role.FOLD)
        told = [name for name in told if name in values and name not in seeds]
        names = [name for name in told if _varies(values, name) and _repeats(values, [name], seed)]
        return names[:1]
    own = [name for name in names if values[name].nunique(dropna=False) == len(values)]
    rest = [name for name in names if name not in own]
    # What has a value of its own in every run is an outcome or a name, where the others make a
    # whole design without it.
    if own and rest and _repeats(values, rest, seed):
        notes.append(f"not counted as settings, another in every run: {listed(own)}")
        return rest
    return names


def _repeats(values: pd.DataFrame, names: Sequence[str], seed: Sequence[str]) -> bool:
    """Whether every configuration of these settings has several runs, with a seed each."""
    groups = values.groupby(list(names), dropna=False, sort=False)
    if (groups.size() < 2).any():
        return False
    return not seed or not values.duplicated([*names, *seed]).any()


def _places(values: pd.DataFrame, settings: Sequence[str]) -> tuple[IntArray, pd.DataFrame]:
    """The configuration of each run, and all of them, in the order of their values."""
    if not settings:
        return np.zeros(len(values), int), pd.DataFrame(index=[0])
    found = values[list(settings)].drop_duplicates()
    keys = pd.DataFrame({name: _sortable(found[name]) for name in settings}, found.index)
    found = found.loc[keys.sort_values(list(settings)).index].reset_index(drop=True)
    number = {row: k for k, row in enumerate(found.itertuples(index=False, name=None))}
    rows = values[list(settings)].itertuples(index=False, name=None)
    return np.array([number[row] for row in rows]), found


def _sortable(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    is_number = numbers.notna().eq(column.notna()).all()
    return numbers if is_number else pd.Series(column.fillna("").rank(), column.index)


def _rows(
    values: pd.DataFrame,
    table: RunTable,
    metric: str,
    seed: Sequence[str],
    place: IntArray,
    ignored: Sequence[str],
    notes: list[str],
) -> tuple[IntArray, BoolArray]:
    """(N,) the row of each run, a seed's or, without seeds, the next; and which runs count."""
    if not seed:
        order = pd.Series(place).groupby(place).cumcount()
        return np.asarray(order, np.int64), np.ones(len(place), np.bool_)
    without = values[list(seed)].isna().any(axis=1).to_numpy()
    if without.all():
        raise InputError(f"{table.source}: {join_words(list(seed))}: has no value in any run")
    if without.any():
        notes.append(f"{counted(int(without.sum()), 'run')} without {seed[0]}: left out")
    keys = pd.DataFrame({"place": place, **{name: values[name] for name in seed}})
    again = keys.duplicated(keep=False).to_numpy() & ~without
    if again.any():
        _ask_about_repeats(values, table, again, keys, ignored)
    kept = ~without & ~keys.duplicated(keep="last").to_numpy()
    repeats = int((~kept & ~without).sum())
    if repeats:
        runs = f"{counted(repeats, 'run')} {'repeats' if repeats == 1 else 'repeat'}"
        notes.append(f"{runs} a configuration and seed: the last of each counts")
    numbers = pd.factorize(values[seed[0]])[0]
    return np.asarray(numbers, np.int64), np.asarray(kept, np.bool_)


def _ask_about_repeats(
    values: pd.DataFrame,
    table: RunTable,
    again: BoolArray,
    keys: pd.DataFrame,
    ignored: Sequence[str],
) -> None:
    """Raises InputError where a column that is taken for no setting tells such runs apart."""
    for name in ignored:
        distinct = values[name].nunique(dropna=False)
        parted = keys.assign(own=values[name]).duplicated()[again].sum() == 0
        if parted and distinct <= len(values) / 2 and table.roles[name] is not Role.RUN:
            raise InputError(
                f"{table.source}: runs of the same settings and seed differ in {name[:60]}: if "
                f"that is a setting name all settings with --by, else leave it out with --ignore "
                f"{name[:60]}"
            )


def _mean_by(rows: IntArray, place: IntArray, numbers: FloatArray, count: int) -> FloatArray:
    """(S, count) means of the finite ones of each row and place; NaN where there is none.

    A row one of whose runs diverged is left out there: the mean of the others would be luckier.
    """
    seeds = int(rows.max(initial=-1)) + 1
    flat = rows * count + place
    sums = np.bincount(flat, numbers, minlength=seeds * count)
    found = np.bincount(flat, minlength=seeds * count)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / found
    return np.where(np.isfinite(means), means, np.nan).reshape(seeds, count)


def _size(table: RunTable, place: IntArray, count: int) -> FloatArray | None:
    """(count,) numbers of parameters where one column has one for each configuration."""
    for name in table.of(Role.SIZE):
        if name in table.metrics:
            numbers = table.metrics[name].to_numpy()
        else:
            numbers = pd.to_numeric(table.settings[name], errors="coerce").to_numpy(float)
        sizes = np.full(count, np.nan)
        sizes[place] = numbers
        if np.isfinite(sizes).all() and (sizes[place] == numbers).all():
            return sizes
    return None
