"""The step of a series that is no day: an hour, 15 minutes, a month; and times counted in it."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from depthgauge.data.dataset import IntArray

Micros = npt.NDArray[np.datetime64]

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_MICRO = 1_000_000
PATTERN = rf"[1-9][0-9]{{0,5}} ({'|'.join([*_SECONDS, *_MONTHS])})s?"
# A month has about so many seconds.
_MONTH = 30.44 * 86_400


@dataclass(frozen=True)
class Every:
    """count: of the units. months: whether the unit is of the calendar, else seconds."""

    count: int
    months: bool

    @property
    def of_days(self) -> bool:
        """Whether the local clock counts, which says a day, and not that in Greenwich."""
        return self.months or self.count % _SECONDS["day"] == 0

    def places(self, times: Micros) -> IntArray:
        """(N,) steps after the first of the times, -1 for one that lies between two steps."""
        if self.months:
            months = times.astype("datetime64[M]").astype(np.int64)
            whole, rest = np.divmod(months - months[0], self.count)
        else:
            after = (times - times[0]).astype("timedelta64[us]").astype(np.int64)
            whole, rest = np.divmod(after, self.count * _MICRO)
        places: IntArray = np.where(rest == 0, whole, -1).astype(np.int64)
        return places

    def name(self, start: np.datetime64, place: int) -> str:
        """What the time is called that is so many steps after the start."""
        if self.months:
            return str(start.astype("datetime64[M]") + place * self.count)
        when = start.astype("datetime64[s]") + place * self.count
        midnight = self.of_days and when == when.astype("datetime64[D]")
        return str(when.astype("datetime64[D]")) if midnight else str(when).replace("T", " ")


def parse_every(text: str) -> Every:
    """What "15 minutes" or "1 month" says, which must match `PATTERN`."""
    count, unit = re.fullmatch(r"([0-9]+) ([a-z]+?)s?", text).groups()  # type: ignore[union-attr]
    in_months = unit in _MONTHS
    return Every(int(count) * (_MONTHS if in_months else _SECONDS)[unit], in_months)


def find_every(times: Micros) -> str | None:
    """The step on whose grid all of the times lie, as most of them do that follow each other.

    times: (N,), each later than the one before. None where there is none.
    """
    between = np.diff(times).astype("timedelta64[us]").astype(np.int64)
    steps, counts = np.unique(between, return_counts=True)
    usual = int(steps[counts.argmax()])
    found = f"{max(1, round(usual / _MICRO / _MONTH))} month"
    if usual < 28 * _SECONDS["day"] * _MICRO:
        if usual % _MICRO:
            return None
        seconds = usual // _MICRO
        unit = next(u for u in reversed(_SECONDS) if seconds % _SECONDS[u] == 0)
        found = f"{seconds // _SECONDS[unit]} {unit}"
    places = parse_every(found).places(times)
    if (places < 0).any() or (np.diff(places) < 1).any():
        return None
    return found if found.startswith("1 ") else f"{found}s"
