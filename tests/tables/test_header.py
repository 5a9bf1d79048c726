from pathlib import Path

import pytest

from depthgauge.errors import InputError
from depthgauge.tables.header import column_names
from depthgauge.tables.table import PLAIN, table_of

PATH = Path("table.csv")


def test_a_column_without_a_name_is_called_by_its_place():
    assert column_names(PATH, ["", " a ", "b", ""]) == ("column 1", "a", "b", "column 4")
    # What pandas writes of a frame and its index, and a separator at the end of each row.
    assert table_of(PATH, b",a\n0,1.5\n1,2.5\n", PLAIN).columns == ("column 1", "a")
    table = table_of(PATH, b"a,b,\n1,2,\n", PLAIN)
    assert table.columns == ("a", "b", "column 3")
    assert list(table.cells["column 3"]) == [""]


def test_refused():
    with pytest.raises(InputError, match="column 'a' occurs 3 times; give each a name"):
        column_names(PATH, ["a", "b", "a", " a"])
    with pytest.raises(InputError, match="'column 1' occurs 2 times"):
        column_names(PATH, ["", "column 1"])
    with pytest.raises(InputError, match="has no columns"):
        column_names(PATH, [])
