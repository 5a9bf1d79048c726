"""Settings that are the same however they are written, and numbers that are no infinity."""

import numpy as np
import pandas as pd
import pytest

from depthgauge.comparison.values import alike, measured


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["0.1", "1e-1", "0.10", "auto"], ["0.1", "0.1", "0.1", "auto"]),
        (["100", "1e2", "100.0", None], ["100", "100", "100", None]),
        # More digits than a float has.
        ([str(10**17 + 1), str(10**17 + 2)], [str(10**17 + 1), str(10**17 + 2)]),
        (["nan", "inf", "1_000"], ["nan", "inf", "1_000"]),
    ],
)
def test_numbers_written_in_several_ways_are_one(written, read):
    assert alike(pd.Series(written, dtype=object)).tolist() == read


def test_what_has_no_variance_is_no_number():
    # 1.79e308 is what SQL stores of MLflow keep for an infinite value.
    found = measured(pd.Series([1.5, np.inf, -np.inf, np.nan, np.finfo(float).max, -2e200]))
    np.testing.assert_array_equal(found, [1.5, *[np.nan] * 5])
