"""Times as people and programs write them: what a column of cells says, and where that is open."""

import calendar
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from depthgauge.tables.table import quote

if TYPE_CHECKING:
    import pandas as pd

# Months have 28 to 31 days, and are even steps all the same.
EVEN = 1.2
# A row for nearly each day between the first and the last is even enough.
DAILY = 0.8

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr, {9: "Sept"})
    for number, name in (names.items() if isinstance(names, dict) else enumerate(names))
    if name
}
# Numbers but for those of whole days and months, and words without a digit: most columns.
_NO_TIME = re.compile(
    r"(?!([0-9]{6}|[0-9]{8}|[0-9]{10}|[0-9]{12}|[0-9]{14})$)"
    r"[+-]?[0-9]*[.,]?[0-9]*([eE][+-]?[0-9]+)?|[^0-9]*"
)
_ZONES = {
    **{"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60},
    **{"CEST": 120, "EET": 120, "EEST": 180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300},
    **{"MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "JST": 540},
}
_ZONE = rf"(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))}|[+-]\d\d(:?\d\d)?)"
_FRACTION = r"([.,](?P<fraction>\d{1,9}))?"
_HALF = r"( ?(?P<half>[AaPp])\.?[Mm]\.?)?"
# A clock with colons behind any mark; without them behind a T or 8 digits alone.
_CLOCKS = (
    r"((?<=\d)T|, ?|[ :_/])(?P<hour>\d?\d)[:.h](?P<minute>\d\d)"
    rf"([:.](?P<second>\d\d){_FRACTION})?{_HALF}",
    r"((?<=\d\d\d\d\d\d\d\d)T?|(?<=\d)T)(?P<hour>\d\d)"
    rf"((?P<minute>\d\d)((?P<second>\d\d){_FRACTION})?)?",
    r",? (?P<hour>\d?\d) ?(?P<half>[AaPp])\.?[Mm]\.?",
)


def _compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """With no group but those that have names: pandas makes a column of each."""
    return re.compile(re.sub(r"\((?!\?)", "(?:", pattern), flags)


_CLOCK_PARTS = ("day", "hour", "minute", "second", "fraction", "half", "zone")
_CLOCKED = tuple(
    _compile(rf"(?P<day>.+?){clock}( ?{_ZONE})?( ?\[[\w/+-]+\])?") for clock in _CLOCKS
)
_WEEKDAY = re.compile(rf"(?i)^({'|'.join(calendar.day_abbr)})[a-z]*[,.]? +")
# As C's ctime writes it, the year behind the clock.
_CTIME = re.compile(r"^([A-Za-z]{3} +\d?\d) (\d\d:\d\d:\d\d)( [A-Z]{3,4})? (\d{4})$")
_B = rf"(?P<b>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_D, _M, _Y, _SHORT = r"(?P<d>\d?\d)", r"(?P<m>\d?\d)", r"(?P<y>\d{4})", r"(?P<y>\d\d)"
_ORDINAL, _BY = r"(st|nd|rd|th)?", r"[ ./,_-]*"
_DAYS = tuple(
    _compile(day, re.IGNORECASE)
    for day in (
        *(rf"{_Y}{by}{_M}{by}{_D}" for by in ("-", "/", r"\.")),
        *(rf"{_D}{by}{_M}{by}{_Y}" for by in ("-", "/", r"\.")),
        *(rf"{_M}{by}{_D}{by}{_Y}" for by in ("-", "/")),
        *(rf"{_D}{by}{_M}{by}{_SHORT}" for by in ("/", r"\.")),
        rf"{_M}/{_D}/{_SHORT}",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<y>1[6-9]\d\d|20\d\d)(?P<m>\d\d)",
        *(rf"{_Y}[-/]{_M}", rf"{_M}[-/]{_Y}"),
        rf"({_D}{_ORDINAL}{_BY})?{_B}{_BY}{_Y}",
        rf"{_B}{_BY}{_D}{_ORDINAL}[ ./,_-]+{_Y}",
        rf"{_Y}{_BY}{_B}({_BY}{_D})?",
        rf"({_D}[ /-]?)?{_B}[/'-]{{1,2}}{_SHORT}",
        rf"(?P<d>\d\d){_B}{_SHORT}",
        rf"{_Y}[ :/-]?M{_M}",
        rf"{_Y}[ :/-]?Q(?P<q>[1-4])",
        rf"Q(?P<q>[1-4])[ :/-]?{_Y}|(?P<q2>[1-4])Q[ :/-]?(?P<y2>\d{{4}})",
        rf"{_Y}[ :/-]?W(?P<w>\d?\d)(-?(?P<d>[1-7]))?",
    )
)
_HEAD = 100
_MICROSECONDS = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000}
Micros = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Reading:
    """What (N,) cells say as times.

    local: datetime64[us] that the clock showed where the cell was written, NaT for a cell that is
    no time. utc: the same in Greenwich, where the cell names a zone. likely: whether a cell is a
    time in one of the ways at least. example: where the day and the month may stand in two orders,
    a cell and both readings of it; local and utc are NaT then.
    """

    local: Micros
    utc: Micros
    likely: npt.NDArray[np.bool_]
    example: str = ""

    @property
    def is_ambiguous(self) -> bool:
        """Whether the day cannot be told from the month."""
        return bool(self.example)


