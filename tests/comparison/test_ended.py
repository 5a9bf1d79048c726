"""What a tracker's column says of runs that crashed or run yet."""

import pandas as pd
import pytest

from depthgauge.comparison.group import group_runs
from depthgauge.comparison.runs import Asked, table_of_frame


def group(states, name, **asked):
    rows = [
        {"depth": depth, "seed": seed, "test_loss": depth + seed, name: state}
        for depth in range(2)
        for seed, state in enumerate(states)
    ]
    given = Asked(**asked)
    return group_runs(table_of_frame("runs", pd.DataFrame(rows), given), given)


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("State", ["finished", "crashed", "finished", "running"]),
        ("status", ["FINISHED", "FAILED", "FINISHED", "KILLED"]),
        ("sys/failed", [False, True, False, True]),
    ],
)
def test_runs_that_did_not_end_well_are_left_out_and_told(name, states):
    found = group(states, name)
    assert found.finite.tolist() == [2, 2]
    assert any(f"4 runs with {name}" in note for note in found.notes)
    assert group(states, name, ignore=[name]).finite.tolist() == [4, 4]


def test_a_column_that_would_leave_none_is_none_of_states():
    assert group(["crashed"] * 3, "State").finite.tolist() == [3, 3]


def test_places_of_a_table_are_no_states():
    assert group(["Texas", "Utah", "Ohio"], "state").finite.tolist() == [3, 3]
