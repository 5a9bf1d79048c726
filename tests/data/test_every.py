"""Steps of a series that are no days, against pandas' calendar."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.data.every import find_every, parse_every

WAYS = (
    *(
        ("1 second", "s"),
        ("15 minutes", "15min"),
        ("1 hour", "h"),
        ("6 hours", "6h"),
        ("1 day", "D"),
    ),
    *(
        ("1 week", "W"),
        ("1 month", "MS"),
        ("1 month", "ME"),
        ("3 months", "QS"),
        ("12 months", "YS"),
    ),
)


def times(freq, periods=200):
    return pd.date_range("2001-01-01", periods=periods, freq=freq).to_numpy("datetime64[us]")


@pytest.mark.parametrize(("every", "freq"), WAYS)
def test_the_step_is_found_and_counted(every, freq):
    whole = times(freq)
    kept = np.delete(np.arange(200), [5, 6, 90, *range(120, 150)])
    assert find_every(whole[kept]) == every
    step = parse_every(every)
    assert step.places(whole[kept]).tolist() == kept.tolist()
    # What a time is called is that time.
    if freq != "ME":
        named = [np.datetime64(step.name(whole[0], k).replace(" ", "T")) for k in kept]
        assert np.array_equal(np.array(named, "datetime64[us]"), whole[kept])


def test_no_step():
    uneven = times("h").copy()
    uneven[50] += np.timedelta64(7, "m")
    assert find_every(uneven) is None
    assert parse_every("1 hour").places(uneven)[50] == -1
    # Two rows in one month.
    twice = np.concatenate([times("MS", 30), [np.datetime64("2003-06-20", "us")]])
    assert find_every(twice) is None