def ambiguous_days(reading: Reading) -> str:
    """What is open, and how to tell."""
    return (
        f"holds days that can be read in two ways ({reading.example}), and neither or both of them "
        "give even steps; write them as 2024-01-31 to use them"
    )


def read_cells(cells: "pd.Series[str]") -> Reading:
    """The times in cells that are all written in one way, with or without a clock and a zone.

    Of the day and the month, where either may stand first, the order is taken that alone gives
    even steps.
    """
    n = len(cells)
    nothing: Micros = np.full(n, "NaT", "datetime64[us]")
    none = Reading(nothing, nothing, np.zeros(n, np.bool_))
    texts = cells.to_numpy(dtype=object)
    head = list(itertools.islice((k for k in range(n) if texts[k].strip()), _HEAD))
    likely = [k for k in head if not _NO_TIME.fullmatch(texts[k].strip())]
    if not likely or len(likely) <= len(head) / 2:
        return none
    plain = cells.str.strip().str.replace(r"\s+", " ", regex=True)
    plain = plain.str.replace(_WEEKDAY, "", regex=True)
    plain = plain.str.replace(_CTIME, r"\1 \4 \2\3", regex=True)
    parts = _split_clock(plain)
    first = parts["day"].iloc[likely]
    possible = [way for way in _DAYS if first.str.fullmatch(way).any()]
    most, fits = 0.5, list[Micros]()
    any_day = np.zeros(n, np.bool_)
    clock, offset = _read_clock(parts)
    for way in possible:
        days = _read_days(parts["day"], way)
        times = days.astype("datetime64[us]") + clock
        any_day |= ~np.isnat(times)
        share = float((~np.isnat(times)).mean())
        if share > most:
            most, fits = share, []
        if share == most:
            fits.append(times)
    unlike = [fits[0], *(f for f in fits[1:] if not _are_equal(fits[0], f))] if fits else []
    if len(unlike) > 1:
        even = [times for times in unlike if are_even(times - offset)]
        if len(even) != 1:
            twice = ~np.isnat(unlike[0]) & ~np.isnat(unlike[1]) & (unlike[0] != unlike[1])
            if not twice.any():
                # Written in two ways, and each cell in one of them.
                return Reading(nothing, nothing, any_day)
            row = int(np.flatnonzero(twice)[0])
            what = " or ".join(str(times[row].astype("datetime64[D]")) for times in unlike[:2])
            return Reading(nothing, nothing, any_day, f"{quote(str(cells.iloc[row]))} as {what}")
        unlike = even
    return Reading(unlike[0], unlike[0] - offset, any_day) if unlike else none


def are_even(times: Micros) -> bool:
    """Whether times, each counted once, are in nearly even steps; or nearly one for each day."""
    known = np.unique(times[~np.isnat(times)])
    if known.size < 3:
        return False
    between = np.diff(known).astype(np.int64)
    days = known.astype("datetime64[D]")
    if (days == known).all() and known.size >= DAILY * (1 + np.int64(days[-1] - days[0])):
        return True
    return bool(between.max() <= EVEN * np.median(between))


def _are_equal(one: Micros, other: Micros) -> bool:
    return bool(np.all((one == other) | (np.isnat(one) & np.isnat(other))))


def _split_clock(cells: "pd.Series[str]") -> "pd.DataFrame":
    """Columns `_CLOCK_PARTS` of text, NaN where a cell has none."""
    import pandas as pd

    parts = pd.DataFrame(index=cells.index, columns=list(_CLOCK_PARTS), dtype=object)
    parts["day"] = cells.astype(object)
    left = cells
    for way in _CLOCKED:
        # A clock needs a second group of digits: a cell without colon, T or M has none.
        left = left[left.str.fullmatch(way)]
        if len(left):
            found = left.str.extract(rf"^(?:{way.pattern})$")
            named = [name for name in _CLOCK_PARTS if name in found]
            parts.loc[left.index, named] = found[named].astype(object)
        left = cells[parts["hour"].isna()]
        if left.empty:
            break
    return parts


