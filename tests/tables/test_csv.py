import csv
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.tables.csv import check_beginning, name_columns, split_rows
from depthgauge.tables.table import PLAIN, parse_table, read_table

PATH = Path("table.csv")

# Line ends, quotes, commas and blanks are what a CSV reader can trip over.
cells = st.text(st.sampled_from('a1 ,"\n\r\t.;ä'), max_size=5)
headers = st.lists(st.text("abc", min_size=1), min_size=1, max_size=4, unique=True)


@given(headers, st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_the_csv_module_wrote_is_read(tmp_path_factory, header, data, end, quote_all):
    row = st.lists(cells, min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    # The csv module does not quote a lone "\r", though it reads it as the end of a line.
    assume(quote_all or not any("\r" in cell for row in rows for cell in row))
    sink = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(sink, lineterminator=end, quoting=quoting).writerows([header, *rows])
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    path.write_bytes(sink.getvalue().encode())
    table = read_table(path)
    assert table.columns == tuple(header)
    read = [list(row) for row in zip(*(table.cells[name] for name in header), strict=True)]
    assert read == rows


@given(st.text(st.sampled_from("a1,. \n\r\t;"), max_size=40))
def test_without_quotes_rows_are_those_of_the_csv_module(text):
    reader = csv.reader(io.StringIO(text, newline=""))
    expected = []
    while True:
        start = reader.line_num + 1
        record = next(reader, None)
        if record is None:
            break
        if record:
            expected.append((start, ",".join(record), len(record)))
    assume(expected)
    header = next((cells for _, text, cells in expected if text.strip()), 1)
    if header > 1:
        # Lines of spaces are no rows there.
        expected = [row for row in expected if row[2] > 1 or row[1].strip()]
    widths = {cells for _, _, cells in expected}
    if len(widths) > 1:
        with pytest.raises(InputError, match=r"^table.csv: row \d+: has \d+ cells; the header has"):
            split_rows(PATH, text, ",")
    else:
        assert [(row.line, row.text, row.cells) for row in split_rows(PATH, text, ",")] == expected


@pytest.mark.parametrize("text", ["Sales of 2020\na,b\n1,2\n3,4\n", "a,b\n0,1,2\n1,1,2\n"])
def test_a_header_unlike_its_rows_is_told_what_to_be(text):
    cells = text.split("\n")[-2].count(",") + 1
    with pytest.raises(InputError, match=rf"row 1: '.*'; it must name all {cells} columns: take"):
        split_rows(PATH, text, ",")
    # One row that is unlike the others is that row's fault.
    with pytest.raises(InputError, match=r"row 3: has 1 cells; the header has 2$"):
        split_rows(PATH, "a,b\n1,2\n3\n4,5\n", ",")


def test_a_column_without_a_name_is_called_by_its_place():
    assert name_columns(PATH, ["", " a ", "b", ""]) == ("column 1", "a", "b", "column 4")
    # What pandas writes of a frame and its index, and a separator at the end of each row.
    assert parse_table(PATH, b",a\n0,1.5\n1,2.5\n", PLAIN).columns == ("column 1", "a")
    table = parse_table(PATH, b"a,b,\n1,2,\n", PLAIN)
    assert table.columns == ("a", "b", "column 3")
    assert list(table.cells["column 3"]) == [""]


def test_refused_names():
    with pytest.raises(InputError, match="column 'a' occurs 3 times; give each a name"):
        name_columns(PATH, ["a", "b", "a", " a"])
    with pytest.raises(InputError, match="'column 1' occurs 2 times"):
        name_columns(PATH, ["", "column 1"])
    with pytest.raises(InputError, match="has no columns"):
        name_columns(PATH, [])


def _zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    return sink.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (_zip(), "a workbook or an archive; save the sheet as CSV"),
        (gzip.compress(b"a", mtime=0), "compressed; unpack it"),
        (lzma.compress(b"a"), "compressed; unpack it"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b'{"a": [1, 2]}', "JSON"),
        (b'\xef\xbb\xbf[\n  {"a": 1}]', "JSON"),
        (b"\n<!DOCTYPE HTML><html>", "HTML"),
        (b"SQLite format 3\x00", "a database"),
    ],
)
def test_other_files_are_called_by_their_name(data, what):
    with pytest.raises(InputError, match=f"^x.csv: is {what}"):
        check_beginning(Path("x.csv"), data)


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n", b"[x],{y}\n", b"{a: [b]},c\n", b"<5,>5\n", b"PK,b\n"]
)
def test_tables_are_none_of_them(data):
    check_beginning(Path("x.csv"), data)
