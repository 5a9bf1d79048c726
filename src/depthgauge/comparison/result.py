"""What a comparison finds: numbers, and which configurations they are of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from depthgauge.codes.registry import with_code
from depthgauge.comparison.group import Grouped
from depthgauge.comparison.names import split_prefix
from depthgauge.comparison.reduce import listed
from depthgauge.comparison.runs import Asked, RunTable
from depthgauge.errors import InputError
from depthgauge.statistics.configurations import (
    Differences,
    compare_configurations,
    runs_to_resolve,
    simplest_not_told_apart,
)
from depthgauge.statistics.estimates import Estimate, Interval
from depthgauge.statistics.paired import mean_and_interval
from depthgauge.statistics.stopping import FloatArray

# A larger share of diverged runs than this takes a configuration out, as a point of an experiment
# (threshold.diverged_share in params.yaml): what is left of it has been lucky.
DIVERGED_SHARE = 0.1


class Standing(StrEnum):
    """How a configuration stands to the best."""

    BEST = "best"
    NOT_APART = "not told apart"
    WORSE = "worse"
    SAME = "does not vary"
    ONE_RUN = "one run: cannot tell"
    DIVERGED = "diverged too often"
    NO_RUN = "no value"


@dataclass(frozen=True)
class Row:
    """One configuration. name: "depth=2 lr=0.1". mean: with its own 95 % interval.

    behind: by how much it is worse than the best, with an interval that holds for all pairs at
    once; p: adjusted for all pairs; smallest: the difference from the best that would be told apart
    with a chance of 80 %; wanted: runs that would tell it apart, None where they do or are unknown.
    """

    place: int
    name: str
    standing: Standing
    runs: int
    finite: int
    diverged: int
    absent: int
    mean: Estimate
    behind: float | None = None
    interval: Interval | None = None
    p: float | None = None
    smallest: float | None = None
    wanted: int | None = None


@dataclass(frozen=True)
class Found:
    """A comparison of all configurations of some runs.

    rows: (K,) in the order of `grouped.configurations`. compared: places of those in `differences`.
    best: place. simplest: place, None where nothing says what is simple; order: what does.
    none_simpler: whether the best is as simple as any that is compared.
    """

    grouped: Grouped
    rows: tuple[Row, ...]
    compared: tuple[int, ...]
    differences: Differences
    best: int
    simplest: int | None
    order: str | None
    none_simpler: bool

    @property
    def ranked(self) -> list[Row]:
        """Those that are compared, the best mean first."""
        sign = -1 if self.grouped.higher else 1
        kept = [self.rows[place] for place in self.compared]
        return sorted(kept, key=lambda row: (row.place != self.best, sign * (row.mean.mean or 0)))

    @property
    def others(self) -> list[Row]:
        """Those that could not be."""
        return [row for row in self.rows if row.place not in self.compared]

    @property
    def rival(self) -> Row | None:
        """The nearest to the best of those of which anything is known."""
        return next((row for row in self.ranked[1:] if row.interval is not None), None)

    @property
    def best_by_mean(self) -> bool:
        """Whether no other that is compared has a better mean over all its runs."""
        sign = -1 if self.grouped.higher else 1
        means = [sign * (self.rows[place].mean.mean or 0) for place in self.compared]
        return means[self.compared.index(self.best)] <= min(means)

    @property
    def apart(self) -> int:
        """How many pairs are told apart."""
        return int(np.triu(self.differences.apart).sum())

    @property
    def paired(self) -> bool | None:
        """Whether all are compared seed by seed; None where some are."""
        upper = self.differences.paired[np.triu_indices(len(self.compared), 1)]
        return bool(upper.all()) if upper.all() or not upper.any() else None

    def names(self, *standings: Standing) -> list[str]:
        """The names of those of that standing, the better first."""
        return [row.name for row in [*self.ranked, *self.others] if row.standing in standings]


def find(table: RunTable, grouped: Grouped, asked: Asked) -> Found:
    """The comparison. Raises InputError where there is nothing that could be compared."""
    names = configuration_names(grouped)
    standings = _standings(grouped)
    compared = [place for place, said in enumerate(standings) if said is None]
    _require_two(grouped, standings, compared)
    values = grouped.values[:, compared]
    found = compare_configurations(values, bool(grouped.seed), asked.alpha)
    means = [mean_and_interval(column) for column in grouped.values.T]
    level = np.array([means[place].mean for place in compared], float)
    lead = _lead(found, -level if grouped.higher else level, grouped.higher)
    rows = []
    for place, standing in enumerate(standings):
        told: dict[str, Any] = {}
        if standing is None:
            told = _against(found, lead, compared.index(place), grouped.higher)
            standing = told.pop("standing")
        rows.append(
            Row(
                place=place,
                name=names[place],
                standing=standing,
                runs=int(grouped.runs[place]),
                finite=int(grouped.finite[place]),
                diverged=int(grouped.diverged[place]),
                absent=int(grouped.absent[place]),
                mean=means[place],
                **told,
            )
        )
    order, by = _order(table, grouped, asked)
    simplest = None
    if order is not None:
        at = simplest_not_told_apart(found, lead, order[compared], grouped.higher)
        simplest = compared[at]
    none_simpler = order is not None and bool(order[compared[lead]] <= order[compared].min())
    best = compared[lead]
    return Found(grouped, tuple(rows), tuple(compared), found, best, simplest, by, none_simpler)


def _lead(found: Differences, cost: FloatArray, higher: bool) -> int:
    """The place of the best mean, of those that none is told apart from as better.

    Of runs that share their seeds another may be better than the one whose mean over all is: what
    is compared decides. Where each is beaten by some other, the best mean.
    """
    gains = -found.difference if higher else found.difference
    beaten = (found.apart & (gains < 0)).any(axis=1)
    return int(np.argmin(cost if beaten.all() else np.where(beaten, np.inf, cost)))


def _against(found: Differences, lead: int, own: int, higher: bool) -> dict[str, Any]:
    if own == lead:
        return {"standing": Standing.BEST}
    difference, half = float(found.difference[lead, own]), float(found.half[lead, own])
    behind = -difference if higher else difference
    if not np.isfinite(half):
        return {"standing": Standing.SAME, "behind": behind}
    apart = bool(found.apart[lead, own])
    return {
        "standing": Standing.WORSE if apart else Standing.NOT_APART,
        "behind": behind,
        "interval": Interval(behind - half, behind + half),
        "p": float(found.adjusted_p[lead, own]),
        "smallest": found.smallest(lead, own),
        "wanted": None if apart else runs_to_resolve(found, lead, own),
    }


def _standings(grouped: Grouped) -> list[Standing | None]:
    """Why a configuration cannot be compared; None where it can."""
    said: list[Standing | None] = []
    tried = grouped.runs - grouped.absent
    for runs, diverged, finite in zip(tried, grouped.diverged, grouped.finite, strict=True):
        if not runs:
            said.append(Standing.NO_RUN)
        elif diverged > DIVERGED_SHARE * runs:
            said.append(Standing.DIVERGED)
        else:
            said.append(Standing.ONE_RUN if finite < 2 else None)
    return said


def _require_two(grouped: Grouped, said: list[Standing | None], compared: list[int]) -> None:
    source, count = grouped.source, len(said)
    if len(compared) >= 2:
        return
    hint = ""
    if not grouped.seed:
        hint = "; if a column is the seed name it with --seed, and what is no setting with --ignore"
    named = [name for name in grouped.settings if name != "configuration"]
    of = f" of {listed(named)}" if named else ""
    if count < 2:
        raise InputError(
            f"{source}: all runs are of one configuration: nothing to compare{hint or ''}"
        )
    if Standing.ONE_RUN in said:
        one = "one run each" if not compared else "one run of all but one of them"
        raise InputError(
            with_code(
                f"{source}: {count} configurations{of}, {one}: cannot tell luck from a difference; "
                f"train each with several seeds{hint}"
            )
        )
    raise InputError(
        f"{source}: of {count} configurations{of} {len(compared)} has two runs with a finite "
        f"{grouped.metric}: nothing to compare"
    )


def _order(table: RunTable, grouped: Grouped, asked: Asked) -> tuple[FloatArray | None, str | None]:
    """What makes each simple, and how that is called."""
    name = asked.order
    if name is None:
        return grouped.size, None if grouped.size is None else "number of parameters"
    if name not in grouped.settings:
        if grouped.size is not None and name not in grouped.seed:
            return grouped.size, name
        raise InputError(
            f"{table.source}: --order {name[:60]}: is no setting that differs; "
            f"there are {listed(grouped.settings)}"
        )
    numbers = pd.to_numeric(grouped.configurations[name], errors="coerce").to_numpy(float)
    if np.isnan(numbers).any():
        wrong = grouped.configurations[name][np.isnan(numbers)].iloc[0]
        raise InputError(f"{table.source}: --order {name[:60]}: {str(wrong)[:40]!r} is no number")
    return numbers, name


def short_names(settings: tuple[str, ...]) -> list[str]:
    """Names without what trackers put before them, where they stay apart."""
    bare = [split_prefix(name)[1] for name in settings]
    return bare if len(set(bare)) == len(bare) else list(settings)


def configuration_names(grouped: Grouped) -> list[str]:
    """ "depth=2 lr=0.1" of each."""
    names = short_names(grouped.settings)
    return [
        " ".join(f"{name}={'none' if value is None else value}" for name, value in pairs)
        for pairs in (
            zip(names, row, strict=True)
            for row in grouped.configurations.itertuples(index=False, name=None)
        )
    ]