def _read_clock(parts: "pd.DataFrame") -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """(N,) microseconds since midnight, NaT for no clock that can be, and ahead of Greenwich."""
    n = len(parts)
    if parts["hour"].isna().all():
        zero = np.zeros(n, "timedelta64[us]")
        return zero, zero
    number = {name: _ints(parts[name], 0) for name in _MICROSECONDS}
    half = parts["half"].str.lower()
    good = (number["minute"] < 60) & (number["second"] < 60)
    with_half = half.notna().to_numpy(np.bool_)
    hour = number["hour"]
    good &= np.where(with_half, (hour >= 1) & (hour <= 12), hour <= 24)
    # 24:00 is the end of a day.
    good &= (hour < 24) | (number["minute"] + number["second"] == 0)
    number["hour"] = np.where(with_half, hour % 12 + 12 * (half == "p").to_numpy(np.bool_), hour)
    total = sum(number[name] * size for name, size in _MICROSECONDS.items())
    total = total + _ints(parts["fraction"].str.slice(0, 6).str.ljust(6, "0"), 0)
    clock = np.where(good, total, np.iinfo(np.int64).min).astype("timedelta64[us]")
    zones = {zone: _minutes_ahead(zone) for zone in parts["zone"].dropna().unique()}
    ahead = parts["zone"].map(zones).fillna(0).to_numpy(np.int64) * 60_000_000
    return clock, ahead.astype("timedelta64[us]")


def _minutes_ahead(zone: str) -> int:
    if zone in _ZONES:
        return _ZONES[zone]
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (-1 if zone[0] == "-" else 1) * (60 * int(digits[:2]) + int(digits[2:]))


def _read_days(days: "pd.Series[str]", way: re.Pattern[str]) -> npt.NDArray[np.datetime64]:
    """(N,) datetime64[D], NaT for what is no day of the calendar in this way."""
    found = days.str.extract(rf"(?i)^(?:{way.pattern})$")
    for name in ("q", "y"):
        if f"{name}2" in found:
            found[name] = found[name].fillna(found[f"{name}2"])
    y = _ints(found["y"], -1)
    short = found["y"].str.len().eq(2).to_numpy(np.bool_)
    # As POSIX has it: 69 to 99 are of the last century.
    y = np.where(short, y + np.where(y < 69, 2000, 1900), y)
    d = _ints(found["d"], 1) if "d" in found else np.ones(len(days), np.int64)
    if "w" in found:
        return _read_weeks(y, _ints(found["w"], 0), d)
    if "b" in found:
        m = found["b"].str.lower().map(_MONTHS).fillna(0).to_numpy(np.int64)
    elif "q" in found:
        m = 3 * _ints(found["q"], 0) - 2
    else:
        m = _ints(found["m"], 0)
    good = (y >= 0) & (m >= 1) & (m <= 12) & (d >= 1)
    months = np.where(good, 12 * (y - 1970) + m - 1, 0).astype("datetime64[M]")
    read = months.astype("datetime64[D]") + (d - 1)
    return np.where(
        good & (read.astype("datetime64[M]") == months), read, np.datetime64("NaT", "D")
    )


def _read_weeks(
    y: npt.NDArray[np.int64], w: npt.NDArray[np.int64], d: npt.NDArray[np.int64]
) -> npt.NDArray[np.datetime64]:
    """The days of the weeks of ISO 8601, of which the first holds January the 4th."""
    fourth = (np.where(y >= 0, y, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    # 1970-01-01 was a Thursday.
    monday = fourth - (fourth.astype(np.int64) + 3) % 7
    read = monday + 7 * (w - 1) + (d - 1)
    of_next = read - (read.astype(np.int64) + 3) % 7 + 3
    right = (y >= 0) & (w >= 1) & (of_next.astype("datetime64[Y]").astype(np.int64) + 1970 == y)
    return np.where(right, read, np.datetime64("NaT", "D"))


def _ints(texts: "pd.Series[str]", absent: int) -> npt.NDArray[np.int64]:
    import pandas as pd

    return pd.to_numeric(texts, errors="coerce").fillna(absent).to_numpy(np.int64)
