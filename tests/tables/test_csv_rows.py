import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from depthgauge.errors import InputError
from depthgauge.tables.csv_rows import csv_rows
from depthgauge.tables.table import read_table

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
    widths = {cells for _, _, cells in expected}
    if len(widths) > 1:
        with pytest.raises(InputError, match=r"^table.csv: row \d+: has \d+ cells; the header has"):
            csv_rows(PATH, text, ",")
    else:
        assert [(row.line, row.text, row.cells) for row in csv_rows(PATH, text, ",")] == expected


@pytest.mark.parametrize("text", ["Sales of 2020\na,b\n1,2\n3,4\n", "a,b\n0,1,2\n1,1,2\n"])
def test_a_header_unlike_its_rows_is_told_what_to_be(text):
    cells = text.split("\n")[-2].count(",") + 1
    with pytest.raises(InputError, match=rf"row 1: '.*'; it must name all {cells} columns: take"):
        csv_rows(PATH, text, ",")
    # One row that is unlike the others is that row's fault.
    with pytest.raises(InputError, match=r"row 3: has 1 cells; the header has 2$"):
        csv_rows(PATH, "a,b\n1,2\n3\n4,5\n", ",")
