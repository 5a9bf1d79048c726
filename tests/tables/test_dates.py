from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.tables.dates import parse_times, read_days, read_steps, sort_by_time
from depthgauge.tables.table import PLAIN, parse_table

WAYS = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%Y %H:%M"),
    *(
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%m/%d/%y",
        "%Y%m%d",
        "%b %d %Y",
        "%B %d, %Y",
        "%d-%b-%y",
        "%Y/%m/%d %H:%M:%S",
    ),
)


def table(*cells):
    text = "t,v\n" + "".join(f'"{cell}",1\n' for cell in cells)
    return parse_table("t.csv", text.encode(), PLAIN)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=20)
@given(
    start=st.dates(datetime(1970, 1, 1).date(), datetime(2060, 1, 1).date()),
    days=st.integers(31, 60),
)
def test_what_strftime_wrote_is_read(way, start, days):
    # A month or more, so that the day is told from the month.
    expected = [datetime(start.year, start.month, start.day) + timedelta(k) for k in range(days)]
    if "%y" in way:
        # No 29th: 1996 has one in February, 2046 has none.
        first = expected[0].replace(year=2000 + start.year % 50, day=min(start.day, 28))
        expected = [first, first.replace(day=28)]
    read = parse_times(pd.Series([when.strftime(way) for when in expected]))
    assert list(read) == expected


def test_day_or_month_first_is_not_guessed():
    assert parse_times(pd.Series(["01/02/2020", "03/04/2020"])).isna().all()
    assert parse_times(pd.Series(["01/02/2020", "13/04/2020"])).notna().all()
    # The same day in both ways is no question.
    assert parse_times(pd.Series(["02/02/2020", "03/03/2020"])).notna().all()


def test_a_zone():
    cells = pd.Series(["2020-03-29 00:00:00+01:00", "2020-03-30 00:00:00+02:00"])
    assert [when.hour for when in parse_times(cells)] == [23, 22]
    assert [when.hour for when in parse_times(cells, local=True)] == [0, 0]
    # The days in Berlin, over the change to summer time.
    assert [str(day) for day in read_days(table(*cells), "t")] == ["2020-03-29", "2020-03-30"]


def test_rows_are_sorted():
    mixed = sort_by_time(table("2020-01", "2019-12", "2020-02"), "t")
    assert list(mixed.cells["t"]) == ["2019-12", "2020-01", "2020-02"]
    assert mixed.lines == (3, 2, 4)
    assert np.all(np.diff(read_steps(mixed, "t")) > np.timedelta64(0))
    numbers = sort_by_time(table("10", "9", "9.5"), "t")
    assert list(read_steps(numbers, "t")) == [9, 9.5, 10]
    words = table("b", "a")
    assert sort_by_time(words, "t") is words


def test_one_time_twice():
    with pytest.raises(InputError, match="row 3, column 't': '2020-01' is already in row 2"):
        read_steps(table("2020-01", "2020-01", "2020-02"), "t")
    with pytest.raises(InputError, match="'soon' is neither a number nor a day"):
        read_steps(table("2020-01", "2020-02", "soon"), "t")


@pytest.mark.parametrize("way", ["%Y-%m-%d", "%d.%m.%Y", "%b %d %Y"])
@pytest.mark.parametrize("place", [0, 1, 39])
def test_one_bad_cell_is_the_one_that_is_named(way, place):
    start = datetime(2020, 1, 31)
    # The last first: a table with a bad cell is not sorted, and that is not its fault.
    cells = [(start - timedelta(k)).strftime(way) for k in range(40)]
    cells[place] = "n/a"
    written = sort_by_time(table(*cells), "t")
    with pytest.raises(InputError, match=f"row {place + 2}, column 't': 'n/a' is no day such as"):
        read_days(written, "t")
    with pytest.raises(InputError, match=f"row {place + 2}, column 't': 'n/a' is neither a numb"):
        read_steps(written, "t")
