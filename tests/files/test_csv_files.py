import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.files.csv_files import read_table, write_table


@given(st.lists(st.floats(width=32) | st.none(), min_size=1))
def test_numbers_come_back_and_nothing_is_an_empty_cell(tmp_path_factory, values):
    path = tmp_path_factory.getbasetemp() / "table.csv"
    write_table(path, [{"row": k, "value": value} for k, value in enumerate(values)])
    for k, (row, value) in enumerate(zip(read_table(path), values, strict=True)):
        assert row["row"] == str(k)
        if value is None or math.isnan(value):
            assert row["value"] == ""
        else:
            # Nine digits hold every float32.
            assert float(row["value"]) == pytest.approx(value, rel=1e-8)


def test_words(tmp_path):
    rows = [{"a": 'quote " and, comma\nline', "b": True}, {"a": "é", "b": False}]
    write_table(tmp_path / "table.csv", rows)
    assert read_table(tmp_path / "table.csv") == [
        {"a": rows[0]["a"], "b": "true"},
        {"a": "é", "b": "false"},
    ]


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n", b"a,b\n1\n", b"a,b\n1,2,3\n", b'a,b\n"1,2\n', b"a,b\n\xff,2\n"]
)
def test_damaged(tmp_path, data):
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"table\.csv: is damaged; run `dvc repro`$"):
        read_table(path)


def test_missing(tmp_path):
    with pytest.raises(InputError, match=r"no such file; run `dvc repro`$"):
        read_table(tmp_path / "none.csv")
