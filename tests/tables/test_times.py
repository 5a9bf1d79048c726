"""The ways to write a time, against strftime and the calendar."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from depthgauge.tables.times import ambiguous_days, are_even, read_cells

# Ways to write an hour, then a day, then a month: strftime's.
HOURS = (
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S UTC"),
    *("%Y%m%dT%H%M%S", "%Y%m%dT%H%MZ", "%Y-%m-%dT%H", "%Y%m%d%H%M", "%Y%m%d %H:%M"),
    *("%a %b %d %H:%M:%S %Y", "%d/%b/%Y:%H:%M:%S +0000", "%A, %B %d, %Y %I %p", "%d%b%Y:%H:%M:%S"),
    *("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S GMT", "%Y-%m-%d, %H.%M", "%Y/%m/%d %Hh%M"),
    "%Y-%m-%dT%H:%M:%S+00:00[Europe/London]",
)
DAYS = (
    "%d %B %Y",
    "%d-%B-%Y",
    "%B %d, %Y",
    "%b. %d, %Y",
    "%d%b%Y",
    "%Y-%b-%d",
    "%d.%m.%y",
    "%Y%m%d",
)
MONTHS = ("%B-%Y", "%b %Y", "%b-%y", "%YM%m", "%Y-M%m", "%Y/%m", "%m/%Y", "%Y %b", "%Y%m", "%Ym%m")


def read(cells):
    return read_cells(pd.Series(cells, dtype=str))


def written(way, times):
    return read([when.strftime(way) for when in times]).utc.astype(datetime).tolist()


@pytest.mark.parametrize("way", HOURS)
def test_hours(way):
    times = [datetime(2019, 9, 28, 22) + timedelta(hours=k) for k in range(200)]
    assert written(way, times) == times
    # As programs do that write no zeros before an hour.
    cells = [f"{when:%Y-%m-%d} {when.hour}:{when.minute:02}" for when in times]
    assert read(cells).utc.astype(datetime).tolist() == times


@pytest.mark.parametrize("way", DAYS)
def test_days(way):
    times = [datetime(2018, 1, 1) + timedelta(k) for k in range(400)]
    assert written(way, times) == times
    assert read([f"{when.strftime(way)}".upper() for when in times]).likely.all()


@pytest.mark.parametrize("way", MONTHS)
def test_months(way):
    times = [datetime(1990 + k // 12, k % 12 + 1, 1) for k in range(259)]
    assert written(way, times) == times


def test_quarters_and_weeks():
    for way in ("{0}Q{1}", "Q{1} {0}", "{0}-Q{1}", "{1}Q{0}", "{0}:q{1}"):
        cells = [way.format(1960 + k // 4, k % 4 + 1) for k in range(40)]
        expected = [datetime(1960 + k // 4, k % 4 * 3 + 1, 1) for k in range(40)]
        assert read(cells).utc.astype(datetime).tolist() == expected
    mondays = [datetime(2015, 1, 5) + timedelta(weeks=k) for k in range(400)]
    for way in ("%G-W%V", "%GW%V", "%G-W%V-%u"):
        assert written(way, mondays) == mondays


@pytest.mark.parametrize(
    "cells",
    [
        *(["567-98-9684", "212-55-1234"], ["2018-02-30"], ["2019-W53"], ["1960Q5"], ["1960M13"]),
        *(["192.168.1.1"], ["12:30:00"], ["3.10.2"], ["2019-10-01 25:00"], ["2019-10-01 13:00 PM"]),
        *(["201415"], ["room 3"], ["1.5"], [""], ["2019-10-01 10:61"], ["32 January 2018"]),
    ],
)
def test_what_has_the_shape_alone(cells):
    reading = read(cells)
    assert np.isnat(reading.utc).all()
    assert not reading.likely.any()
    assert not reading.is_ambiguous


def test_midnight_and_noon():
    cells = ["1/31/2020 12:00 AM", "1/31/2020 12:00 PM", "1/31/2020 11:59 p.m."]
    assert [when.hour for when in read(cells).utc.astype(datetime)] == [0, 12, 23]
    assert read(["2018-01-31T24:00"]).utc.astype(datetime).tolist() == [datetime(2018, 2, 1)]


def test_zones():
    cells = ["2019-10-27 02:30 CEST", "2019-10-27 02:30+01", "2019-10-27 02:30-0330"]
    reading = read(cells)
    assert [f"{when:%H:%M}" for when in reading.utc.astype(datetime)] == ["00:30", "01:30", "06:00"]
    assert len(set(reading.local)) == 1


@pytest.mark.parametrize("way", ["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y"])
@pytest.mark.parametrize("step", ["months", "quarters", "hours"])
def test_the_order_that_gives_even_steps(way, step):
    # Day and month are at most 12 in all of them.
    if step == "hours":
        times = [datetime(2019, 10, 1) + timedelta(hours=k) for k in range(260)]
        way += " %H:%M"
    else:
        months = {"months": 1, "quarters": 3}[step]
        times = [datetime(2000 + k * months // 12, k * months % 12 + 1, 1) for k in range(120)]
    assert written(way, times) == times
    # In whatever order the rows stand, and more than once.
    mixed = [times[k] for k in np.random.default_rng(0).permutation(len(times))] * 2
    assert written(way, mixed) == mixed


def test_what_cannot_be_told():
    # Neither is even.
    reading = read(["01/02/2020", "03/04/2020", "07/05/2020"])
    assert np.isnat(reading.utc).all()
    assert reading.likely.all()
    assert "'01/02/2020' as 2020-02-01 or 2020-01-02" in ambiguous_days(reading)
    # Both are.
    assert read([f"01/{month:02}/2020" for month in range(1, 13)]).is_ambiguous
    # The same day in both ways is no question.
    assert not read(["02/02/2020", "03/03/2020", "07/07/2020"]).is_ambiguous


def test_even_steps():
    days = np.arange("2020-01-01", "2020-06-01", dtype="datetime64[D]").astype("datetime64[us]")
    assert are_even(days)
    assert are_even(np.delete(days, range(20, 40)))
    assert not are_even(np.delete(days, range(20, 80)))
    assert not are_even(days[:2])
