"""Rows that belong to sequences, in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.data.sequences import find_members, find_values, lay_out, sort_steps, take_values
from depthgauge.errors import InputError
from tests.data.make import make_table

ROWS = st.lists(
    st.tuples(st.sampled_from(["a2", "a10", "b", "7"]), st.integers(-5, 5)), min_size=1, unique=True
)


@given(ROWS, st.integers(1, 6))
def test_rows_are_laid_out_one_by_one(rows, length):
    """Against a loop over the sequences."""
    ids, steps = zip(*rows, strict=True)
    members = find_members(make_table({"id": ids, "t": steps}), "id")
    inputs = np.arange(2 * len(rows), dtype=np.float32).reshape(-1, 2)
    laid = lay_out(inputs, members, sort_steps(members, "t"), length)
    assert members.names == tuple(name for name in ("7", "a2", "a10", "b") if name in ids)
    assert members.lengths.tolist() == [ids.count(name) for name in members.names]
    for name, found in zip(members.names, laid, strict=True):
        own = sorted((step, row) for row, (of, step) in enumerate(rows) if of == name)
        last = [row for _, row in own[-length:]]
        np.testing.assert_array_equal(found[:, : len(last)], inputs[last].T)
        assert np.isnan(found[:, len(last) :]).all()


def test_times_sort_the_rows():
    when = ["2024-02-01", "2023-12-31", "2024-01-15"]
    members = find_members(make_table({"id": ["x"] * 3, "t": when}), "id")
    assert sort_steps(members, "t").tolist() == [1, 2, 0]


def test_a_value_may_stand_in_one_row_alone():
    table = make_table({"id": ["x", "y", "x", "y"], "v": ["", "5", "3", "5"]})
    members = find_members(table, "id")
    empty = np.array([True, False, False, False])
    assert find_values(members, "v", empty).tolist() == [2, 1]
    taken = take_values(members, "v", empty)
    assert taken.cells["v"].tolist() == ["3", "5"]
    assert taken.lines == (4, 3)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"id": ["x", "y", "x"], "t": [1, 1, 1], "v": "aaa"},
            "row 4, column 't': '1' is already in row 2; a sequence may have each step once (id ",
        ),
        (
            {"id": ["x", "y", "x"], "t": [1, 1, 2], "v": "aab"},
            "row 4, column 'v': is 'b', and 'a' in row 2; a sequence has one value there (id 'x')",
        ),
        (
            {"id": ["x", "y", "x"], "t": [1, 1, 2], "v": ["a", "", "a"]},
            "row 3, column 'v': is empty in every row of its sequence (id 'y')",
        ),
        ({"id": ["x", "", "x"], "t": [1, 1, 2], "v": "aaa"}, "row 3, column 'id': is empty"),
    ],
)
def test_what_is_said(columns, said):
    def look_at(table):
        members = find_members(table, "id")
        sort_steps(members, "t")
        take_values(members, "v", (table.cells["v"] == "").to_numpy())

    with pytest.raises(InputError) as caught:
        look_at(make_table(columns))
    assert str(caught.value).startswith(f"table.csv: {said}")
